using System.Globalization;
using Ringback.FcmEmulator.Faults;

namespace Ringback.FcmEmulator.Send;

/// <summary>What the emulator does with a message that is in order, decided by the beginning of its token.</summary>
internal abstract record TargetBehaviour
{
    /// <summary>Seconds that a sender is asked to wait; short, because somebody is usually watching.</summary>
    private const int RetryAfterSeconds = 1;

    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(3);

    private static readonly Accept AcceptAsIs = new();

    /// <summary>
    /// The table: the first prefix that fits decides; a token that fits none is accepted. <c>NAME-after-7-…</c> and <c>NAME-date-7-…</c>
    /// ask to wait seven seconds, as a number and as a date.
    /// </summary>
    private static readonly (string Prefix, string Error, int? RetryAfter)[] Table =
    [
        ("unregistered-", "UNREGISTERED", null),
        ("unavailable-", "UNAVAILABLE", RetryAfterSeconds),
        ("quota-", "QUOTA_EXCEEDED", null),
        ("internal-", "INTERNAL", null),
        ("invalid-", "INVALID_ARGUMENT", null),
        ("schema-", "SCHEMA", null),
        ("mismatch-", "SENDER_ID_MISMATCH", null),
        ("unauthenticated-", "UNAUTHENTICATED", null),
        ("thirdparty-", "THIRD_PARTY_AUTH_ERROR", null),
        ("disabled-", "SERVICE_DISABLED", null),
        ("denied-", "IAM_PERMISSION_DENIED", null),
        ("noproject-", "PROJECT_NOT_FOUND", null),
    ];

    private TargetBehaviour()
    {
    }

    public sealed record Accept : TargetBehaviour;

    public sealed record Refuse(RpcStatus Status) : TargetBehaviour;

    /// <summary>A proxy's answer instead of Google's: HTML with this status.</summary>
    public sealed record AnswerHtml(int Status) : TargetBehaviour;

    /// <summary>The message is in the inbox at once and the answer comes later: a sender that gives up meanwhile sends it twice.</summary>
    public sealed record AcceptAndAnswerAfter(TimeSpan Delay) : TargetBehaviour;

    /// <summary><c>flaky-3-…</c>: refuses the same notification three times, then takes it.</summary>
    public sealed record RefuseFirst(int Times, RpcStatus Status) : TargetBehaviour;

    /// <param name="token">The token or the installation id; null for a topic or a condition.</param>
    /// <param name="projectId">The project that some refusals name.</param>
    public static TargetBehaviour Of(string? token, string projectId)
    {
        // Every prefix is short and ends at the first hyphen: one look tells almost every token that it has none.
        if (token is null || token.AsSpan(0, Math.Min(token.Length, 16)).IndexOf('-') <= 0)
        {
            return AcceptAsIs;
        }
        foreach (var (prefix, error, retryAfter) in Table)
        {
            if (token.StartsWith(prefix, StringComparison.Ordinal))
            {
                var wait = Wait(token.AsSpan(prefix.Length)) ?? (retryAfter is { } seconds ? new RetryAfter(seconds, AsDate: false) : null);
                return new Refuse(KnownErrors.Of(error, projectId) with { RetryAfter = wait });
            }
        }
        return token.StartsWith("slow-", StringComparison.Ordinal) ? new AcceptAndAnswerAfter(Slow)
            : token.StartsWith("html404-", StringComparison.Ordinal) ? new AnswerHtml(StatusCodes.Status404NotFound)
            : token.StartsWith("html-", StringComparison.Ordinal) ? new AnswerHtml(StatusCodes.Status502BadGateway)
            : Number(token, "flaky-") is { } times ? new RefuseFirst(times, Refusals.Unavailable(RetryAfterSeconds))
            : AcceptAsIs;
    }

    private static RetryAfter? Wait(ReadOnlySpan<char> rest)
        => Number(rest, "after-") is { } seconds ? new RetryAfter(seconds, AsDate: false)
            : Number(rest, "date-") is { } date ? new RetryAfter(date, AsDate: true)
            : null;

    /// <summary>The number between the prefix and the next hyphen.</summary>
    private static int? Number(ReadOnlySpan<char> text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }
        var rest = text[prefix.Length..];
        var hyphen = rest.IndexOf('-');
        return hyphen > 0 && int.TryParse(rest[..hyphen], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
