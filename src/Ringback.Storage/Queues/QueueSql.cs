namespace Ringback.Storage.Queues;

internal static class QueueSql
{
    public const string Find = "select tenant_id, queue_id, name, settings, settings_version from queues where tenant_id = @tenant and name = @name";

    public const string List = "select tenant_id, queue_id, name, settings, settings_version from queues where tenant_id = @tenant order by name";

    public const string Add = """
        insert into queues (tenant_id, queue_id, name, epoch, settings, settings_version, live)
        select @tenant, coalesce(max(queue_id), 0) + 1, @name, 0, @settings, 1, @live from queues where tenant_id = @tenant
        on conflict (tenant_id, name) do nothing returning queue_id
        """;

    public const string AddHistory = """
        insert into settings_history (tenant_id, queue_id, version, settings, changed_by, changed_at)
        values (@tenant, @queue, @version, @settings, @by, @at)
        """;

    /// <summary>Shuts earlier owners out. On PostgreSQL it waits for their running transactions, which hold the row.</summary>
    public const string RaiseEpoch = """
        update queues set epoch = epoch + 1 where tenant_id = @tenant and queue_id = @queue returning epoch, name, settings, settings_version, live
        """;

    public const string SaveLive = "update queues set live = @live where tenant_id = @tenant and queue_id = @queue";

    public const string SaveSettings = """
        update queues set settings = @settings, settings_version = @version where tenant_id = @tenant and queue_id = @queue
        """;

    /// <summary>Across tenants: the sweep that wakes queues.</summary>
    public const string WithWork = """
        select tenant_id, queue_id from queues q
        where exists (select 1 from callbacks c where c.tenant_id = q.tenant_id and c.queue_id = q.queue_id and c.state <> 4)
        order by tenant_id, queue_id
        """;
}
