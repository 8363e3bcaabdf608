namespace Ringback.Storage.Cluster;

/// <summary>Which master key the nodes of a cluster seal with, on PostgreSQL: one row, for the installation. Its fingerprint, not the key.</summary>
internal static class MasterKeySql
{
    /// <summary>Across tenants: one key seals for all of them.</summary>
    public const string Add = "insert into cluster_master_key (slot, fingerprint, created_at) values (1, @fingerprint, @at) on conflict (slot) do nothing";

    /// <summary>Across tenants: one key seals for all of them.</summary>
    public const string Find = "select fingerprint from cluster_master_key where slot = 1";

    /// <summary>Across tenants: everything was wrapped with another key.</summary>
    public const string Change = "update cluster_master_key set fingerprint = @fingerprint where slot = 1";

    /// <summary>The table, for the migration.</summary>
    public static string Up => "create table cluster_master_key (slot integer primary key check (slot = 1), fingerprint text not null, created_at bigint not null);";

    /// <summary>What <see cref="Up"/> made.</summary>
    public static string Down => "drop table cluster_master_key;";
}
