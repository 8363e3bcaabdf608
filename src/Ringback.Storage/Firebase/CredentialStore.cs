using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Engine.Queues;
using Ringback.Storage.Access;

namespace Ringback.Storage.Firebase;

/// <inheritdoc/>
internal sealed class CredentialStore(IDatabase database) : ICredentialStore, IPushApps
{
    /// <summary>Entries of the history that are kept for each app.</summary>
    internal const int HistoryKept = 500;

    private const string Current = "current", Next = "next", Previous = "previous";

    public Task<StoredCredential?> FindAsync(TenantId tenant, string app, CancellationToken cancellation) =>
        Guarded(() => database.ReadAsync(async s => (await s.QueryAsync(CredentialSql.Find, r => Read(r, tenant, app).Stored, tenant, app)).FirstOrDefault()));

    public Task<CredentialSet> FindSetAsync(TenantId tenant, string app, CancellationToken cancellation) =>
        Guarded(() => database.ReadAsync(s => ReadSetAsync(s, tenant, app)));

    public Task<bool> ChangeAsync(
        TenantId tenant, string app, CredentialSet before, CredentialSet after, IReadOnlyList<CredentialEvent> events, CancellationToken cancellation) =>
        Guarded(() => database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.LockAsync(AccessSql.LockTenant, tenant);
            if (VersionsOf(await ReadSetAsync(s, tenant, app)) != VersionsOf(before)) return false;
            await s.ExecuteAsync(CredentialSql.Clear, tenant, app);
            await AddAsync(s, Current, after.Current);
            await AddAsync(s, Next, after.Next);
            await AddAsync(s, Previous, after.Previous);
            foreach (var happened in events) await AddEventAsync(s, tenant, app, happened);
            return true;
        }));

    public Task<bool> RecordCheckAsync(TenantId tenant, string app, int version, CredentialStatus status, LastCheck check, CancellationToken cancellation) =>
        Guarded(() => database.WriteAsync(WorkKind.Other, async s =>
            1 == await s.ExecuteAsync(CredentialSql.RecordCheck, status, check.At, check.Result.ToString(), check.Detail, check.Code, tenant, app, version)));

    public Task AddEventAsync(TenantId tenant, string app, CredentialEvent happened, CancellationToken cancellation) =>
        Guarded(() => database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.LockAsync(AccessSql.LockTenant, tenant);
            await AddEventAsync(s, tenant, app, happened);
            return true;
        }));

    public Task<IReadOnlyList<CredentialEvent>> HistoryAsync(TenantId tenant, string app, int? before, int limit, CancellationToken cancellation) =>
        Guarded(() => database.ReadAsync<IReadOnlyList<CredentialEvent>>(async s =>
            await s.QueryAsync(CredentialSql.History, ReadEvent, tenant, app, before ?? int.MaxValue, limit)));

    public Task<IReadOnlyList<string>> ListAppsAsync(TenantId tenant, CancellationToken cancellation) =>
        Guarded(() => database.ReadAsync<IReadOnlyList<string>>(async s => await s.QueryAsync(CredentialSql.ListApps, r => r.Text(), tenant)));

    public Task<bool> HasAsync(TenantId tenant, string app) =>
        Guarded(() => database.ReadAsync(async s => (await s.QueryAsync(CredentialSql.HasApp, r => r.Int(), tenant, app)).Count > 0));

    public Task<IReadOnlyList<CredentialKey>> ListRotatingAsync(CancellationToken cancellation) =>
        Guarded(() => database.ReadAsync<IReadOnlyList<CredentialKey>>(async s => await s.QueryAsync(CredentialSql.ListRotating, r => new CredentialKey(r.Tenant(), r.Text()))));

    private static async ValueTask<CredentialSet> ReadSetAsync(Session s, TenantId tenant, string app)
    {
        var rows = (await s.QueryAsync(CredentialSql.FindSet, r => Read(r, tenant, app), tenant, app)).ToDictionary(r => r.Slot, r => r.Stored, StringComparer.Ordinal);
        var last = (await s.QueryAsync(CredentialSql.LastVersion, r => r.Int(), tenant, app))[0];
        return new CredentialSet(
            rows.GetValueOrDefault(Current), rows.GetValueOrDefault(Next), rows.GetValueOrDefault(Previous), rows.Values.Select(r => r.Version).Append(last).Max());
    }

    private static (int?, int?, int?) VersionsOf(CredentialSet set) => (set.Current?.Version, set.Next?.Version, set.Previous?.Version);

    private static async ValueTask AddAsync(Session s, string slot, StoredCredential? stored)
    {
        if (stored is not { } c) return;
        await s.ExecuteAsync(
            CredentialSql.Add, c.Tenant, c.App, slot, c.Version, c.ProjectName, c.Sealed, c.ClientEmailMask, c.PrivateKeyMask, c.Fingerprint, c.UpdatedAt, c.UpdatedBy, c.Status,
            c.IsForced, c.KeptUntil, c.LastCheck?.At, c.LastCheck?.Result.ToString(), c.LastCheck?.Detail, c.LastCheck?.Code);
    }

    private static async ValueTask AddEventAsync(Session s, TenantId tenant, string app, CredentialEvent e)
    {
        await s.ExecuteAsync(
            CredentialSql.AddEvent, tenant, app, e.At, e.By, e.Action.ToString(), e.Version, e.ProjectName, e.Fingerprint, e.Result?.ToString(), e.Code, e.Detail);
        await s.ExecuteAsync(CredentialSql.TrimHistory, tenant, app, HistoryKept);
    }

    private static (string Slot, StoredCredential Stored) Read(Row row, TenantId tenant, string app)
    {
        var slot = row.Text();
        var credential = new StoredCredential
        {
            Tenant = tenant,
            App = app,
            Version = row.Int(),
            ProjectName = row.Text(),
            Sealed = row.Bytes(),
            ClientEmailMask = row.Text(),
            PrivateKeyMask = row.Text(),
            Fingerprint = row.Text(),
            UpdatedAt = row.At(),
            UpdatedBy = row.Text(),
            Status = (CredentialStatus)row.Int(),
            IsForced = row.Flag(),
            KeptUntil = row.AtOrNull(),
        };
        var (at, result, detail, code) = (row.AtOrNull(), row.TextOrNull(), row.TextOrNull(), row.TextOrNull());
        return (slot, at is null || result is null ? credential : credential with { LastCheck = new LastCheck(at.Value, Enum.Parse<CheckVerdict>(result), detail ?? "") { Code = code } });
    }

    private static CredentialEvent ReadEvent(Row row)
    {
        var number = row.Int();
        return new CredentialEvent(
            row.At(), row.Text(), Enum.Parse<CredentialAction>(row.Text()), row.Int(), row.Text(), row.Text(),
            row.TextOrNull() is { } result ? Enum.Parse<CheckVerdict>(result) : null, row.TextOrNull(), row.TextOrNull())
        { Number = number };
    }

    /// <summary>The slice expects an outage as a problem: it waits for the credentials instead of losing a push.</summary>
    internal static async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StorageException away)
        {
            throw new ProblemException(Problems.StorageUnavailable.With("The database cannot be reached. Send the same request again."), away);
        }
    }
}
