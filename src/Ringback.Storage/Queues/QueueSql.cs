namespace Ringback.Storage.Queues;

internal static class QueueSql
{
    public const string Find = """
        select tenant_id, queue_id, name, settings, settings_version from queues where tenant_id = @tenant and name = @name and deleted_at is null
        """;

    public const string FindByNumber = """
        select tenant_id, queue_id, name, settings, settings_version from queues where tenant_id = @tenant and queue_id = @queue and deleted_at is null
        """;

    public const string List = """
        select tenant_id, queue_id, name, settings, settings_version from queues where tenant_id = @tenant and deleted_at is null order by name
        """;

    /// <summary>Deleted queues count too, so that no number comes twice.</summary>
    public const string Add = """
        insert into queues (tenant_id, queue_id, name, epoch, settings, settings_version, live)
        select @tenant, coalesce(max(queue_id), 0) + 1, @name, 0, @settings, 1, @live from queues where tenant_id = @tenant
        on conflict (tenant_id, name) where deleted_at is null do nothing returning queue_id
        """;

    public const string AddHistory = """
        insert into settings_history (tenant_id, queue_id, version, settings, changed_by, changed_at)
        values (@tenant, @queue, @version, @settings, @by, @at)
        """;

    /// <summary>By name, because a queue that was deleted is still asked about by it.</summary>
    public const string History = """
        select h.queue_id, h.version, h.changed_at, h.changed_by, h.settings
        from settings_history h join queues q on q.tenant_id = h.tenant_id and q.queue_id = h.queue_id
        where h.tenant_id = @tenant and q.name = @name and (h.queue_id < @queue or (h.queue_id = @queue and h.version < @version))
        order by h.queue_id desc, h.version desc limit @limit
        """;

    /// <summary>Shuts earlier owners out. On PostgreSQL it waits for their running transactions, which hold the row.</summary>
    public const string RaiseEpoch = """
        update queues set epoch = epoch + 1 where tenant_id = @tenant and queue_id = @queue and deleted_at is null
        returning epoch, name, settings, settings_version, live
        """;

    public const string SaveLive = "update queues set live = @live where tenant_id = @tenant and queue_id = @queue";

    public const string SaveSettings = """
        update queues set settings = @settings, settings_version = @version where tenant_id = @tenant and queue_id = @queue
        """;

    /// <summary>Past the owner: only over the version that the caller saw. On PostgreSQL it waits for the owner's running transaction, which holds the row.</summary>
    public const string WriteOver = """
        update queues set settings = @settings, settings_version = settings_version + 1, epoch = epoch + @raise
        where tenant_id = @tenant and queue_id = @queue and settings_version = @version and deleted_at is null
        """;

    public const string CountNotOver = "select count(*) from callbacks where tenant_id = @tenant and queue_id = @queue and state <> 4";

    public const string Delete = """
        update queues set deleted_at = @at, settings_version = @version where tenant_id = @tenant and queue_id = @queue
        """;

    /// <summary>Across tenants: the sweep by which owners notice what was written past them.</summary>
    public const string Versions = "select tenant_id, queue_id, settings_version from queues where deleted_at is null";

    /// <summary>Across tenants: the sweep that wakes queues.</summary>
    public const string WithWork = """
        select tenant_id, queue_id from queues q
        where deleted_at is null and exists (select 1 from callbacks c where c.tenant_id = q.tenant_id and c.queue_id = q.queue_id and c.state <> 4)
        order by tenant_id, queue_id
        """;
}
