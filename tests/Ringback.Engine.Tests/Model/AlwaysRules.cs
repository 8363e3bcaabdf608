using System.Globalization;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Engine.Tests.Callbacks;

namespace Ringback.Engine.Tests.Model;

/// <summary>
/// Rules that hold whatever happens, read from what the engine has written alone: a fault that engine and reference model share would still be seen here.
/// </summary>
internal sealed class AlwaysRules(MemoryStore store)
{
    private static readonly CompletionReason[] purged = [CompletionReason.MaxWait, CompletionReason.EndOfBusiness, CompletionReason.ReadyExpired, CompletionReason.Administrator];
    private static readonly CompletionReason[] notReached = [CompletionReason.NotReached, CompletionReason.InvalidNumber, CompletionReason.TrunkError];

    private int pushesSeen;

    public void Check(CallbackQueue queue, DateTimeOffset now)
    {
        CheckAttempts();
        CheckOrder(queue, now);
        foreach (var pushes in store.Outbox.GroupBy(p => p.Row.Message.CallbackId)) CheckEvents(store.Callbacks[pushes.Key], [.. pushes]);
        foreach (var callback in store.Callbacks.Values) CheckEnd(callback);
        foreach (var push in store.Outbox.Skip(pushesSeen).Where(p => p.Row.Message.Event == PushEvents.Upcoming)) CheckUpcoming(push.Row.Message, now);
        pushesSeen = store.Outbox.Count;
    }

    private void CheckAttempts()
    {
        var open = store.Attempts.Values.Where(a => a.State != AttemptState.Ended).ToList();
        Demand(open.DistinctBy(a => a.CallbackId).Count() == open.Count, "two attempts of one callback are under way");
        var live = open.Where(a => a.State == AttemptState.Live).ToList();
        Demand(live.DistinctBy(a => a.Agent).Count() == live.Count, "an agent has two live attempts");
    }

    /// <summary>Those that stand in line are ranked 1…n by their sort key; live interactions ahead are the rest of the position.</summary>
    private void CheckOrder(CallbackQueue queue, DateTimeOffset now)
    {
        var rank = 0;
        foreach (var standing in store.Callbacks.Values.Where(c => c is { State: CallbackState.Queued, ReturnsAt: null }).OrderBy(c => c.SortKey).ThenBy(c => c.Id))
            Demand(queue.Retrieve(standing.Id, now).Value.Position - store.Live.LiveAhead(standing.LiveTicket) == ++rank, "the ranks of those in line are not 1…n by sort key");
    }

    private static void CheckEvents(CallbackRecord callback, List<StoredPush> stored)
    {
        var pushes = stored.ConvertAll(p => p.Row);
        int Count(string name) => pushes.Where(push => push.Message.Event == name).DistinctBy(push => push.Round).Count();
        Demand(Count(PushEvents.Upcoming) <= 1, "UPCOMING more than once");
        Demand(callback.Upcoming != UpcomingStatus.LowAtCreate || Count(PushEvents.Upcoming) == 0, "UPCOMING although the wait was low at create");
        Demand(stored.Where(p => p.Row.Message.Event == PushEvents.Ready).GroupBy(p => p.Callback.DesiredAt).All(turn => turn.DistinctBy(p => p.Row.Round).Count() <= 2), "a third READY for one desired time");
        Demand(pushes.DistinctBy(p => (p.Message.Event, p.Round, p.TargetOrdinal)).Count() == pushes.Count, "two notifications for one event, round and target");
        Demand(pushes.DistinctBy(p => p.Message.NotificationId).Count() == pushes.Count, "one notificationId for two notifications");
        Demand(pushes.DistinctBy(p => p.Message.Sequence).Count() == callback.EventSequence, "an event that no target gets");
        Demand(stored.GroupBy(p => p.Row.Message.Sequence).All(e => e.Select(p => p.Row.TargetOrdinal).Order().SequenceEqual(Enumerable.Range(0, e.First().Callback.TargetCount))), "an event that some targets do not get");
        Demand((Count(PushEvents.Purged) == 1) == (callback.Reason is { } why && purged.Contains(why)), "PURGED and the reason disagree");
        Demand((Count(PushEvents.FinalAttemptFailed) == 1) == (callback.Reason is { } end && notReached.Contains(end)), "FINAL and the reason disagree");
        Demand(callback.CompletedAt is not { } over || pushes.TrueForAll(p => p.Message.OccurredAt <= over), "an event after the end");
    }

    private void CheckEnd(CallbackRecord callback)
    {
        Demand((callback.State == CallbackState.Completed) == (callback.Reason is not null), "over without a reason, or a reason before the end");
        if (callback.Reason != CompletionReason.Cancelled) return;
        var after = store.Outbox.Where(p => p.Row.Message.CallbackId == callback.Id && p.Row.Message.OccurredAt >= callback.CompletedAt).ToList();
        Demand(after.TrueForAll(p => p.Fate != Fate.Waits), "a push that waits although the callback was cancelled");
    }

    /// <summary>B3, on the figures that the push itself carries.</summary>
    private void CheckUpcoming(PushMessage push, DateTimeOffset now)
    {
        var wait = int.Parse(push.Extra.Single(e => e.Key == "estimatedWaitSeconds").Value, CultureInfo.InvariantCulture);
        var callback = store.Callbacks[push.CallbackId];
        Demand(now.AddSeconds(wait - 1) < callback.DesiredAt.AddSeconds(store.Settings.MaxTimeInQueueSeconds), "UPCOMING although it will be purged first");
        Demand(wait <= store.Settings.PushNotificationThresholdMinutes * 60, "UPCOMING with a wait above the threshold");
    }

    private static void Demand(bool holds, string broken)
    {
        if (!holds) throw new BrokenRuleException($"A rule that always holds is broken: {broken}.");
    }
}
