namespace Ringback.Server.Tests.Telemetry;

/// <summary>A story in which every figure of ours shows.</summary>
internal static class MetricsStory
{
    private const string Queue = "support";

    public static async Task PlayAsync(TestSite site)
    {
        await site.Home.CreateQueueAsync(Queue);
        await FinalAsync(site, "good-1");
        await site.SettleAsync();
        await FinalAsync(site, "internal-2");
        await site.SettleAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        await FinalAsync(site, "good-3");
        await site.AdvanceAsync(TimeSpan.FromSeconds(6));
    }

    private static async Task FinalAsync(TestSite site, string token)
    {
        await site.Home.CreateCallbackAsync(Queue, [token]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
    }
}
