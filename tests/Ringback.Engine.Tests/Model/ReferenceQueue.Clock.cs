using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Tests.Model;

/// <content>What happens by itself (rules B4, B6, D5 to D7).</content>
internal sealed partial class ReferenceQueue
{
    /// <summary>The next instant after <paramref name="now"/> at which the clock alone may change something, or null.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset now) =>
        callbacks.Select(DueAt).Concat(callbacks.Select(CrossesAt)).Where(at => at > now).Min();

    private DateTimeOffset? DueAt(ReferenceCallback callback) => callback.State switch
    {
        CallbackState.Scheduled => callback.DesiredAt,
        CallbackState.Queued => callback.PausedUntil < PurgeAt(callback) ? callback.PausedUntil : PurgeAt(callback),
        CallbackState.Routing when callback.ReadyEndsAt is not null => callback.ReadyEndsAt,
        CallbackState.Processing => callback.ProcessingSince!.Value.AddSeconds(Settings.MaxProcessingSeconds),
        _ => AttemptDueAt(callback),
    };

    private DateTimeOffset? AttemptDueAt(ReferenceCallback callback) => OpenAttempt(callback) switch
    {
        { State: AttemptState.Live } live => live.LeaseEndsAt,
        { State: AttemptState.Unknown } held => held.LeaseEndsAt.AddSeconds(Settings.UnknownOutcomeHoldSeconds),
        { } speaking => speaking.StartedAt.AddSeconds(Settings.MaxProcessingSeconds),
        null => null,
    };

    /// <summary>B1: the clock alone takes a scheduled callback below the threshold; this is the first microsecond of that.</summary>
    private DateTimeOffset? CrossesAt(ReferenceCallback callback) =>
        callback.State == CallbackState.Scheduled && AwaitsUpcoming(callback) ? callback.DesiredAt.AddMinutes(-Settings.PushNotificationThresholdMinutes).AddMicroseconds(1) : null;

    private void HandleDue(DateTimeOffset now)
    {
        while (callbacks.Find(c => DueAt(c) <= now) is { } callback) HandleDue(callback, now);
    }

    private void HandleDue(ReferenceCallback callback, DateTimeOffset now)
    {
        switch (callback.State)
        {
            case CallbackState.Scheduled:
                (callback.State, callback.ReportsAtArrival) = (CallbackState.Queued, reports.Count);
                // The hours have changed since the time was agreed, and nobody is there.
                if (!IsOpen(callback.DesiredAt) && !IsOpen(now)) EndWait(callback, now, CompletionReason.EndOfBusiness, now);
                break;
            case CallbackState.Queued when PurgeAt(callback) <= now:
                if (ClosesAt(callback) <= LongestAt(callback)) EndWait(callback, ClosesAt(callback), CompletionReason.EndOfBusiness, now);
                else EndWait(callback, LongestAt(callback), CompletionReason.MaxWait, now);
                break;
            case CallbackState.Queued:
                callback.PausedUntil = null;
                break;
            case CallbackState.Routing when callback.ReadyEndsAt is not null:
                if (++callback.ReadyExpired == 2) Purge(callback, CompletionReason.ReadyExpired, now);
                else (callback.State, callback.ReadyEndsAt, callback.CallIn) = (CallbackState.Queued, null, null);
                break;
            case CallbackState.Processing:
                OpenAttempt(callback)!.State = AttemptState.Ended;
                End(callback, CompletionReason.AssumedEnded, now);
                break;
            default:
                ExpireAttempt(callback, OpenAttempt(callback)!, now);
                break;
        }
    }

    /// <summary>D5: an unknown outcome is held, and then the callback is over without a push.</summary>
    private static void ExpireAttempt(ReferenceCallback callback, ReferenceAttempt attempt, DateTimeOffset now)
    {
        if (attempt.State == AttemptState.Live)
        {
            attempt.State = AttemptState.Unknown;
            return;
        }
        attempt.State = AttemptState.Ended;
        if (!callback.IsOver) End(callback, CompletionReason.OutcomeUnknown, now);
    }

    private void Purge(ReferenceCallback callback, CompletionReason reason, DateTimeOffset now)
    {
        Decide(callback, PushEvents.Purged, 0, now);
        End(callback, reason, now);
    }

    private void Settle(DateTimeOffset now)
    {
        if (Settings.Type == QueueType.UserOriginated) OfferReady(now);
        else JudgeUpcoming(now);
    }
}
