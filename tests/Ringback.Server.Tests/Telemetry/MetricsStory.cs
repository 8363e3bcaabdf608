namespace Ringback.Server.Tests.Telemetry;

/// <summary>A story in which every figure of ours shows.</summary>
internal static class MetricsStory
{
    private const string Queue = "support";

    public static async Task PlayAsync(TestSite site)
    {
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        await site.Home.FailForGoodAsync(Queue, "internal-2");
        await site.SettleAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        await site.Home.FailForGoodAsync(Queue, "good-3");
        await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(12));
        (await site.Home.ManageAsync(HttpMethod.Post, "delivery/pause", new { queue = Queue })).ExpectOk();
    }
}
