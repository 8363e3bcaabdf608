using Ringback.Engine.Firebase;

namespace Ringback.Storage.Cluster;

/// <inheritdoc/>
internal sealed class MasterKeyStore(IDatabase database) : IMasterKeyStore
{
    public Task<string> KeepAsync(string fingerprint, DateTimeOffset at) => database.Dialect == Dialect.PostgreSql
        ? database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.ExecuteAsync(MasterKeySql.Add, fingerprint, at);
            return (await s.QueryAsync(MasterKeySql.Find, r => r.Text()))[0];
        })
        : Task.FromResult(fingerprint); // One process has the file: there is nobody to differ from.

    public Task<string?> FindAsync() => database.Dialect == Dialect.PostgreSql
        ? database.ReadAsync(async s => (await s.QueryAsync(MasterKeySql.Find, r => r.Text())).FirstOrDefault())
        : Task.FromResult<string?>(null);
}
