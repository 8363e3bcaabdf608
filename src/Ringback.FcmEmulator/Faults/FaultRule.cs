namespace Ringback.FcmEmulator.Faults;

/// <summary>One rule: which sends it is for, and what happens to them. Every condition that is set must hold.</summary>
internal sealed record FaultRule
{
    public required string Id { get; init; }
    public required FaultEffect Effect { get; init; }

    /// <summary>The wait before anything else happens.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The message is in the inbox before the answer goes wrong: a sender that tries again sends it twice.</summary>
    public bool AcceptFirst { get; init; }

    public string? ProjectId { get; init; }
    public string? Token { get; init; }
    public string? TokenPrefix { get; init; }

    /// <summary>Of the sends that fit otherwise, this part is hit; the seed makes the choice the same in every run.</summary>
    public double Share { get; init; } = 1;

    public int Seed { get; init; }
    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;
    public DateTimeOffset Until { get; init; } = DateTimeOffset.MaxValue;

    public bool Fits(string projectId, string? token, DateTimeOffset now)
        => (ProjectId is null || ProjectId == projectId)
            && (Token is null || Token == token)
            && (TokenPrefix is null || token?.StartsWith(TokenPrefix, StringComparison.Ordinal) == true)
            && now >= From && now < Until;
}

/// <summary>What a rule does.</summary>
internal abstract record FaultEffect
{
    private FaultEffect()
    {
    }

    /// <summary>Nothing but the latency of the rule.</summary>
    public sealed record None : FaultEffect;

    /// <summary>One of <see cref="KnownErrors"/>.</summary>
    public sealed record Error(string Name, Send.RetryAfter? RetryAfter) : FaultEffect;

    /// <summary>No answer, for as long as the client has patience.</summary>
    public sealed record Hang : FaultEffect;

    /// <summary>The connection breaks (HTTP/1.1: TCP reset) or the stream does (HTTP/2: RST_STREAM).</summary>
    public sealed record Reset : FaultEffect;

    /// <summary>The HTML of a proxy instead of Google's JSON.</summary>
    public sealed record Html502 : FaultEffect;

    /// <summary>The message is accepted and a bit of its ciphertext flipped on the way to the browser.</summary>
    public sealed record CorruptPush : FaultEffect;

    /// <summary>The answer is right and trickles in over this time.</summary>
    public sealed record SlowBody(TimeSpan Over) : FaultEffect;
}
