using Ringback.Engine.Callbacks;

namespace Ringback.Engine.Tests.Model;

/// <content>What the customer wants of a callback that is not over, and how a supervisor ends one (rules B1, B4, B9, D2, D7).</content>
internal sealed partial class ReferenceQueue
{
    public string Confirm(Guid id) => Held(Of(id)) ?? (Of(id).State == CallbackState.Processing ? Problems.CallbackStateConflict.Code : "confirmed");

    /// <summary>D2: passed over for a while, and back to its place. A longer pause that is under way stays as it is; a longer one than the wait is none.</summary>
    public string Snooze(Guid id, int minutes, DateTimeOffset now)
    {
        var callback = Of(id);
        if (Held(callback) is { } refused) return refused;
        if (callback.State != CallbackState.Queued) return Problems.CallbackStateConflict.Code;
        var until = now.AddMinutes(minutes);
        if (callback.PausedUntil >= until) return At(callback.PausedUntil.Value);
        if (until >= PurgeAt(callback)) return Problems.InvalidParameters.Code;
        Withdraw(callback, [PushEvents.Upcoming]);
        callback.PausedUntil = until;
        return At(until);
    }

    /// <summary>Another time for whoever waits, or is READY. It counts as no move of the queue's own; a READY that is given up has not run out (B4).</summary>
    public string Reschedule(Guid id, DateTimeOffset desired, DateTimeOffset now)
    {
        var callback = Of(id);
        if (Held(callback) is { } refused) return refused;
        if (callback.State == CallbackState.Processing || OpenAttempt(callback) is not null) return Problems.CallbackStateConflict.Code;
        if (!Settings.ScheduledEnabled) return Problems.CallbackNotAllowed.Code;
        // The same again is answered the same.
        if (callback.State == CallbackState.Scheduled && callback.DesiredAt == desired) return At(desired);
        if (!IsOpen(desired)) return Problems.OfficeClosed.Code;
        Withdraw(callback, Pointless.OnceSpoken);
        EndCallInData(callback, now);
        MoveTo(callback, desired);
        return At(desired);
    }

    /// <summary>B9: events go to the targets that there are. What was not sent to a slot that is empty now is not sent; a callback without targets gets none.</summary>
    public string ReplaceTargets(Guid id, IReadOnlyList<bool> slots)
    {
        var callback = Of(id);
        if (Held(callback) is { } refused) return refused;
        if (callback.Targets == 0) return Problems.CallbackStateConflict.Code;
        var count = Math.Max(slots.Count, callback.Targets);
        for (var slot = 0; slot < count; slot++)
        {
            if (slot < slots.Count && slots[slot]) continue;
            foreach (var decided in events.Where(e => e.Callback == callback)) Become(Fate.Withdrawn, decided, slot);
        }
        callback.Targets = count;
        return "replaced";
    }

    /// <summary>D7: a supervisor cancels silently, or purges whoever waits.</summary>
    public string EndBySupervisor(Guid id, bool purge, DateTimeOffset now)
    {
        if (!purge) return Cancel(id, now);
        var callback = Of(id);
        if (Held(callback) is { } refused) return refused;
        if (callback.State is not (CallbackState.Scheduled or CallbackState.Queued)) return Problems.CallbackStateConflict.Code;
        Purge(callback, CompletionReason.Administrator, now);
        return "purged";
    }

    public static string At(DateTimeOffset at) => FormattableString.Invariant($"at {at:dd HH:mm:ss.ffffff}");

    private ReferenceCallback Of(Guid id) => callbacks.Single(c => c.Id == id);
}
