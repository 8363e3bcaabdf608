using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using static System.FormattableString;

namespace Ringback.Engine.Tests.Model;

/// <content>What customers and supervisors want of callbacks that are not over.</content>
internal sealed partial class Stage
{
    private Cue? WishOf(Act act) => act switch
    {
        Act.Confirm { Which: var n } when ChooseWaiting(n) is { } callback => new Cue(
            "confirm", Invariant($"confirm {callback.Id}"),
            q => Told(q.Run(now, (e, at) => e.Confirm(callback.Id, at)), _ => "confirmed"),
            () => reference.Confirm(callback.Id)),
        Act.Snooze { Which: var n, Minutes: var minutes } when ChooseWaiting(n) is { } callback => new Cue(
            "snooze", Invariant($"snooze {callback.Id} for {minutes} min"),
            q => Told(q.Run(now, (e, at) => e.Snooze(callback.Id, TimeSpan.FromMinutes(minutes), at)), ReferenceQueue.At),
            () => reference.Snooze(callback.Id, minutes, now)),
        Act.Reschedule { Which: var n, InSeconds: var ahead } when ChooseWaiting(n) is { } callback => Reschedule(callback, now.AddSeconds(ahead)),
        Act.ReplaceTargets { Which: var n, Slots: var slots } when ChooseWaiting(n) is { } callback => new Cue(
            "push-targets", Invariant($"other targets for {callback.Id}: {string.Join(' ', slots.Select(s => s ? "one" : "none"))}"),
            q => Told(q.Run(now, (e, at) => e.ReplaceTargets(callback.Id, [.. slots.Select((filled, slot) => filled ? new PushTarget(PushTargetType.Token, Invariant($"new {slot}")) : null)], at)), _ => "replaced"),
            () => reference.ReplaceTargets(callback.Id, slots)),
        Act.EndBySupervisor { Which: var n, Purge: var purge } when ChooseWaiting(n) is { } callback => new Cue(
            purge ? "purge" : "cancel by a supervisor", Invariant($"a supervisor {(purge ? "purges" : "cancels")} {callback.Id}"),
            q => Told(q.Run(now, (e, at) => e.EndBySupervisor(callback.Id, purge, "supervisor", at)), _ => purge ? "purged" : "cancelled"),
            () => reference.EndBySupervisor(callback.Id, purge, now)),
        _ => null,
    };

    private Cue Reschedule(ReferenceCallback callback, DateTimeOffset desired) => new(
        "reschedule", Invariant($"reschedule {callback.Id} to {desired:dd HH:mm:ss}"),
        q => Told(q.Run(now, (e, at) => e.Reschedule(callback.Id, desired, at)), ReferenceQueue.At),
        () => reference.Reschedule(callback.Id, desired, now));

    /// <summary>Mostly one that is not over, often one that is READY, now and then any.</summary>
    private ReferenceCallback? ChooseWaiting(int n) =>
        n % 8 == 0 ? Choose(reference.Callbacks, n / 8) : (n % 8 < 3 ? ChooseReady(n) : null) ?? Choose([.. reference.Callbacks.Where(c => !c.IsOver)], n / 8);
}
