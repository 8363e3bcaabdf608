using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Callbacks;

/// <summary>A report that brings very many callbacks below the threshold is committed in parts, through the owner of the queue: what is written when, and what an owner makes of the half of it (rule B1).</summary>
public sealed class GroupCommitTests : IDisposable
{
    private const int Callbacks = 2_000;

    /// <summary>Of each callback its state, a line of its timeline and a push change.</summary>
    private const int Parts = Callbacks * 3 / ChangeParts.Most;

    private static readonly QueueKey key = new(new TenantId(1), 1);
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingStore store = new(new QueueSettings { PushNotificationThresholdMinutes = 10, MaxCreatesPerMinute = 10 * Callbacks });
    private readonly List<Exception> lost = [];

    public void Dispose() => store.Dispose();

    [Fact, Trait("Rule", "B1")]
    public async Task A_flood_is_committed_in_parts_each_callback_in_one_of_them_and_answered_after_the_last()
    {
        using var owner = await FloodedAsync();
        store.Hold();
        var report = ReportLowAsync(owner);
        // One after the other, up to the last.
        for (var commits = 1; commits < Parts; commits++)
        {
            await UntilAsync(() => store.Asked == commits);
            store.Let(1);
        }
        await UntilAsync(() => store.Asked == Parts);
        Assert.InRange(Decided(), Callbacks / 2, Callbacks - 1);
        Assert.False(report.IsCompleted, "answered before everything was written");
        store.Let(10);
        Assert.Null((await report).Fault);

        Assert.Equal(Callbacks, Decided());
        Assert.Equal(Parts, store.Commits.Count);
        // The last callback of a part is written whole.
        Assert.All(store.Commits, commit => Assert.InRange(commit.Count, 1, ChangeParts.Most + 5));
        Assert.All(PartsOfCallbacks(), parts => Assert.Single(parts.Distinct()));
        Assert.Contains(store.Commits[0], change => change is Change.LiveStateChanged);
    }

    [Fact, Trait("Rule", "B1")]
    public async Task Where_the_store_fails_at_a_part_the_answer_is_503_and_the_next_owner_decides_the_rest_once()
    {
        using var owner = await FloodedAsync();
        store.Fault = (number, _) => number == 3 ? new StorageException("refused by the test", outcomeUnknown: false, null) : null;
        Assert.Same(Problems.StorageUnavailable, (await ReportLowAsync(owner)).Fault!.Problem);
        Assert.Single(lost);
        Assert.Equal(2, store.Commits.Count);
        Assert.InRange(Decided(), 1, Callbacks - 1);
        Assert.Same(Problems.StorageUnavailable, (await owner.EstimateAsync(null)).Fault!.Problem);

        // The store takes no second row of an event for a target.
        store.Fault = (_, _) => null;
        using var next = await ActivateAsync();
        Assert.Null((await next.EstimateAsync(null)).Fault);
        Assert.Equal(Callbacks, Decided());
        Assert.Equal(Callbacks, store.Memory.Outbox.Count);
    }

    [Fact, Trait("Rule", "D5")]
    public async Task An_attempt_that_is_taken_back_while_parts_wait_is_committed_as_undone_together_with_all_of_them()
    {
        using var owner = await FloodedAsync();
        store.Hold();
        store.Fault = (number, changes) => number == 1 ? new AgentsHeldException(key, [new HeldAttempt(Live(changes).Single().Id, IsNew: true)]) : null;
        var next = owner.NextAsync("agent", TimeSpan.Zero, TestContext.Current.CancellationToken);
        await UntilAsync(() => store.Asked == 1);
        var report = ReportLowAsync(owner);
        store.Let(20);

        Assert.Equal((null, null), await next is var offer ? (offer.Fault, offer.Value) : default);
        Assert.Null((await report).Fault);
        var commit = Assert.Single(store.Commits);
        Assert.Empty(Live(commit));
        Assert.DoesNotContain(store.Memory.Attempts.Values, attempt => attempt.State == AttemptState.Live);
        Assert.All(store.Memory.Callbacks.Values, callback => Assert.Equal(CallbackState.Queued, callback.State));
        Assert.Equal(Callbacks, Decided());
        Assert.Empty(lost);
    }

    /// <summary>An owner whose callbacks all wait for longer than the threshold.</summary>
    private async Task<QueueOwner> FloodedAsync()
    {
        var owner = await ActivateAsync();
        await owner.ReportAsync(new QueueReport { AgentsLoggedIn = 1, AgentsReady = 0, InteractionsWaiting = 0, MeanHandlingSeconds = 3_600, Departures = 0 });
        var created = await Task.WhenAll(Enumerable.Range(0, Callbacks).Select(i => owner.CreateAsync(new NewCallback
        {
            PhoneNumber = string.Create(CultureInfo.InvariantCulture, $"+1415{i:0000000}"),
            Targets = [new PushTarget(PushTargetType.Token, $"phone-{i}")],
            Details = new CallbackDetails(),
        })));
        Assert.All(created, answer => Assert.Null(answer.Fault));
        Assert.Empty(store.Memory.Outbox);
        store.Forget();
        return owner;
    }

    /// <summary>Hardly anybody waits any more. An answer that never comes is a failure, and no test that hangs.</summary>
    private static Task<Answer<ArrivalEstimate>> ReportLowAsync(QueueOwner owner) =>
        owner.ReportAsync(new QueueReport { AgentsLoggedIn = 1_000, AgentsReady = 0, InteractionsWaiting = 0, MeanHandlingSeconds = 1, Departures = 0 })
            .WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

    private async Task<QueueOwner> ActivateAsync() => (await QueueOwner.ActivateAsync(key, store, new DeliveryHandover(0), clock, (_, why) => lost.Add(why)))!;

    private int Decided() => store.Memory.Outbox.Where(push => push.Row.Message.Event == PushEvents.Upcoming).Select(push => push.Row.Message.CallbackId).Distinct().Count();

    private static IEnumerable<AttemptRecord> Live(IReadOnlyList<Change> changes) => changes.OfType<Change.AttemptSaved>().Select(saved => saved.Attempt).Where(attempt => attempt.State == AttemptState.Live);

    /// <summary>For each callback the numbers of the commits that its changes are in.</summary>
    private IEnumerable<IEnumerable<int>> PartsOfCallbacks() => store.Commits
        .SelectMany((commit, number) => commit.Select(change => (Callback: CallbackOf(change), Number: number)))
        .Where(part => part.Callback is not null)
        .GroupBy(part => part.Callback, part => part.Number);

    private static Guid? CallbackOf(Change change) => change switch
    {
        Change.CallbackChanged changed => changed.Callback.Id,
        Change.TimelineAdded added => added.CallbackId,
        Change.PushDecided decided => decided.Row.Message.CallbackId,
        Change.LiveStateChanged => null,
        var other => throw new InvalidOperationException($"A report makes no {other.GetType().Name}."),
    };

    /// <summary>Waits in real time for what the owner does on other threads.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            if (i == 1_000) throw new TimeoutException("It has not happened within 10 s.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
