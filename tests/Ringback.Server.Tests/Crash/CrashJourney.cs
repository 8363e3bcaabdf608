using Ringback.Engine;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Crash;

/// <summary>
/// A stretch of a callback's life with one change in it that a crash interrupts: set the scene, set off the change once, and, on a server that was started
/// again, carry it through as a careful client does.
/// </summary>
/// <param name="site">The site.</param>
/// <param name="kind">What is interrupted.</param>
/// <param name="point">Where. Each point has queues, targets and agents of its own, since one site serves them all.</param>
internal abstract class CrashJourney(ProcessSite site, string kind, string point)
{
    private readonly string queue = $"{kind}-{point}";

    protected const string Phone = "+14155550123";

    protected ProcessSite Site => site;

    protected ProcessSiteClient Client { get; } = site.Client();

    protected string Queue => queue;

    protected string Agent => $"agent of {queue}";

    /// <summary>Two phones, so that one push can be ahead of the other.</summary>
    protected IReadOnlyList<string> Targets { get; } = [$"{kind}-{point}-phone", $"{kind}-{point}-tablet"];

    /// <summary>Callbacks whose create was answered.</summary>
    public List<KnownCallback> Known { get; } = [];

    /// <summary>Whether the change decides a push; a change without one never reaches delivery's crash points.</summary>
    public virtual bool DecidesPush => true;

    /// <summary>Whether a server dies at the point within the journey.</summary>
    public bool PassesPoint => DecidesPush || point is CrashPoints.BeforeCommit or CrashPoints.DuringCommit or CrashPoints.AfterCommit;

    /// <summary>Whether nothing can have been set off before the point was armed. Only a clock that ran on can make it false; then the scene is set again.</summary>
    public virtual bool IsArmedInTime => true;

    public abstract Task ArrangeAsync();

    /// <summary>One request, answered or not.</summary>
    public abstract Task TriggerAsync();

    public abstract Task FinishAsync();

    public override string ToString() => GetType().Name;

    protected Guid Id => Known[^1].Id;

    protected async Task CreateAsync() => Known.Add(await Client.CreateAsync(queue, Phone, Targets));

    protected Task ArrivedAsync(string pushEvent) => site.ArrivedAsync(pushEvent, Id, Targets);

    protected async Task<int> CountAsync(string kind) => (await Client.TimelineAsync(Id)).Count(e => e.GetProperty("kind").GetString() == kind);

    protected async Task IsCompletedAsync(string reason)
    {
        var status = await Client.RetrieveAsync(Id);
        Assert.Equal(("COMPLETED", reason), (status.GetProperty("callbackState").GetString(), status.GetProperty("callbackReason").GetString()));
    }
}

/// <summary>A create request is cut off; the app sends it again.</summary>
internal sealed class CreateJourney(ProcessSite site, string point) : CrashJourney(site, "create", point)
{
    public override bool DecidesPush => false;

    public override Task ArrangeAsync() => Client.AddQueueAsync(Queue, new { });

    public override Task TriggerAsync() => Client.SendAsync(HttpMethod.Post, "engagement/v3/callbacks/create", ProcessSiteClient.CreateBody(Queue, Phone, Targets));

    public override async Task FinishAsync()
    {
        await CreateAsync();
        await CreateAsync();
        Assert.Equal(Known[0].Id, Known[1].Id);
        Assert.Equal(1, await CountAsync("created"));
    }
}

/// <summary>A report brings a callback below the threshold: CALLBACK_UPCOMING.</summary>
internal sealed class UpcomingJourney(ProcessSite site, string point) : CrashJourney(site, "upcoming", point)
{
    public override async Task ArrangeAsync()
    {
        await Client.AddQueueAsync(Queue, new { });
        await Client.ReportAsync(Queue, waiting: 12, ready: 0, departures: 0, "busy");
        await CreateAsync();
    }

    public override Task TriggerAsync() => Client.SendAsync(HttpMethod.Put, $"management/v1/queues/{Queue}/state", ProcessSiteClient.ReportBody(1, 0, 11, "calm"));

    public override async Task FinishAsync()
    {
        await Client.ReportAsync(Queue, waiting: 1, ready: 0, departures: 11, "calm");
        await ArrivedAsync(PushEvents.Upcoming);
        Assert.Equal(2, (await Client.RetrieveAsync(Id)).GetProperty("positionInQueue").GetInt32());
    }
}

/// <summary>An agent asks for work and hears nothing; the same agent asks again.</summary>
internal sealed class NextJourney(ProcessSite site, string point) : CrashJourney(site, "next", point)
{
    public override bool DecidesPush => false;

    public override async Task ArrangeAsync()
    {
        await Client.AddQueueAsync(Queue, new { });
        await CreateAsync();
    }

    public override Task TriggerAsync() => Client.SendAsync(HttpMethod.Post, $"management/v1/queues/{Queue}/next", new { agent = Agent });

    public override async Task FinishAsync()
    {
        var attempt = await Client.NextAsync(Queue, Agent);
        Assert.Equal((Id, 1), (attempt.GetProperty("callbackId").GetGuid(), attempt.GetProperty("attempt").GetInt32()));
        Assert.Equal(1, await CountAsync("attempt.started"));
        await Client.OutcomeAsync(attempt.GetProperty("attemptId").GetString()!, "COMPLETED");
        await IsCompletedAsync("CONNECTED");
    }
}

/// <summary>An attempt that did not connect: CALLBACK_ATTEMPT_FAILED, and after the second one CALLBACK_FINAL_ATTEMPT_FAILED.</summary>
internal sealed class AttemptFailedJourney(ProcessSite site, string point) : CrashJourney(site, "attempt", point)
{
    private string attemptId = "";

    public override async Task ArrangeAsync()
    {
        // The push outlives the pause, so that the restart does not make it expire.
        var timeToLiveSeconds = new Dictionary<string, int> { [PushEvents.AttemptFailed] = 600 };
        await Client.AddQueueAsync(Queue, new { maxAttempts = 2, retrySeconds = new { noAnswer = 1 }, timeToLiveSeconds });
        await CreateAsync();
        attemptId = (await Client.NextAsync(Queue, Agent)).GetProperty("attemptId").GetString()!;
    }

    public override Task TriggerAsync() => Client.SendAsync(HttpMethod.Post, $"management/v1/attempts/{attemptId}/outcome", new { outcome = "NO_ANSWER" });

    public override async Task FinishAsync()
    {
        var answer = await Client.OutcomeAsync(attemptId, "NO_ANSWER");
        Assert.Equal("QUEUED", answer.GetProperty("callbackState").GetString());
        await ArrivedAsync(PushEvents.AttemptFailed);
        var second = await Client.NextAsync(Queue, Agent);
        Assert.Equal((Id, 2), (second.GetProperty("callbackId").GetGuid(), second.GetProperty("attempt").GetInt32()));
        await Client.OutcomeAsync(second.GetProperty("attemptId").GetString()!, "NO_ANSWER");
        await ArrivedAsync(PushEvents.FinalAttemptFailed);
        Assert.Equal(2, await CountAsync("attempt.outcome"));
        await IsCompletedAsync("NOT_REACHED");
    }
}

/// <summary>Nobody asks: the clock purges. CALLBACK_PURGED.</summary>
internal sealed class PurgeJourney(ProcessSite site, string point) : CrashJourney(site, "purge", point)
{
    private int maxTimeInQueueSeconds = 1;
    private long createdAfter;

    public override bool IsArmedInTime => TimeProvider.System.GetElapsedTime(createdAfter) < TimeSpan.FromSeconds(maxTimeInQueueSeconds);

    public override async Task ArrangeAsync()
    {
        if (Known.Count == 0) await Client.AddQueueAsync(Queue, new { });
        else await ArrivedAsync(PushEvents.Purged); // The machine was too slow for the time before; it needs more.
        maxTimeInQueueSeconds *= 2;
        await Client.ManageAsync(HttpMethod.Patch, $"settings/queues/{Queue}", new { maxTimeInQueueSeconds });
        createdAfter = TimeProvider.System.GetTimestamp();
        await CreateAsync();
    }

    public override Task TriggerAsync() => Task.CompletedTask;

    public override async Task FinishAsync()
    {
        await ArrivedAsync(PushEvents.Purged);
        Assert.Equal(1, await CountAsync("completed"));
        await IsCompletedAsync("MAX_WAIT");
    }
}

/// <summary>An agent becomes free: CALLBACK_READY.</summary>
internal sealed class ReadyJourney(ProcessSite site, string point) : CrashJourney(site, "ready", point)
{
    public override async Task ArrangeAsync()
    {
        await Client.AddQueueAsync(Queue, new { type = "USERORIGINATED", callInGroup = ProcessSite.CallInGroup });
        await Client.ReportAsync(Queue, waiting: 0, ready: 0, departures: 0, "busy");
        await CreateAsync();
    }

    public override Task TriggerAsync() => Client.SendAsync(HttpMethod.Put, $"management/v1/queues/{Queue}/state", ProcessSiteClient.ReportBody(0, 1, 0, "free"));

    public override async Task FinishAsync()
    {
        await Client.ReportAsync(Queue, waiting: 0, ready: 1, departures: 0, "free");
        await ArrivedAsync(PushEvents.Ready);
        Assert.Equal(1, await CountAsync("ready"));
    }
}

/// <summary>The customer accepts: CALLBACK_CALL_IN, and the call that follows.</summary>
internal sealed class CallInJourney(ProcessSite site, string point) : CrashJourney(site, "call-in", point)
{
    private object Body => new { groupName = ProcessSite.CallInGroup, callbackServiceId = Id };

    public override async Task ArrangeAsync()
    {
        await Client.AddQueueAsync(Queue, new { type = "USERORIGINATED", callInGroup = ProcessSite.CallInGroup });
        await CreateAsync();
        await Client.ReportAsync(Queue, waiting: 0, ready: 1, departures: 0, "free");
        await ArrivedAsync(PushEvents.Ready);
    }

    public override Task TriggerAsync() => Client.SendAsync(HttpMethod.Post, "engagement/v3/call-in/requests/create", Body);

    public override async Task FinishAsync()
    {
        var given = await Client.EngageAsync("call-in/requests/create", Body);
        var again = await Client.EngageAsync("call-in/requests/create", Body);
        Assert.Equal(given.GetProperty("id").GetGuid(), again.GetProperty("id").GetGuid());
        await ArrivedAsync(PushEvents.CallIn);
        var match = await Client.ManageAsync(HttpMethod.Post, "call-in/match", new { accessCode = given.GetProperty("accessCode").GetString() });
        Assert.Equal(Id, match.GetProperty("callbackId").GetGuid());
        await Client.OutcomeAsync(match.GetProperty("attemptId").GetString()!, "COMPLETED");
        Assert.Equal("COMPLETED", (await Client.RetrieveAsync(Id)).GetProperty("callbackState").GetString());
    }
}
