using System.Diagnostics.CodeAnalysis;
using Ringback.Engine.Notifications;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Engine.Callbacks;

/// <content>Closing, the longest wait, and the move to the next opening (rules D7, D8).</content>
internal sealed partial class CallbackQueue
{
    private OpeningCalendar calendar;

    /// <summary>Seconds until closing; 0 = closed, <see cref="int.MaxValue"/> = no closing within the calendar's horizon.</summary>
    public Answer<int> OpenFor(DateTimeOffset at)
    {
        if (calendar.NextOpening(at) is not { } opening || !opening.Contains(at)) return 0;
        return (int)Math.Min(Math.Ceiling((opening.End - at).TotalSeconds), int.MaxValue);
    }

    /// <summary>Puts the hours and the capacity of the settings in force. The slots are counted anew by whoever calls this.</summary>
    [MemberNotNull(nameof(calendar), nameof(grid))]
    private void UseHours()
    {
        calendar = OpeningCalendar.Of(settings.BusinessHours);
        grid = new SlotGrid(calendar, settings.Capacity.SlotMinutes);
        booked.Clear();
    }

    /// <summary>When a callback has waited for the longest time that the queue allows.</summary>
    private DateTimeOffset LongestAt(Callback callback) => callback.DesiredAt.AddSeconds(settings.MaxTimeInQueueSeconds);

    /// <summary>
    /// The closing that counts for a callback: the first one after it arrived, by the hours in force. It is worked out and not remembered, so that a closing
    /// during which nobody was awake counts as well, and one owner of the queue finds the same as the next.
    /// </summary>
    private DateTimeOffset ClosesAt(Callback callback) => calendar.NextOpening(callback.DesiredAt)?.End ?? DateTimeOffset.MaxValue;

    /// <summary>Until when a turn would find somebody there: closing, but for a desired time that new hours have closed, at which nobody is.</summary>
    private DateTimeOffset LastTurnBefore(Callback callback) =>
        callback.State == CallbackState.Scheduled && !calendar.IsOpen(callback.DesiredAt) ? callback.DesiredAt.AddMicroseconds(-1) : ClosesAt(callback);

    private DateTimeOffset PurgeAt(Callback callback) => LongestAt(callback) is var longest && ClosesAt(callback) is var closes && closes < longest ? closes : longest;

    /// <summary>Rule D7: the deadline has passed, by the clock and never on a forecast.</summary>
    private void EndWait(Callback callback, DateTimeOffset now)
    {
        if (ClosesAt(callback) <= LongestAt(callback)) EndWaitAtClosing(callback, ClosesAt(callback), now);
        else if (OpeningAfter(callback, LongestAt(callback), now) is { } at) MoveToOpening(callback, at, "MAX_WAIT", now);
        else Purge(callback, CompletionReason.MaxWait, "MAX_WAIT", now);
    }

    private void EndWaitAtClosing(Callback callback, DateTimeOffset closedAt, DateTimeOffset now)
    {
        if (OpeningAfter(callback, closedAt, now) is { } at) MoveToOpening(callback, at, "END_OF_BUSINESS", now);
        else Purge(callback, CompletionReason.EndOfBusiness, "END_OF_BUSINESS", now);
    }

    /// <summary>New hours that have the queue closed now are its closing.</summary>
    private void EndWaitsIfClosed(DateTimeOffset now)
    {
        if (calendar.IsOpen(now)) return;
        foreach (var callback in callbacks.Values.Where(c => c.State == CallbackState.Queued).ToList()) EndWaitAtClosing(callback, now, now);
    }

    /// <summary>The hours have changed since the desired time was agreed, and nobody is there.</summary>
    private void TurnAwayIfClosed(Callback callback, DateTimeOffset now)
    {
        if (!calendar.IsOpen(callback.DesiredAt) && !calendar.IsOpen(now)) EndWaitAtClosing(callback, now, now);
    }

    /// <summary>When the next attempt can be made: at the time asked for, or where that is past the deadline, in another opening. Null: not at all (rule D6).</summary>
    private DateTimeOffset? RetryTime(Callback callback, DateTimeOffset retryAt) =>
        retryAt < PurgeAt(callback) ? retryAt : OpeningAfter(callback, PurgeAt(callback), retryAt);

    private void ReturnAt(Callback callback, DateTimeOffset retryAt, DateTimeOffset nextAt, DateTimeOffset now)
    {
        if (retryAt < PurgeAt(callback)) Move(callback, CallbackState.Queued, c => c.ReturnsAt = retryAt);
        else MoveToOpening(callback, nextAt, "RETRY", now);
    }

    /// <summary>
    /// The first time with room, not before <paramref name="earliest"/>, in an opening that begins after the deadline. Null where the queue does not move
    /// callbacks, has moved this one often enough, or has no such time.
    /// </summary>
    private DateTimeOffset? OpeningAfter(Callback callback, DateTimeOffset deadline, DateTimeOffset earliest)
    {
        if (!settings.RescheduleOnPurge || callback.Reschedules >= settings.MaxReschedules) return null;
        if (calendar.Openings(earliest).FirstOrDefault(opening => opening.Start > deadline) is not { } next) return null;
        return FirstWithRoom(next.Start > earliest ? next.Start : earliest);
    }

    /// <summary>
    /// Keeps the callback, its id and its timeline for another opening: no CALLBACK_PURGED (rule B6), and no second UPCOMING (rule B1). Attempts that were made
    /// stay used up.
    /// </summary>
    private void MoveToOpening(Callback callback, DateTimeOffset at, string reason, DateTimeOffset now)
    {
        var before = callback.DesiredAt;
        if (reason != "RETRY") Withdraw(callback, PushDraft.PointlessOnceConnected);
        Move(callback, CallbackState.Scheduled, c =>
        {
            c.ArriveAnewAt(at);
            c.Reschedules++;
        });
        Note(callback, now, "rescheduled", ("reason", reason), ("from", before), ("to", at), ("times", callback.Reschedules), ("most", settings.MaxReschedules));
    }
}
