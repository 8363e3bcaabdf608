using Ringback.Engine.Callbacks;
using static System.FormattableString;

namespace Ringback.Engine.Tests.Model;

/// <content>What both sides say after a step.</content>
internal sealed partial class Stage
{
    private void Compare()
    {
        if (store.Callbacks.Count != reference.Callbacks.Count) throw new BrokenRuleException($"The engine has {store.Callbacks.Count} callbacks, the rules {reference.Callbacks.Count}.");
        var pushes = store.Outbox.ToLookup(push => push.Row.Message.CallbackId);
        var events = reference.Events.ToLookup(e => e.Callback);
        foreach (var callback in reference.Callbacks)
        {
            var record = store.Callbacks[callback.Id];
            Same("state", callback, State(record), State(callback));
            Same("attempts made", callback, Invariant($"{record.AttemptsMade}"), Invariant($"{callback.AttemptsMade}"));
            if (callback.State == CallbackState.Queued) Same("trunk errors in a row", callback, Invariant($"{record.TrunkErrorsInRow}"), Invariant($"{callback.TrunkErrorsInRow}"));
            Same("events", callback, Events(pushes[callback.Id]), Events(events[callback]));
            Same("suppressed", callback, string.Join(' ', store.SuppressedOf(callback.Id)), string.Join(' ', callback.Suppressed));
            if (!callback.IsOver) Same("position and wait", callback, Standing(queue.Retrieve(callback.Id, now).Value), Standing(callback));
        }
        foreach (var attempt in reference.Attempts)
        {
            var record = store.Attempts[attempt.Id];
            Same("attempt", attempt.Callback, Invariant($"{record.Id} {record.Agent} {record.State} {record.LeaseEndsAt:HH:mm:ss.ffffff}"), Invariant($"{attempt.Id} {attempt.Agent} {attempt.State} {attempt.LeaseEndsAt:HH:mm:ss.ffffff}"));
        }
        foreach (var callIn in reference.CallIns)
        {
            var (engine, rules) = (store.CallIns[callIn.Id].ExpiresAt, callIn.ExpiresAt);
            if (engine != rules) throw new BrokenRuleException(Invariant($"{callIn.Id} holds until\nthe engine:     {engine:dd HH:mm:ss.ffffff}\nthe rules say:  {rules:dd HH:mm:ss.ffffff}"));
        }
        always.Check(queue, now);
    }

    private static void Same(string what, ReferenceCallback of, string engine, string rules)
    {
        if (engine != rules) throw new BrokenRuleException($"{what} of {of.Id}\nthe engine:     {engine}\nthe rules say:  {rules}");
    }

    private static string State(CallbackRecord c) => Invariant(
        $"{c.State} {c.Reason} moved {c.Reschedules} times, desired {c.DesiredAt:dd HH:mm:ss.ffffff} paused until {c.ReturnsAt:HH:mm:ss.ffffff} READY until {c.ReadyEndsAt:HH:mm:ss.ffffff} over at {c.CompletedAt:dd HH:mm:ss.ffffff}");

    private static string State(ReferenceCallback c) => Invariant(
        $"{c.State} {c.Reason} moved {c.Reschedules} times, desired {c.DesiredAt:dd HH:mm:ss.ffffff} paused until {c.PausedUntil:HH:mm:ss.ffffff} READY until {c.ReadyEndsAt:HH:mm:ss.ffffff} over at {c.CompletedAt:dd HH:mm:ss.ffffff}");

    private static string Events(IEnumerable<Callbacks.StoredPush> pushes) => string.Join(", ", pushes
        .GroupBy(p => p.Row.Message.Sequence).OrderBy(g => g.Key)
        .Select(g => Event(g.First().Row.Message.Event, g.First().Row.Round, g.First().Row.Message.OccurredAt, g.OrderBy(p => p.Row.TargetOrdinal).Select(p => p.Fate))));

    private static string Events(IEnumerable<ReferenceEvent> events) => string.Join(", ", events.Select(e => Event(e.Name, e.Round, e.At, e.Fates)));

    /// <summary>The round of READY and CALL_IN only has to tell them apart, which the store's unique key checks.</summary>
    private static string Event(string name, int round, DateTimeOffset at, IEnumerable<Fate> fates) =>
        Invariant($"{name} {(name is PushEvents.CallIn or PushEvents.Ready ? 0 : round)} at {at:HH:mm:ss.ffffff} {string.Join(' ', fates)}");

    private static string Standing(CallbackStatus status) => Invariant($"{status.Position} {status.WaitSeconds}");

    private string Standing(ReferenceCallback callback) => reference.Standing(callback, now) is { } standing ? Invariant($"{standing.Position} {standing.Wait}") : " ";
}
