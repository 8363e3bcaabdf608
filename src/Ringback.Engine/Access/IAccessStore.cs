namespace Ringback.Engine.Access;

/// <summary>Tenants and their API keys.</summary>
public interface IAccessStore
{
    /// <summary>The tenant of that name, or null.</summary>
    Task<TenantId?> FindTenantAsync(string name);

    /// <summary>Adds a tenant; null where the name is taken.</summary>
    Task<TenantId?> AddTenantAsync(string name, DateTimeOffset at);

    /// <summary>Every tenant that there is.</summary>
    Task<IReadOnlyList<TenantId>> ListTenantsAsync();

    /// <summary>Names of tenants, the oldest first, at most so many.</summary>
    Task<IReadOnlyList<string>> ListTenantNamesAsync(int limit);

    /// <summary>Adds a key.</summary>
    Task AddKeyAsync(ApiKeyRecord key);

    /// <summary>The key with that hash, revoked or not, or null.</summary>
    Task<ApiKeyRecord?> FindKeyAsync(TenantId tenant, byte[] hash);
}
