using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>A tenant's credentials, ready to send with, or what stands in the way.</summary>
internal abstract record OpenAnswer
{
    private OpenAnswer()
    {
    }

    public sealed record Ready(OpenedCredential Opened) : OpenAnswer;

    public sealed record Blocked(SendOutcome Outcome) : OpenAnswer;
}

/// <summary>One version of a tenant's credentials in the clear, with its tokens and what sending by it last met.</summary>
internal sealed class OpenedCredential(StoredCredential stored, FirebaseCredential credential, Uri sendUri, AccessTokens tokens, Action<StoredCredential> refused)
{
    private volatile SendOutcome? trouble;
    private volatile bool answered;

    /// <summary>The row as last read; another read of the same version may tell of a newer check.</summary>
    public StoredCredential Stored { get; set; } = stored;

    public FirebaseCredential Credential { get; } = credential;

    /// <summary>Where messages of this project go.</summary>
    public Uri SendUri { get; } = sendUri;

    public AccessTokens Tokens { get; } = tokens;

    /// <summary>Why pushes wait, or null while Firebase answers.</summary>
    public string? Waiting => trouble switch
    {
        SendOutcome.CredentialFault fault => fault.Remedy,
        SendOutcome.Unavailable unavailable => $"Firebase cannot be reached or is down ({unavailable.Code}). Pushes are sent again by themselves.",
        _ when !answered && Stored.Status == CredentialStatus.Refused => Stored.LastCheck?.Detail,
        _ => null,
    };

    /// <summary>A check was refused since the last answer to a send: what Firebase answered before counts no more.</summary>
    public void Doubt(StoredCredential refusedStored)
    {
        Stored = refusedStored;
        answered = false;
    }

    /// <summary>Keeps what a send met; true where that is a credential fault other than the last one, which is worth a log line.</summary>
    public bool Note(SendOutcome outcome)
    {
        var before = trouble;
        var now = outcome is SendOutcome.CredentialFault or SendOutcome.Unavailable ? outcome : null;
        if (!ReferenceEquals(before, now)) trouble = now;
        if (now is null && !answered) answered = true;
        if (now is not SendOutcome.CredentialFault fault || (before as SendOutcome.CredentialFault)?.Code == fault.Code) return false;
        refused(Stored);
        return true;
    }
}
