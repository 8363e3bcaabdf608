using Ringback.Engine.Notifications;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <content>What happens by itself: one due queue for arrivals, returns, purges, leases and time-outs.</content>
internal sealed partial class CallbackQueue
{
    /// <summary>READY is repeated once; then the callback is purged (rule B4).</summary>
    private const int ReadyRounds = 2;

    /// <summary>So few are not worth looking for.</summary>
    private const int MostOldDates = 256;

    private readonly PriorityQueue<(Callback Callback, int Stamp), DateTimeOffset> due = new();

    /// <summary>When something happens by itself next, or null.</summary>
    public DateTimeOffset? NextDueAt
    {
        get
        {
            while (due.TryPeek(out var entry, out var at))
            {
                if (entry.Stamp == entry.Callback.DueStamp) return at;
                due.Dequeue();
            }
            return null;
        }
    }

    /// <summary>Dates that are kept, those that hold no more included.</summary>
    internal int DatesKept => due.Count;

    private void Schedule(Callback callback)
    {
        callback.DueStamp++;
        due.Enqueue((callback, callback.DueStamp), DueAt(callback));
        if (due.Count > MostOldDates + (2 * callbacks.Count)) ForgetOldDates();
    }

    /// <summary>A date that holds no more keeps its callback in memory until it comes, and that may take hours. Each time as many are thrown away as are kept, so it costs each date once.</summary>
    private void ForgetOldDates()
    {
        var holding = due.UnorderedItems.Where(date => date.Element.Stamp == date.Element.Callback.DueStamp).ToList();
        due.Clear();
        due.EnqueueRange(holding);
        due.TrimExcess();
    }

    private DateTimeOffset DueAt(Callback callback) => callback.State switch
    {
        // A scheduled callback can cross the threshold by the clock alone (B1): wake just after the first instant at which its wait is below it.
        CallbackState.Scheduled when callback.AwaitsUpcoming && !callback.ThresholdWakeDone && settings.Threshold > TimeSpan.Zero => callback.DesiredAt - settings.Threshold + TimeSpan.FromMicroseconds(1),
        CallbackState.Scheduled => callback.DesiredAt,
        CallbackState.Queued when callback.ReturnsAt is { } returns && returns < PurgeAt(callback) => returns,
        CallbackState.Queued => PurgeAt(callback),
        CallbackState.Routing when callback.ReadyEndsAt is { } ends => ends,
        CallbackState.Processing => callback.ProcessingSince!.Value.AddSeconds(settings.MaxProcessingSeconds),
        _ => AttemptDueAt(callback.Attempt),
    };

    private DateTimeOffset AttemptDueAt(AttemptRecord? attempt) => attempt switch
    {
        { State: AttemptState.Connected } => attempt.StartedAt.AddSeconds(settings.MaxProcessingSeconds),
        { State: AttemptState.Unknown } => attempt.LeaseEndsAt.AddSeconds(settings.UnknownOutcomeHoldSeconds),
        { } => attempt.LeaseEndsAt,
        null => DateTimeOffset.MaxValue,
    };

    // Step 3: what falls due by itself.
    private void HandleDue(DateTimeOffset now)
    {
        while (NextDueAt is { } at && at <= now) HandleDue(due.Dequeue().Callback, now);
    }

    private void HandleDue(Callback callback, DateTimeOffset now)
    {
        switch (callback.State)
        {
            case CallbackState.Scheduled when now < callback.DesiredAt:
                callback.ThresholdWakeDone = true;
                Schedule(callback);
                break;
            case CallbackState.Scheduled:
                Arrive(callback, now);
                break;
            case CallbackState.Queued when PurgeAt(callback) <= now:
                EndWait(callback, now);
                break;
            case CallbackState.Queued:
                Move(callback, CallbackState.Queued, c => c.ReturnsAt = null);
                Note(callback, now, "returned", ("position", PositionOf(callback)));
                break;
            case CallbackState.Routing when callback.ReadyEndsAt is not null:
                ExpireReady(callback, now);
                break;
            case CallbackState.Processing:
                EndAttempt(callback, callback.Attempt!, now);
                Complete(callback, CompletionReason.AssumedEnded, now);
                break;
            default:
                ExpireLease(callback, now);
                break;
        }
    }

    private void Arrive(Callback callback, DateTimeOffset now)
    {
        Move(callback, CallbackState.Queued, c => c.Place.LiveTicket = live.TicketForArrival);
        Note(callback, now, "arrived", ("position", PositionOf(callback)));
        TurnAwayIfClosed(callback, now);
    }

    /// <summary>Rule D7: at the deadline by the clock, never on a forecast; rule B6 tells the customer.</summary>
    private void Purge(Callback callback, CompletionReason reason, string wireReason, DateTimeOffset now)
    {
        Decide(callback, PushDraft.Purged(wireReason), now);
        Complete(callback, reason, now);
    }

    private void ExpireReady(Callback callback, DateTimeOffset now)
    {
        Note(callback, now, "ready.expired", ("round", callback.ReadyRound));
        if (callback.ReadyRound % ReadyRounds == 0) Purge(callback, CompletionReason.ReadyExpired, "READY_EXPIRED", now);
        else Move(callback, CallbackState.Queued, c => (c.ReadyEndsAt, c.CallIn) = (null, null));
    }

    /// <summary>Rule D5: an unknown outcome is never answered by dialling again. It is held, and a late outcome is still taken.</summary>
    private void ExpireLease(Callback callback, DateTimeOffset now)
    {
        var attempt = callback.Attempt!;
        if (attempt.State == AttemptState.Live)
        {
            Save(callback, attempt with { State = AttemptState.Unknown });
            Note(callback, now, "attempt.unknown", ("attempt", attempt.Number), ("heldUntil", AttemptDueAt(callback.Attempt)));
            Schedule(callback);
            return;
        }
        EndAttempt(callback, attempt, now);
        if (callback.State == CallbackState.Completed) Forget(callback);
        else Complete(callback, CompletionReason.OutcomeUnknown, now);
    }

    /// <summary>Rules B1 to B3, for those whom the last change may have brought below the threshold.</summary>
    private void JudgeUpcoming(DateTimeOffset now)
    {
        // Step 4: the event is decided, suppressed with its reason, or not due yet.
        var estimate = Estimate(settings.EwtMode);
        foreach (var (place, position) in line.WatchedBefore(estimate.PositionsBelow(settings.Threshold), live))
            JudgeUpcoming(callbacks[place.CallbackId], estimate.SecondsAt(position), position, now);

        if (scheduledWatched.Count == 0 || scheduledWatched.Min.DesiredAt - now >= settings.Threshold) return;
        foreach (var (desiredAt, id) in scheduledWatched.TakeWhile(s => s.DesiredAt - now < settings.Threshold).ToList())
        {
            var callback = callbacks[id];
            var position = 1 + line.Ahead(callback.Place) + live.InteractionsWaiting;
            JudgeUpcoming(callback, ScheduledWait(callback, estimate, position, now), position, now);
        }
    }

    private void JudgeUpcoming(Callback callback, double? waitSeconds, int position, DateTimeOffset now)
    {
        switch (NotificationRules.Upcoming(waitSeconds, settings.Threshold, now, LongestAt(callback), LastTurnBefore(callback)))
        {
            case UpcomingVerdict.Send:
                callback.Upcoming = UpcomingStatus.Decided;
                line.Watch(callback.Place, false);
                scheduledWatched.Remove((callback.DesiredAt, callback.Id));
                Decide(callback, PushDraft.Upcoming((int)Math.Round(waitSeconds!.Value), position, settings.Threshold), now);
                if (callback.State == CallbackState.Scheduled) Schedule(callback);
                break;
            case UpcomingVerdict.PurgedFirst when callback.Upcoming != UpcomingStatus.NoTime:
                Suppress("NO_TIME_BEFORE_PURGE", "purgeAt", LongestAt(callback));
                break;
            case UpcomingVerdict.ClosedFirst when callback.Upcoming != UpcomingStatus.NoTime:
                Suppress("NO_TIME_BEFORE_CLOSING", "closesAt", LastTurnBefore(callback));
                break;
            default:
                break;
        }

        void Suppress(string reason, string deadline, DateTimeOffset at)
        {
            callback.Upcoming = UpcomingStatus.NoTime;
            Note(callback, now, "push.suppressed", ("event", PushEvents.Upcoming), ("reason", reason),
                ("waitSeconds", Math.Round(waitSeconds!.Value)), ("position", position), (deadline, at));
        }
    }

    /// <summary>The wait of a scheduled callback is the larger of the time to its desired time and the wait in line (rule B1).</summary>
    private static double? ScheduledWait(Callback callback, WaitEstimate estimate, int position, DateTimeOffset now) =>
        estimate.SecondsAt(position) is { } inLine ? Math.Max(inLine, (callback.DesiredAt - now).TotalSeconds) : null;
}
