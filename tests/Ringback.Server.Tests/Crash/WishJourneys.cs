using Ringback.Engine;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Crash;

/// <summary>The customer wants another time and hears nothing; the app sends the same again.</summary>
internal sealed class RescheduleJourney(ProcessSite site, string point) : CrashJourney(site, "reschedule", point)
{
    private readonly string desiredTime = WireTime.Of(TimeProvider.System.GetUtcNow().AddHours(1));

    public override bool DecidesPush => false;

    private object Body => new { id = Id, desiredTime };

    public override async Task ArrangeAsync()
    {
        await Client.AddQueueAsync(Queue, new { });
        await CreateAsync();
    }

    public override Task TriggerAsync() => Client.SendAsync(HttpMethod.Post, "engagement/v3/callbacks/reschedule", Body);

    public override async Task FinishAsync()
    {
        await Client.EngageAsync("callbacks/reschedule", Body);
        await Client.EngageAsync("callbacks/reschedule", Body);
        var status = await Client.RetrieveAsync(Id);
        Assert.Equal(("SCHEDULED", desiredTime), (status.GetProperty("callbackState").GetString(), status.GetProperty("desiredTime").GetString()));
        Assert.Equal(1, await CountAsync("rescheduled"));
    }
}

/// <summary>A customer whose callback waits calls, and the switch hears nothing. Whoever asks again finds the conversation begun, and its attempt on the timeline.</summary>
internal sealed class MergeJourney(ProcessSite site, string point) : CrashJourney(site, "merge", point)
{
    public override bool DecidesPush => false;

    private object Body => new { fromPhoneNumber = Phone, queue = Queue };

    public override async Task ArrangeAsync()
    {
        await Client.AddQueueAsync(Queue, new { });
        await CreateAsync();
    }

    public override Task TriggerAsync() => Client.SendAsync(HttpMethod.Post, "management/v1/call-in/match", Body);

    public override async Task FinishAsync()
    {
        var match = await Client.InsistAsync(HttpMethod.Post, "management/v1/call-in/match", Body);
        Assert.True(match.Status is 200 or 404, $"{match.Status}: {match.Body}");
        var merged = Assert.Single(await Client.TimelineAsync(Id), e => e.GetProperty("kind").GetString() == "callin.merged");
        var attemptId = merged.GetProperty("detail").GetProperty("attemptId").GetString()!;
        if (match.Status == 200) Assert.Equal(attemptId, match.Body.GetProperty("attemptId").GetString());
        Assert.Equal("PROCESSING", (await Client.RetrieveAsync(Id)).GetProperty("callbackState").GetString());
        await Client.OutcomeAsync(attemptId, "COMPLETED");
        await IsCompletedAsync("CONNECTED");
    }
}
