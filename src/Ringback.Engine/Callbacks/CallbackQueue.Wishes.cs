using Ringback.Engine.Delivery;
using Ringback.Engine.Notifications;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <content>What the customer wants of a callback that is not over, and how a supervisor ends one (rules D1, D2, D7).</content>
internal sealed partial class CallbackQueue
{
    /// <summary>An event that speaks of the old time is worth nothing once the callback waits for another.</summary>
    private static readonly IReadOnlyList<string> pointlessOnceSnoozed = [PushEvents.Upcoming];

    /// <summary>The customer is there. Noted once for each owner of the queue; nothing else changes.</summary>
    public Answer<Guid> Confirm(Guid callbackId, DateTimeOffset now)
    {
        if (Find(callbackId) is not { } callback) return NotHere;
        if (callback.State is CallbackState.Processing or CallbackState.Completed) return TooLateTo("confirm", callback);
        if (callback.Confirmed) return callbackId;
        callback.Confirmed = true;
        Note(callback, now, "confirmed", ("state", callback.State), ("position", callback.State == CallbackState.Queued ? PositionOf(callback) : null));
        return callbackId;
    }

    /// <summary>
    /// The callback is passed over for a while and returns to its place, which it keeps. A pause that is under way is never cut short: sending a snooze again,
    /// or one within the pause before a retry, makes the later end count.
    /// </summary>
    public Answer<DateTimeOffset> Snooze(Guid callbackId, TimeSpan pause, DateTimeOffset now)
    {
        if (Find(callbackId) is not { } callback) return NotHere;
        if (callback.State != CallbackState.Queued) return TooLateTo("snooze", callback);
        var until = now + pause;
        if (callback.ReturnsAt is { } returns && returns >= until) return returns;
        if (until >= PurgeAt(callback))
            return Problems.InvalidParameters.With($"minutes reaches beyond {WireTime.Of(PurgeAt(callback))}, when the wait of this callback ends. Snooze for less, or reschedule.");
        Withdraw(callback, pointlessOnceSnoozed);
        Move(callback, CallbackState.Queued, c => c.ReturnsAt = until);
        Note(callback, now, "snoozed", ("until", until));
        return until;
    }

    /// <summary>
    /// Keeps the id and counts place and longest wait from another time. What was decided about UPCOMING stays decided (rule B1), attempts stay used up, and
    /// unsent pushes about the old turn are withdrawn.
    /// </summary>
    public Answer<DateTimeOffset> Reschedule(Guid callbackId, DateTimeOffset desired, DateTimeOffset now)
    {
        if (Find(callbackId) is not { } callback) return NotHere;
        if (callback.State is not (CallbackState.Scheduled or CallbackState.Queued) && !IsReady(callback)) return TooLateTo("reschedule", callback);
        if (!settings.ScheduledEnabled) return Problems.CallbackNotAllowed.With("This queue takes no scheduled callbacks, so none can be moved to another time.");
        if (callback.State == CallbackState.Scheduled && callback.DesiredAt == desired) return desired;

        // The callback may stay in its own slot, however full that is.
        CountInSlot(callback, -1);
        var time = TimeFor(desired, alwaysCheckCapacity: false, now);
        CountInSlot(callback, 1);
        if (time.Fault is { } notThen) return notThen;

        var before = callback.DesiredAt;
        Withdraw(callback, PushDraft.PointlessOnceConnected);
        EndCallInData(callback, now);
        // A READY that is given up has not run out (rule B4): its round is followed by one of the same parity, which ExpireReady goes by.
        if (IsReady(callback)) callback.ReadyRound++;
        Move(callback, CallbackState.Scheduled, c => c.ArriveAnewAt(time.Value));
        Note(callback, now, "rescheduled", ("reason", "CUSTOMER"), ("from", before), ("to", time.Value));
        if (time.Value != desired) Note(callback, now, "slot.moved", ("from", desired), ("to", time.Value));
        return time.Value;
    }

    /// <summary>
    /// Gives the callback other push targets. Each slot is one ordinal of the outbox: what was not sent yet to a slot goes to the slot's new target under the
    /// same notificationId, and what was for a slot that is empty now is withdrawn.
    /// </summary>
    public Answer<Guid> ReplaceTargets(Guid callbackId, IReadOnlyList<PushTarget?> slots, DateTimeOffset now)
    {
        if (Find(callbackId) is not { } callback) return NotHere;
        if (callback.State == CallbackState.Completed) return TooLateTo("change the push targets of", callback);
        if (callback.TargetCount == 0)
            return Problems.CallbackStateConflict.With("The create request named no push target, so this callback has no pushes. Cancel it and create another one.");
        var filled = slots.Count >= callback.TargetCount ? slots : [.. slots, .. Enumerable.Repeat<PushTarget?>(null, callback.TargetCount - slots.Count)];
        var before = callback.TargetCount;
        callback.TargetCount = filled.Count;
        effects.Add(new Change.TargetsReplaced(callbackId, filled));
        Note(callback, now, "targets.replaced", ("targets", filled.Count(t => t is not null)), ("slotsBefore", before), ("slots", filled.Count));
        return callbackId;
    }

    /// <summary>A supervisor ends a callback: silently like the customer, or as a purge with its push (rule D7). ROUTING and PROCESSING are not purged.</summary>
    public Answer<Guid> EndBySupervisor(Guid callbackId, bool purge, string by, DateTimeOffset now)
    {
        if (Find(callbackId) is not { } callback) return NotHere;
        if (purge && callback.State is not (CallbackState.Scheduled or CallbackState.Queued))
            return Problems.CallbackStateConflict.With($"The callback is {callback.State.Wire()}; only SCHEDULED and QUEUED ones are purged. Cancel it instead while it is ROUTING.");
        if (callback.State is CallbackState.Processing or CallbackState.Completed) return TooLateTo("cancel", callback);
        Note(callback, now, purge ? "purged.by_supervisor" : "cancelled.by_supervisor", ("by", by));
        if (!purge) return Cancel(callbackId, now);
        Purge(callback, CompletionReason.Administrator, "ADMINISTRATOR", now);
        return callbackId;
    }

    private static bool IsReady(Callback callback) => callback is { State: CallbackState.Routing, ReadyEndsAt: not null };

    private static Fault TooLateTo(string verb, Callback callback) =>
        Problems.CallbackStateConflict.With($"The callback is {callback.State.Wire()}: it is not the time to {verb} it.");

    /// <summary>Call-in data that were given out lead nowhere from now on.</summary>
    private void EndCallInData(Callback callback, DateTimeOffset now)
    {
        if (callback.CallIn is { } callIn && callIn.ExpiresAt > now) effects.Add(new Change.CallInSaved(callIn with { ExpiresAt = now }));
    }

    /// <summary>
    /// The agent must not be told again to dial whom nobody wants to be dialled any more. The attempt is held like one whose lease has ended: a late outcome is
    /// taken, and the agent may take the next callback.
    /// </summary>
    private void GiveUpOn(Callback callback, DateTimeOffset now)
    {
        if (callback.Attempt is { State: AttemptState.Live } attempt) Save(callback, attempt with { State = AttemptState.Unknown, LeaseEndsAt = now });
    }
}
