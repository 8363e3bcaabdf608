namespace Ringback.Storage.Cluster;

/// <summary>
/// Where the nodes of a cluster find each other on PostgreSQL. Orleans reads the statements that it runs from table <c>orleansquery</c>; the keys, the names of
/// the parameters and those of the result columns are its contract (ADO.NET clustering, 10.4), the tables and the texts are ours. These rows belong to
/// the installation, not to a tenant.
/// </summary>
internal static class MembershipSql
{
    /// <summary>Tables and statements, for the migration.</summary>
    public static string Up { get; } = Tables + string.Concat(Statements().Select(s => $"insert into orleansquery (querykey, querytext) values ('{s.Key}', '{s.Text.Replace("'", "''", StringComparison.Ordinal)}');\n"));

    /// <summary>What <see cref="Up"/> made.</summary>
    public static string Down => "drop table orleansquery; drop table cluster_nodes; drop table cluster_versions;";

    private const string Tables = """
        create table orleansquery (querykey text primary key, querytext text not null);
        create table cluster_versions (deployment_id text primary key, version integer not null default 0);
        create table cluster_nodes (
          deployment_id text not null references cluster_versions (deployment_id),
          address text not null,
          port integer not null,
          generation integer not null,
          silo_name text not null,
          host_name text not null,
          status integer not null,
          proxy_port integer not null,
          suspect_times text,
          start_time timestamp with time zone not null,
          alive_time timestamp with time zone not null,
          primary key (deployment_id, address, port, generation));

        """;

    private const string Columns = """
        v.deployment_id as "DeploymentId", n.address as "Address", n.port as "Port", n.generation as "Generation", n.silo_name as "SiloName", n.host_name as "HostName",
        n.status as "Status", n.proxy_port as "ProxyPort", n.suspect_times as "SuspectTimes", n.start_time as "StartTime", n.alive_time as "IAmAliveTime", v.version as "Version"
        """;

    private const string ThisNode = "deployment_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation";

    private static IEnumerable<(string Key, string Text)> Statements()
    {
        yield return ("InsertMembershipVersionKey",
            "with added as (insert into cluster_versions (deployment_id) values (@DeploymentId) on conflict do nothing returning 1) select count(*) from added");
        // A change counts only on top of the version that its author has read; the version row is the lock that puts changes in order.
        yield return ("InsertMembershipKey", $"""
            with raised as (
              update cluster_versions set version = version + 1
              where deployment_id = @DeploymentId and version = @Version and not exists (select 1 from cluster_nodes where {ThisNode}) returning 1),
            added as (
              insert into cluster_nodes (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, alive_time)
              select @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from raised returning 1)
            select count(*) from added
            """);
        yield return ("UpdateMembershipKey", $"""
            with raised as (
              update cluster_versions set version = version + 1
              where deployment_id = @DeploymentId and version = @Version and exists (select 1 from cluster_nodes where {ThisNode}) returning 1),
            changed as (
              update cluster_nodes set status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
              where {ThisNode} and exists (select 1 from raised) returning 1)
            select count(*) from changed
            """);
        yield return ("UpdateIAmAlivetimeKey", $"update cluster_nodes set alive_time = @IAmAliveTime where {ThisNode}");
        yield return ("MembershipReadRowKey", $"""
            select {Columns} from cluster_versions v
            left join cluster_nodes n on n.deployment_id = v.deployment_id and n.address = @Address and n.port = @Port and n.generation = @Generation
            where v.deployment_id = @DeploymentId
            """);
        yield return ("MembershipReadAllKey", $"select {Columns} from cluster_versions v left join cluster_nodes n on n.deployment_id = v.deployment_id where v.deployment_id = @DeploymentId");
        yield return ("GatewaysQueryKey",
            """select address as "Address", proxy_port as "ProxyPort", generation as "Generation" from cluster_nodes where deployment_id = @DeploymentId and status = @Status and proxy_port > 0""");
        yield return ("DeleteMembershipTableEntriesKey", "delete from cluster_nodes where deployment_id = @DeploymentId; delete from cluster_versions where deployment_id = @DeploymentId;");
        // Status 6 is Dead: only the rows of nodes that are known to be gone are cleared away.
        yield return ("CleanupDefunctSiloEntriesKey",
            "delete from cluster_nodes where deployment_id = @DeploymentId and status = 6 and alive_time < @IAmAliveTime and start_time < @IAmAliveTime");
        yield return ("CleanupDefunctSiloEntryKey", $"""
            delete from cluster_nodes where {ThisNode} and status = 6 and alive_time = @IAmAliveTime and start_time = @StartTime
            and coalesce(suspect_times, '') = coalesce(@SuspectTimes, '')
            """);
    }
}
