using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Storage.Access;

/// <inheritdoc/>
internal sealed class AccessStore(IDatabase database) : IAccessStore
{
    public Task<TenantId?> FindTenantAsync(string name) =>
        database.ReadAsync(async s => First(await s.QueryAsync(AccessSql.FindTenant, r => r.Tenant(), name)));

    public Task<TenantId?> AddTenantAsync(string name, DateTimeOffset at) =>
        database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.LockAsync(AccessSql.LockTenants);
            return First(await s.QueryAsync(AccessSql.AddTenant, r => r.Tenant(), name, at));
        });

    public Task<IReadOnlyList<TenantId>> ListTenantsAsync() =>
        database.ReadAsync<IReadOnlyList<TenantId>>(async s => await s.QueryAsync(AccessSql.ListTenants, r => r.Tenant()));

    public Task<IReadOnlyList<string>> ListTenantNamesAsync(int limit) =>
        database.ReadAsync<IReadOnlyList<string>>(async s => await s.QueryAsync(AccessSql.ListTenantNames, r => r.Text(), limit));

    public Task AddKeyAsync(ApiKeyRecord key) =>
        database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(
            AccessSql.AddKey, key.Tenant, key.Id, key.Name, key.Rights, key.Hash, key.CreatedAt, key.RevokedAt));

    public Task<ApiKeyRecord?> FindKeyAsync(TenantId tenant, byte[] hash) =>
        database.ReadAsync(async s => (await s.QueryAsync(
            AccessSql.FindKey, r => new ApiKeyRecord(tenant, r.Id(), r.Text(), (ApiRights)r.Int(), hash, r.At(), r.AtOrNull()), tenant, hash)).FirstOrDefault());

    private static TenantId? First(List<TenantId> found) => found is [var tenant] ? tenant : null;
}
