using Ringback.Engine.Firebase;
using Ringback.Storage.Cluster;

namespace Ringback.Storage.Firebase;

/// <inheritdoc/>
internal sealed class SealedStore(IDatabase database) : ISealedStore
{
    public Task<int> ReplaceAsync(Func<SealedRecord, byte[]?> credential, Func<string, string?> keyRingElement, string fingerprint) =>
        CredentialStore.Guarded(() => database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.LockAsync(SealedSql.Lock);
            var replaced = 0;
            foreach (var record in await s.QueryAsync(SealedSql.ListCredentials, r => new SealedRecord(r.Tenant(), r.Text(), r.Int(), r.Bytes())))
            {
                if (credential(record) is { } anew) replaced += await s.ExecuteAsync(SealedSql.UpdateCredential, anew, record.Tenant, record.App, record.Version);
            }
            foreach (var (id, element) in await s.QueryAsync(SealedSql.ListKeyRing, r => (r.Id(), r.Text())))
            {
                if (keyRingElement(element) is { } anew) replaced += await s.ExecuteAsync(SealedSql.UpdateKeyRing, anew, id);
            }
            // In the same transaction: nodes that still hold the old key must not start and seal with it.
            if (database.Dialect == Dialect.PostgreSql) await s.ExecuteAsync(MasterKeySql.Change, fingerprint);
            return replaced;
        }));
}
