using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>The versions that one Firebase app of a tenant has at a time.</summary>
/// <param name="Current">The one in force.</param>
/// <param name="Next">One that waits for a check to say yes, beside the one in force.</param>
/// <param name="Previous">The one that was replaced last, kept so that it can come back.</param>
/// <param name="LastVersion">The highest version that there ever was; none is given twice.</param>
public sealed record CredentialSet(StoredCredential? Current, StoredCredential? Next, StoredCredential? Previous, int LastVersion)
{
    /// <summary>The set of an app that never had any.</summary>
    public static CredentialSet None { get; } = new(null, null, null, 0);
}

/// <summary>
/// Where credentials and their history are stored. An outage is a <see cref="ProblemException"/> of <see cref="Problems.StorageUnavailable"/>.
/// </summary>
public interface ICredentialStore
{
    /// <summary>The version in force, or null where there is none.</summary>
    Task<StoredCredential?> FindAsync(TenantId tenant, string app, CancellationToken cancellation);

    /// <summary>Every version that is kept.</summary>
    Task<CredentialSet> FindSetAsync(TenantId tenant, string app, CancellationToken cancellation);

    /// <summary>
    /// Puts <paramref name="after"/> in the place of <paramref name="before"/> and adds to the history, in one transaction. False, and nothing changed, where the
    /// versions kept are no longer those of <paramref name="before"/>.
    /// </summary>
    Task<bool> ChangeAsync(TenantId tenant, string app, CredentialSet before, CredentialSet after, IReadOnlyList<CredentialEvent> events, CancellationToken cancellation);

    /// <summary>Records a check and the status that follows from it, only if the version that was checked is still kept; else false.</summary>
    Task<bool> RecordCheckAsync(TenantId tenant, string app, int version, CredentialStatus status, LastCheck check, CancellationToken cancellation);

    /// <summary>Adds to the history alone.</summary>
    Task AddEventAsync(TenantId tenant, string app, CredentialEvent happened, CancellationToken cancellation);

    /// <summary>The newest entries of the history, the newest first.</summary>
    /// <param name="tenant">Whose history.</param>
    /// <param name="app">Name of the app.</param>
    /// <param name="before">Only entries with a lower number; null: from the newest on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<CredentialEvent>> HistoryAsync(TenantId tenant, string app, int? before, int limit, CancellationToken cancellation);

    /// <summary>The tenant's apps that have a version in force or one that waits, by name.</summary>
    Task<IReadOnlyList<string>> ListAppsAsync(TenantId tenant, CancellationToken cancellation);

    /// <summary>Of all tenants: the apps in which a version waits for a check, or one that was replaced is kept.</summary>
    Task<IReadOnlyList<CredentialKey>> ListRotatingAsync(CancellationToken cancellation);
}
