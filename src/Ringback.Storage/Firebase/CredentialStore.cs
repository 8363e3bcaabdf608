using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Firebase;

namespace Ringback.Storage.Firebase;

/// <inheritdoc/>
internal sealed class CredentialStore(IDatabase database) : ICredentialStore
{
    public Task<StoredCredential?> FindAsync(TenantId tenant, string app, CancellationToken cancellation) =>
        Guarded(() => database.ReadAsync(async s => (await s.QueryAsync(CredentialSql.Find, r => Read(r, tenant, app), tenant, app)).FirstOrDefault()));

    public Task<bool> SaveAsync(StoredCredential credential, CancellationToken cancellation) =>
        Guarded(() => database.WriteAsync(WorkKind.Other, async s =>
        {
            var (c, check) = (credential, credential.LastCheck);
            object?[] said = [c.ProjectName, c.Sealed, c.ClientEmailMask, c.PrivateKeyMask, c.UpdatedAt, c.UpdatedBy, c.Status, check?.At, check?.Result.ToString(), check?.Detail];
            return 1 == (c.Version == 1
                ? await s.ExecuteAsync(CredentialSql.Add, [c.Tenant, c.App, c.Version, .. said])
                : await s.ExecuteAsync(CredentialSql.Replace, [c.Version, .. said, c.Tenant, c.App, c.Version - 1]));
        }));

    public Task<bool> RecordCheckAsync(TenantId tenant, string app, int version, CredentialStatus status, LastCheck check, CancellationToken cancellation) =>
        Guarded(() => database.WriteAsync(WorkKind.Other, async s =>
            1 == await s.ExecuteAsync(CredentialSql.RecordCheck, status, check.At, check.Result.ToString(), check.Detail, tenant, app, version)));

    private static StoredCredential Read(Row row, TenantId tenant, string app)
    {
        var credential = new StoredCredential
        {
            Tenant = tenant,
            App = app,
            Version = row.Int(),
            ProjectName = row.Text(),
            Sealed = row.Bytes(),
            ClientEmailMask = row.Text(),
            PrivateKeyMask = row.Text(),
            UpdatedAt = row.At(),
            UpdatedBy = row.Text(),
            Status = (CredentialStatus)row.Int(),
        };
        var (at, result, detail) = (row.AtOrNull(), row.TextOrNull(), row.TextOrNull());
        return at is null || result is null ? credential : credential with { LastCheck = new LastCheck(at.Value, Enum.Parse<CheckVerdict>(result), detail ?? "") };
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
