namespace Ringback.Storage.Access;

internal static class AccessSql
{
    /// <summary>Across tenants: the name is what leads to the tenant.</summary>
    public const string FindTenant = "select tenant_id from tenants where name = @name";

    /// <summary>Across tenants: for PostgreSQL, where two that add at once would find the same number.</summary>
    public const string LockTenants = "lock table tenants in share row exclusive mode";

    /// <summary>For PostgreSQL: serialises what looks before it adds. Rows that refer to the tenant can still be added by others.</summary>
    public const string LockTenant = "select 1 from tenants where tenant_id = @tenant for no key update";

    /// <summary>Across tenants: the numbers are given out here. Tenants are never deleted, so none comes twice.</summary>
    public const string AddTenant = """
        insert into tenants (tenant_id, name, created_at)
        select coalesce(max(tenant_id), 0) + 1, @name, @at from tenants where true
        on conflict (name) do nothing returning tenant_id
        """;

    /// <summary>Across tenants: all of them.</summary>
    public const string ListTenants = "select tenant_id from tenants order by tenant_id";

    /// <summary>Across tenants: for whoever holds the database and mistyped a name.</summary>
    public const string ListTenantNames = "select name from tenants order by tenant_id limit @limit";

    public const string AddKey = """
        insert into api_keys (tenant_id, key_id, name, rights, hash, created_at, revoked_at) values (@tenant, @key, @name, @rights, @hash, @created, @revoked)
        """;

    public const string FindKey = "select key_id, name, rights, created_at, revoked_at from api_keys where tenant_id = @tenant and hash = @hash";
}
