namespace Ringback.Storage.Firebase;

internal static class SealedSql
{
    /// <summary>Across tenants, for PostgreSQL: nobody stores with the old key what was not seen here.</summary>
    public const string Lock = "lock table credentials, key_ring in share row exclusive mode";

    /// <summary>Across tenants: one key seals for all of them.</summary>
    public const string ListCredentials = "select tenant_id, app, version, sealed from credentials";

    public const string UpdateCredential = "update credentials set sealed = @sealed where tenant_id = @tenant and app = @app and version = @version";

    /// <summary>Across tenants: the ring belongs to the installation.</summary>
    public const string ListKeyRing = "select key_id, element from key_ring";

    /// <summary>Across tenants: the ring belongs to the installation.</summary>
    public const string UpdateKeyRing = "update key_ring set element = @element where key_id = @key";
}
