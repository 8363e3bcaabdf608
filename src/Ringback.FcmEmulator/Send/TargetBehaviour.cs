using System.Globalization;

namespace Ringback.FcmEmulator.Send;

/// <summary>What the emulator does with a message that is in order, decided by the beginning of its token.</summary>
internal abstract record TargetBehaviour
{
    /// <summary>Seconds that a sender is asked to wait; short, because somebody is usually watching.</summary>
    private const int RetryAfterSeconds = 1;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    /// <summary>The table: the first prefix that fits decides; a token that fits none is accepted.</summary>
    private static readonly (string Prefix, TargetBehaviour Behaviour)[] Table =
    [
        ("unregistered-", new Refuse(Refusals.Unregistered)),
        ("unavailable-", new Refuse(Refusals.Unavailable(RetryAfterSeconds))),
        ("quota-", new Refuse(Refusals.QuotaExceeded)),
        ("internal-", new Refuse(Refusals.Internal)),
        ("invalid-", new Refuse(Refusals.InvalidToken)),
        ("mismatch-", new Refuse(Refusals.SenderIdMismatch)),
        ("slow-", new AcceptAndAnswerAfter(Slow)),
    ];

    private TargetBehaviour()
    {
    }

    public sealed record Accept : TargetBehaviour;

    public sealed record Refuse(RpcStatus Status) : TargetBehaviour;

    /// <summary>The message is in the inbox at once and the answer comes later: a sender that gives up meanwhile sends it twice.</summary>
    public sealed record AcceptAndAnswerAfter(TimeSpan Delay) : TargetBehaviour;

    /// <summary><c>flaky-3-…</c>: refuses the same notification three times, then takes it.</summary>
    public sealed record RefuseFirst(int Times, RpcStatus Status) : TargetBehaviour;

    /// <param name="token">The token or the installation id; null for a topic or a condition.</param>
    public static TargetBehaviour Of(string? token)
    {
        foreach (var (prefix, behaviour) in Table)
        {
            if (token?.StartsWith(prefix, StringComparison.Ordinal) == true)
            {
                return behaviour;
            }
        }
        return FlakyTimes(token) is { } times ? new RefuseFirst(times, Refusals.Unavailable(RetryAfterSeconds)) : new Accept();
    }

    private static int? FlakyTimes(string? token)
    {
        const string prefix = "flaky-";
        if (token?.StartsWith(prefix, StringComparison.Ordinal) != true)
        {
            return null;
        }
        var rest = token.AsSpan(prefix.Length);
        var hyphen = rest.IndexOf('-');
        return hyphen > 0 && int.TryParse(rest[..hyphen], NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? times : null;
    }
}
