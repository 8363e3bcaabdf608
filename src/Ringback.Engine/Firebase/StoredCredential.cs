using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>What is known about a stored credential.</summary>
public enum CredentialStatus
{
    /// <summary>A check passed with this version.</summary>
    Verified,

    /// <summary>No check could decide about this version yet.</summary>
    Unverified,

    /// <summary>Firebase refused this version; somebody stored or kept it all the same.</summary>
    Refused,

    /// <summary>It was in force, and somebody put the version before it back; Firebase has refused nothing.</summary>
    SetAside,
}

/// <summary>How a check ended.</summary>
public enum CheckVerdict
{
    /// <summary>Firebase takes the credentials.</summary>
    Passed,

    /// <summary>Firebase does not take them.</summary>
    Refused,

    /// <summary>The check never got a decisive answer.</summary>
    Undecided,
}

/// <summary>The last check of one version of the credentials.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Detail">What it says to the administrator; never a secret.</param>
public sealed record LastCheck(DateTimeOffset At, CheckVerdict Result, string Detail)
{
    /// <summary><c>browser</c> for the test in a browser (A7); null for the check that needs none (A8).</summary>
    public string? Kind { get; init; }

    /// <summary>Who ran the test in the browser.</summary>
    public string? By { get; init; }

    /// <summary>The step at which the test in the browser failed.</summary>
    public TestStep? Step { get; init; }

    /// <summary>What stood in the way: one of <see cref="CredentialFaults"/>, the code of a browser test, or the kind of network failure; null where nothing did.</summary>
    public string? Code { get; init; }
}

/// <summary>
/// One version of a tenant's credentials as it is stored. (tenant, app, version) names it: the seal is bound to the three, tokens are kept by them,
/// and a check belongs to them, so that two versions can be stored and used side by side.
/// </summary>
public sealed record StoredCredential
{
    /// <summary>Whose credentials.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Name of the Firebase app within the tenant.</summary>
    public string App { get; init; } = CredentialKey.DefaultApp;

    /// <summary>Begins at 1 and grows by one with each change.</summary>
    public required int Version { get; init; }

    /// <summary>The Firebase project ID, readable: pages show it.</summary>
    public required string ProjectName { get; init; }

    /// <summary>Project, client email and private key, made by <see cref="CredentialSeal"/>.</summary>
    public required byte[] Sealed { get; init; }

    /// <summary>What may be shown of the client email.</summary>
    public required string ClientEmailMask { get; init; }

    /// <summary>What may be shown of the private key.</summary>
    public required string PrivateKeyMask { get; init; }

    /// <summary>Says which key this is (<see cref="FirebaseCredential.Fingerprint"/>); empty for rows from before there were any.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>When this version was stored.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who stored it.</summary>
    public required string UpdatedBy { get; init; }

    /// <summary>What is known about it.</summary>
    public required CredentialStatus Status { get; init; }

    /// <summary>The last check of this version, if there was one.</summary>
    public LastCheck? LastCheck { get; init; }

    /// <summary>Whether it was put into force although the check refused it: then none of the older ones comes back by itself.</summary>
    public bool IsForced { get; init; }

    /// <summary>Until when a version that was replaced is kept; null for all others.</summary>
    public DateTimeOffset? KeptUntil { get; init; }
}
