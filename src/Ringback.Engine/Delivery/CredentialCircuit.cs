namespace Ringback.Engine.Delivery;

/// <summary>Whether a credential is worth sending with.</summary>
public enum CircuitState
{
    /// <summary>Everything goes out.</summary>
    Closed,

    /// <summary>The service refused the credential; nothing goes out for a while.</summary>
    Open,

    /// <summary>One push at a time goes out, to see whether the credential is taken again.</summary>
    Probing,
}

/// <summary>
/// The circuit of one credential. It opens at a credential fault; after a rest, or at once when new credentials come, one push at a time goes out as a probe, and the
/// first that the service judges by anything else than the credential opens the way for all. Where nothing is sent, nothing can show that the credential was mended: a fault that nothing has met again
/// for <see cref="Memory"/> is forgotten. Not thread-safe; every instant comes in.
/// </summary>
public sealed class CredentialCircuit
{
    /// <summary>Long enough for somebody to see the fault of a push that has expired since; many rests long, so that it never ends while pushes wait and meet it again.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private int generation;
    private bool isProbing;
    private string? code;
    private DateTimeOffset faultAt, until;

    /// <summary>What the service objected to, while it is not closed.</summary>
    public string? Code(DateTimeOffset now) => State(now) == CircuitState.Closed ? null : code;

    /// <summary>How it stands.</summary>
    public CircuitState State(DateTimeOffset now) =>
        code is null || now - faultAt >= Memory ? CircuitState.Closed : now < until ? CircuitState.Open : CircuitState.Probing;

    /// <summary>Until when nothing goes out; null unless it is open.</summary>
    public DateTimeOffset? OpenUntil(DateTimeOffset now) => State(now) == CircuitState.Open ? until : null;

    /// <summary>Whether a push may go out now.</summary>
    public bool Admits(DateTimeOffset now) => State(now) switch
    {
        CircuitState.Closed => true,
        CircuitState.Probing => !isProbing,
        _ => false,
    };

    /// <summary>A push goes out; give the number back with what came of it.</summary>
    public int Begin()
    {
        if (code is not null) isProbing = true;
        return generation;
    }

    /// <summary>A push came back.</summary>
    /// <param name="begun">What <see cref="Begin"/> gave for it.</param>
    /// <param name="fault">The credential fault that it met, or null.</param>
    /// <param name="isJudged">Whether the service looked at the push, and so took the credential.</param>
    /// <param name="now">When.</param>
    /// <returns>Whether the state changed.</returns>
    public bool End(int begun, string? fault, bool isJudged, DateTimeOffset now)
    {
        // It went out with credentials that are no longer those in force, or before the circuit opened: it says nothing of the present.
        if (begun != generation) return false;
        if (fault is not null)
        {
            (code, faultAt, until, isProbing) = (fault, now, now + RetrySchedule.CredentialRest, false);
            generation++;
            return true;
        }
        isProbing = false;
        if (code is null || !isJudged) return false;
        code = null;
        generation++;
        return true;
    }

    /// <summary>Other credentials are in force: what is on its way with the old ones no longer counts, and the next push is a probe.</summary>
    public void Renew()
    {
        generation++;
        (until, isProbing) = (DateTimeOffset.MinValue, false);
    }
}
