namespace Ringback.Engine.Firebase;

/// <summary>What happened to a version of the credentials.</summary>
public enum CredentialAction
{
    /// <summary>Stored and put into force.</summary>
    Stored,

    /// <summary>Refused by the check; nothing was changed.</summary>
    Refused,

    /// <summary>Stored beside the one in force, until a check can decide about it.</summary>
    Waiting,

    /// <summary>Waited, passed the check, and is in force from now on.</summary>
    TookOver,

    /// <summary>Came back, in the place of the one that had replaced it.</summary>
    Returned,

    /// <summary>Confirmed: the one that it replaced is forgotten.</summary>
    Confirmed,

    /// <summary>Forgotten without having been in force.</summary>
    Discarded,

    /// <summary>Replaced, kept for its time, and forgotten.</summary>
    Expired,

    /// <summary>Deleted with the app.</summary>
    Deleted,
}

/// <summary>One line of the history of the credentials; never any key material.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who, as pages show it; <see cref="Automatic"/> where nobody did.</param>
/// <param name="Action">What.</param>
/// <param name="Version">To which version; 0 where it was not stored.</param>
/// <param name="ProjectName">Its Firebase project ID.</param>
/// <param name="Fingerprint">Which key (<see cref="FirebaseCredential.Fingerprint"/>).</param>
/// <param name="Result">How the check ended that led to this, where there was one.</param>
/// <param name="Code">What the check met, where it did not pass.</param>
/// <param name="Detail">More of it for a person; never a secret.</param>
public sealed record CredentialEvent(
    DateTimeOffset At, string By, CredentialAction Action, int Version, string ProjectName, string Fingerprint, CheckVerdict? Result, string? Code, string? Detail)
{
    /// <summary>What stands for <see cref="By"/> where the program acted by itself.</summary>
    public const string Automatic = "Ringback";

    /// <summary>Its place in the history of its app, from 1; 0 until it is stored.</summary>
    public int Number { get; init; }
}
