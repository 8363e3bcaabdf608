using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Storage.Access;

/// <inheritdoc/>
internal sealed class UserAccountStore(IDatabase database) : IUserAccountStore
{
    public Task<UserAccount?> FindAsync(TenantId tenant, Guid userId) =>
        database.ReadAsync(async s => (await s.QueryAsync(UserSql.Find, r => Read(tenant, r), tenant, userId)).FirstOrDefault());

    public Task<UserAccount?> FindByNameAsync(TenantId tenant, string normalizedName) =>
        database.ReadAsync(async s => (await s.QueryAsync(UserSql.FindByName, r => Read(tenant, r), tenant, normalizedName)).FirstOrDefault());

    public Task<IReadOnlyList<UserAccount>> ListAsync(TenantId tenant) =>
        database.ReadAsync<IReadOnlyList<UserAccount>>(async s => await s.QueryAsync(UserSql.List, r => Read(tenant, r), tenant));

    public Task<bool> AddAsync(UserAccount account) => database.WriteAsync(WorkKind.Other, async s => await s.ExecuteAsync(
        UserSql.Add, account.Tenant, account.Id, account.Name, account.NormalizedName, account.Role, account.PasswordHash, account.SecurityStamp,
        account.FailedSignIns, account.LockedUntil, account.CreatedAt, account.Version) == 1);

    public Task<bool> SaveAsync(UserAccount account) => database.WriteAsync(WorkKind.Other, async s => await s.ExecuteAsync(
        UserSql.Save, account.Role, account.PasswordHash, account.SecurityStamp, account.FailedSignIns, account.LockedUntil,
        account.Tenant, account.Id, account.Version) == 1);

    private static UserAccount Read(TenantId tenant, Row row) => new()
    {
        Tenant = tenant,
        Id = row.Id(),
        Name = row.Text(),
        NormalizedName = row.Text(),
        Role = (UserRole)row.Int(),
        PasswordHash = row.Text(),
        SecurityStamp = row.Text(),
        FailedSignIns = row.Int(),
        LockedUntil = row.AtOrNull(),
        CreatedAt = row.At(),
        Version = row.Int(),
    };
}

/// <inheritdoc/>
internal sealed class KeyRingStore(IDatabase database) : IKeyRingStore
{
    public Task<IReadOnlyList<string>> ListAsync() => database.ReadAsync<IReadOnlyList<string>>(async s => await s.QueryAsync(UserSql.ListKeyRing, r => r.Text()));

    public Task AddAsync(Guid id, string element, DateTimeOffset at) =>
        database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(UserSql.AddToKeyRing, id, element, at));
}
