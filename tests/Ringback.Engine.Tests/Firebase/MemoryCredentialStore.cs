using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>A store of one app, with the promises of <see cref="ICredentialStore"/>.</summary>
internal sealed class MemoryCredentialStore : ICredentialStore
{
    public CredentialSet Set { get; set; } = CredentialSet.None;

    /// <summary>The version in force.</summary>
    public StoredCredential? Row
    {
        get => Set.Current;
        set => Set = new CredentialSet(value, null, null, value?.Version ?? 0);
    }

    public List<CredentialEvent> History { get; } = [];

    public bool IsDown { get; set; }

    public int Reads { get; private set; }

    public Task<StoredCredential?> FindAsync(TenantId tenant, string app, CancellationToken cancellation)
    {
        if (IsDown) throw new ProblemException(Problems.StorageUnavailable.With("down"));
        Reads++;
        return Task.FromResult(Row is not null && Row.Tenant == tenant && Row.App == app ? Row : null);
    }

    public Task<CredentialSet> FindSetAsync(TenantId tenant, string app, CancellationToken cancellation) => Task.FromResult(Set);

    public Task<bool> ChangeAsync(
        TenantId tenant, string app, CredentialSet before, CredentialSet after, IReadOnlyList<CredentialEvent> events, CancellationToken cancellation)
    {
        var fits = VersionsOf(Set) == VersionsOf(before);
        if (fits)
        {
            Set = after;
            History.AddRange(events);
        }
        return Task.FromResult(fits);
    }

    public Task<bool> RecordCheckAsync(TenantId tenant, string app, int version, CredentialStatus status, LastCheck check, CancellationToken cancellation)
    {
        StoredCredential? Checked(StoredCredential? stored) => stored?.Version == version ? stored with { Status = status, LastCheck = check } : stored;
        var fits = Set.Current?.Version == version || Set.Next?.Version == version || Set.Previous?.Version == version;
        Set = Set with { Current = Checked(Set.Current), Next = Checked(Set.Next), Previous = Checked(Set.Previous) };
        return Task.FromResult(fits);
    }

    public Task AddEventAsync(TenantId tenant, string app, CredentialEvent happened, CancellationToken cancellation)
    {
        History.Add(happened);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<CredentialEvent>> HistoryAsync(TenantId tenant, string app, int? before, int limit, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CredentialEvent>>([.. History.AsEnumerable().Reverse().Take(limit)]);

    public Task<IReadOnlyList<string>> ListAppsAsync(TenantId tenant, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>(Row is null ? [] : [Row.App]);

    public Task<IReadOnlyList<CredentialKey>> ListRotatingAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<CredentialKey>>(Set.Next is null && Set.Previous is null ? [] : [new CredentialKey(Row!.Tenant, Row.App)]);

    private static (int?, int?, int?) VersionsOf(CredentialSet set) => (set.Current?.Version, set.Next?.Version, set.Previous?.Version);
}
