using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Storage.Tests.Callbacks;

public abstract partial class CallbackStoreSuite : StoreSuite
{
    private static readonly Guid callback = Sample.Id(1);

    [Fact]
    public async Task A_queue_that_does_not_exist_activates_to_nothing() =>
        Assert.Null(await Site.Callbacks.ActivateAsync(new QueueKey(Site.Tenant, 77)));

    [Fact]
    public async Task A_new_queue_activates_empty_with_its_settings()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant, "support");
        var snapshot = (await Site.Callbacks.ActivateAsync(queue))!;
        Assert.Equal(("support", 1L, 1), (snapshot.Name, snapshot.Epoch, snapshot.SettingsVersion));
        Assert.Empty(snapshot.Callbacks);
        Assert.Equal(0, snapshot.Live.AgentsLoggedIn);
        Assert.Equal(2L, (await Site.Callbacks.ActivateAsync(queue))!.Epoch);
    }

    [Fact]
    public async Task Every_change_of_a_callback_is_there_again_after_a_restart()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var changed = Sample.FullCallback(callback);
        var attempt = Sample.Attempt(Sample.Id(2), callback, AttemptState.Connected) with
        {
            Number = 4,
            Outcome = AttemptOutcome.Connected,
            EndedAt = Site.Now.AddMinutes(9),
            Answer = new OutcomeAnswer(CallbackState.Completed, CompletionReason.NotReached, Site.Now.AddMinutes(7)),
        };
        var callIn = Sample.CallIn(Sample.Id(4), callback, minute: 1) with { MatchedAt = Site.Now.AddMinutes(2) };
        await Site.CommitAsync(queue,
            Sample.Created(callback), new Change.CallbackChanged(changed),
            new Change.AttemptSaved(attempt with { State = AttemptState.Live, Outcome = null, EndedAt = null, Answer = null }), new Change.AttemptSaved(attempt),
            new Change.CallInSaved(Sample.CallIn(Sample.Id(3), callback)), new Change.CallInSaved(callIn with { MatchedAt = null }), new Change.CallInSaved(callIn));

        await Site.ReopenAsync();

        var snapshot = (await Site.Callbacks.ActivateAsync(queue))!;
        Assert.Equal(changed, Assert.Single(snapshot.Callbacks));
        Assert.Equal(attempt, Assert.Single(snapshot.Attempts));
        Assert.Equal(callIn, Assert.Single(snapshot.CallIns));
    }

    [Fact]
    public async Task Settings_and_the_live_side_are_there_again_after_a_restart()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var settings = new QueueSettings { MaxAttempts = 7, PresentationByEvent = new Dictionary<string, Presentation> { [PushEvents.Ready] = Presentation.Data } };
        var report = new QueueReport
        {
            AgentsLoggedIn = 1,
            AgentsReady = 2,
            InteractionsWaiting = 3,
            MeanHandlingSeconds = 4.5,
            Departures = 2,
            ReportedEwtSeconds = 6.25,
            ReportId = "r1",
        };
        var live = new LiveState().After(report, Site.Now);
        await Site.CommitAsync(queue, new Change.SettingsChanged(settings, 2, "somebody", Site.Now), new Change.LiveStateChanged(live));

        await Site.ReopenAsync();

        var snapshot = (await Site.Callbacks.ActivateAsync(queue))!;
        Assert.Equal(2, snapshot.SettingsVersion);
        Assert.Equal(QueueSettingsJson.Write(settings), QueueSettingsJson.Write(snapshot.Settings));
        Assert.Equal(live with { RecentDepartures = [], RecentReportIds = [] }, snapshot.Live with { RecentDepartures = [], RecentReportIds = [] });
        Assert.Equal(live.RecentDepartures, snapshot.Live.RecentDepartures);
        Assert.Equal(live.RecentReportIds, snapshot.Live.RecentReportIds);
    }

    [Fact]
    public async Task What_a_create_request_said_can_be_read_without_the_owner()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant, "support");
        var details = new CallbackDetails { UserDataJson = """{"u":1}""", RoutePoint = "rp", SurveyRoutePoint = "srp", Priority = -3, ReportingJson = """{"r":2}""" };
        await Site.CommitAsync(queue, new Change.CallbackCreated(
            Sample.Callback(callback), details, [new PushTarget(PushTargetType.Fid, "fid-0"), new PushTarget(PushTargetType.Token, "token-1")]));

        Assert.Equal(new StoredCallback(queue, "support", Sample.Callback(callback)), await Site.Callbacks.FindAsync(Site.Tenant, callback));
        Assert.Equal(details, await Site.Callbacks.FindDetailsAsync(Site.Tenant, callback));
        Assert.Equal(["fid-0", "token-1"], await Site.Callbacks.FindAddressesAsync(Site.Tenant, callback));
        Assert.Null(await Site.Callbacks.FindAsync(Site.Tenant, Sample.Id(9)));
        Assert.Null(await Site.Callbacks.FindDetailsAsync(Site.Tenant, Sample.Id(9)));
    }

    [Fact]
    public async Task A_callback_that_is_over_is_loaded_only_while_an_attempt_may_still_be_reported_on()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        await Site.CommitAsync(queue,
            Sample.Created(Sample.Id(1), CallbackState.Completed),
            Sample.Created(Sample.Id(2), CallbackState.Completed), new Change.AttemptSaved(Sample.Attempt(Sample.Id(12), Sample.Id(2), AttemptState.Ended)),
            Sample.Created(Sample.Id(3), CallbackState.Completed), new Change.AttemptSaved(Sample.Attempt(Sample.Id(13), Sample.Id(3), AttemptState.Unknown)),
            Sample.Created(Sample.Id(4)));

        var snapshot = (await Site.Callbacks.ActivateAsync(queue))!;
        Assert.Equal([Sample.Id(3), Sample.Id(4)], snapshot.Callbacks.Select(c => c.Id).Order());
        Assert.Equal(Sample.Id(13), Assert.Single(snapshot.Attempts).Id);
    }

    [Fact]
    public async Task Only_queues_with_callbacks_that_are_not_over_have_work()
    {
        var busy = await Site.AddQueueAsync(Site.Tenant, "busy");
        var done = await Site.AddQueueAsync(Site.Tenant, "done");
        await Site.AddQueueAsync(Site.Tenant, "empty");
        var other = await Site.AddQueueAsync(Site.OtherTenant, "busy");
        await Site.CommitAsync(busy, Sample.Created(Sample.Id(1)));
        await Site.CommitAsync(done, Sample.Created(Sample.Id(2), CallbackState.Completed));
        await Site.CommitAsync(other, Sample.Created(Sample.Id(1), CallbackState.Scheduled));
        Assert.Equal([busy, other], await Site.Callbacks.QueuesWithWorkAsync());
    }

    [Fact]
    public async Task The_attempt_that_an_agent_holds_is_found_in_any_queue()
    {
        var first = await Site.AddQueueAsync(Site.Tenant, "first");
        var second = await Site.AddQueueAsync(Site.Tenant, "second");
        var ended = Sample.Attempt(Sample.Id(11), Sample.Id(1), AttemptState.Ended);
        var live = Sample.Attempt(Sample.Id(12), Sample.Id(2), AttemptState.Live);
        await Site.CommitAsync(first, Sample.Created(Sample.Id(1)), new Change.AttemptSaved(ended));
        await Site.CommitAsync(second, Sample.Created(Sample.Id(2)), new Change.AttemptSaved(live));

        Assert.Equal(new StoredAttempt(second, live), await Site.Callbacks.FindLiveAttemptAsync(Site.Tenant, "agent-1"));
        Assert.Null(await Site.Callbacks.FindLiveAttemptAsync(Site.Tenant, "agent-2"));
        Assert.Equal(new StoredAttempt(first, ended), await Site.Callbacks.FindAttemptAsync(Site.Tenant, ended.Id));
        Assert.Null(await Site.Callbacks.FindAttemptAsync(Site.Tenant, Sample.Id(13)));
    }
}
