using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>The last test in a browser (A7) of one version of a tenant's credentials.</summary>
public sealed record LastBrowserTest
{
    /// <summary>Whose credentials.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Name of the Firebase app within the tenant.</summary>
    public string App { get; init; } = CredentialKey.DefaultApp;

    /// <summary>The version that was tested; a test says nothing about another one.</summary>
    public required int Version { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who ran it, as pages show it.</summary>
    public required string By { get; init; }

    /// <summary>The step at which it failed; null: successfully configured.</summary>
    public TestStep? FailedAt { get; init; }

    /// <summary>Code of the fault, where there was one.</summary>
    public string? Code { get; init; }

    /// <summary>The fault in plain words; never a secret.</summary>
    public required string Detail { get; init; }
}

/// <summary>Where the last tests are stored, one for each version. An outage is a <see cref="ProblemException"/> of <see cref="Problems.StorageUnavailable"/>.</summary>
public interface IBrowserTestStore
{
    /// <summary>The last test of a version, or null.</summary>
    Task<LastBrowserTest?> FindAsync(TenantId tenant, string app, int version, CancellationToken cancellation);

    /// <summary>Stores a test as the last one of its version.</summary>
    Task RecordAsync(LastBrowserTest test, CancellationToken cancellation);
}
