using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>How the request for an access token ended.</summary>
internal abstract record TokenAnswer
{
    private TokenAnswer()
    {
    }

    /// <summary>An access token.</summary>
    /// <param name="Authorization">The whole value of the header <c>Authorization</c>.</param>
    /// <param name="Lifetime">How long Google takes it, from the moment it was asked for.</param>
    public sealed record Token(Secret Authorization, TimeSpan Lifetime) : TokenAnswer
    {
        /// <summary>How many seconds our clock is behind Google's (negative: ahead), where that first made Google refuse.</summary>
        public long SkewSeconds { get; init; }
    }

    /// <summary>The credentials are at fault; nothing changes until somebody mends them.</summary>
    public sealed record Refused(SendOutcome.CredentialFault Fault) : TokenAnswer
    {
        /// <summary>As in <see cref="Token.SkewSeconds"/>.</summary>
        public long SkewSeconds { get; init; }
    }

    /// <summary>Google or the way to it is down.</summary>
    public sealed record Unavailable(SendOutcome.Unavailable Outcome) : TokenAnswer;
}
