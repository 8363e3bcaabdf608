using System.Globalization;

namespace Ringback.Engine.Delivery;

/// <summary>Something that a push waits for.</summary>
/// <param name="Code">Stable code of the reason.</param>
/// <param name="Text">The same for people.</param>
/// <param name="Until">When it ends, where that is known.</param>
public sealed record PushWaitReason(string Code, string Text, DateTimeOffset? Until = null);

/// <summary>Why a push has not gone out yet, as the process that is asked knows it. Pure.</summary>
public static class PushWait
{
    /// <summary>What is recorded of a push that is put off because the push service refuses the credentials.</summary>
    internal const string CredentialAwaited = "credential.awaited";

    /// <summary>Whether a recorded code says that the push waits for credentials; the database asks the same when it wakes such rows.</summary>
    internal static bool IsForCredentials(string code) => code.StartsWith("credential.", StringComparison.Ordinal);

    private static readonly string[] ofQuota = ["QUOTA_EXCEEDED", "RESOURCE_EXHAUSTED", "HTTP_429"];

    /// <summary>All reasons at this moment; none where it is over.</summary>
    /// <param name="push">The push.</param>
    /// <param name="lane">How the pushes of its credential stand in this process; null where none has come by.</param>
    /// <param name="pause">The pause that holds it; null where none does.</param>
    /// <param name="now">The present.</param>
    public static IReadOnlyList<PushWaitReason> Of(LoggedPush push, LaneStatus? lane, DeliveryPause? pause, DateTimeOffset now)
    {
        if (push.State != OutboxState.Pending) return [];
        if (now >= push.Message.ExpiresAt) return [new("EXPIRED", "Its time to live has passed; that is recorded with the next look at it.")];
        var reasons = new List<PushWaitReason>();
        if (pause is not null) reasons.Add(new("PAUSED", $"{pause.By} paused {(pause.Queue.Length == 0 ? "all pushes" : $"the pushes of the queue {pause.Queue}")} at {WireTime.Of(pause.At)}. Somebody has to resume them."));
        if (lane is { Circuit: not CircuitState.Closed, CircuitCode: { } fault })
        {
            reasons.Add(lane.OpenUntil is { } probe
                ? new("CREDENTIALS", $"The push service refuses the credentials ({fault}). They are tried again with one push at a time.", probe)
                : new("CREDENTIALS", $"The push service refused the credentials ({fault}). One push is on its way to see whether it takes them again."));
        }
        if (push.IsLeased && push.NextAt > now) reasons.Add(new("UNDER_WAY", "A process has taken it: it is being sent, or waits there for its turn. Should that process end, another takes it over.", push.NextAt));
        else if (push.NextAt > now && push.LastCode != DeliveryPauses.Code) reasons.Add(BackOff(push)); // A held push is due at its expiry, which tells nothing.
        if (lane is { Waiting: > 0 })
        {
            reasons.Add(new("RATE", string.Create(CultureInfo.InvariantCulture,
                $"{lane.Waiting} pushes of the same credential wait for their turn in this process; at most {lane.PerSecond:0.#} of the {lane.QuotaPerSecond:0.#} a second that the quota allows go out at present.")));
        }
        if (reasons.Count == 0) reasons.Add(new("DUE", "It is due and is taken with the next look at the outbox."));
        return reasons;
    }

    private static PushWaitReason BackOff(LoggedPush push) => push.LastCode switch
    {
        null => new("NOT_DUE", "It is not due yet.", push.NextAt),
        CredentialAwaited => new("CREDENTIALS", "It waits for credentials that the push service takes.", push.NextAt),
        { } code when ofQuota.Contains(code) => new("QUOTA", $"The push service says that its quota is used up ({code}).", push.NextAt),
        { } code => new("BACK_OFF", $"The last try met {code}; it waits before the next one.", push.NextAt),
    };
}
