using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>What anybody may see of stored credentials (A3, A4). The names are those of the management API.</summary>
public sealed record CredentialView
{
    /// <summary>The view of a tenant without credentials.</summary>
    public static CredentialView None { get; } = new();

    /// <summary>Whether there are credentials. Without any, all else is null.</summary>
    public bool Configured { get; init; }

    /// <summary>The Firebase project ID.</summary>
    public string? ProjectName { get; init; }

    /// <summary>A few characters of the client email.</summary>
    public string? ClientEmail { get; init; }

    /// <summary>A few characters of the private key.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>When they were stored.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Who stored them.</summary>
    public string? UpdatedBy { get; init; }

    /// <summary>What is known about them.</summary>
    public CredentialStatus? Status { get; init; }

    /// <summary>The last check of this version; null: not tested since the update.</summary>
    public LastCheck? LastTest { get; init; }

    /// <summary>Which key: the first digits of a hash of its public half.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Grows by one with each version that is stored.</summary>
    public int? Version { get; init; }

    /// <summary>Name of the Firebase app, where it is not the default one.</summary>
    public string? App { get; init; }

    /// <summary>Until when it can come back, for a version that was replaced.</summary>
    public DateTimeOffset? KeptUntil { get; init; }

    /// <summary>A version that waits for its check beside this one.</summary>
    public CredentialView? Next { get; init; }

    /// <summary>The version that this one replaced, while it can come back.</summary>
    public CredentialView? Previous { get; init; }

    internal static CredentialView Of(CredentialSet set) => set.Current is not { } current
        ? None
        : Of(current) with { Next = set.Next is { } next ? Of(next) : null, Previous = set.Previous is { } previous ? Of(previous) : null };

    /// <summary>The view with a test in a browser as the last one, if nothing was checked after it.</summary>
    public CredentialView With(LastBrowserTest test) => LastTest?.At > test.At ? this : this with
    {
        LastTest = new LastCheck(test.At, test.FailedAt is null ? CheckVerdict.Passed : CheckVerdict.Refused, test.Detail)
        {
            Kind = "browser",
            By = test.By,
            Step = test.FailedAt,
            Code = test.Code,
        },
    };

    internal static CredentialView Of(StoredCredential stored) => new()
    {
        Configured = true,
        ProjectName = stored.ProjectName,
        ClientEmail = stored.ClientEmailMask,
        PrivateKey = stored.PrivateKeyMask,
        UpdatedAt = stored.UpdatedAt,
        UpdatedBy = stored.UpdatedBy,
        Status = stored.Status,
        LastTest = stored.LastCheck,
        Fingerprint = stored.Fingerprint.Length > 0 ? stored.Fingerprint : null,
        Version = stored.Version,
        App = stored.App == CredentialKey.DefaultApp ? null : stored.App,
        KeptUntil = stored.KeptUntil,
    };
}
