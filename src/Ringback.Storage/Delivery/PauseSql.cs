namespace Ringback.Storage.Delivery;

internal static class PauseSql
{
    /// <summary>Across tenants: the loop sends for all of them.</summary>
    public const string List = "select tenant_id, queue_name, paused_at, paused_by from delivery_pauses order by tenant_id, queue_name";

    public const string Add = """
        insert into delivery_pauses (tenant_id, queue_name, paused_at, paused_by) values (@tenant, @queue, @at, @by)
        on conflict (tenant_id, queue_name) do nothing
        """;

    public const string Remove = "delete from delivery_pauses where tenant_id = @tenant and queue_name = @queue";

    /// <summary>What is held is due at its expiry; nothing else that is due later carries this code.</summary>
    public const string WakeHeld = $"""
        {DeliverySql.PendingApps}
        update outbox set next_at = @now
        where tenant_id = @tenant and app in (select a.app from apps a) and state = 0 and lease_owner is null and next_at > @now and last_code = 'delivery.paused'
        """;

    /// <summary>The same at the end of a queue, where there may be no pause to end.</summary>
    public const string WakeHeldByQueue = $"""
        {WakeHeld} and {IsPaused}
        """;

    /// <summary>In front of <see cref="Remove"/>; nothing where there is no pause.</summary>
    public const string AuditEndOfQueue = $"""
        insert into audit (tenant_id, audit_id, at, actor, action, detail)
        select @tenant, @audit, @at, @actor, @action, @detail where {IsPaused}
        """;

    /// <summary>Across tenants: at the start.</summary>
    public const string WakeAllHeld = """
        update outbox set next_at = @now where state = 0 and lease_owner is null and next_at > @now and last_code = 'delivery.paused'
        """;

    private const string IsPaused = "exists (select 1 from delivery_pauses p where p.tenant_id = @tenant and p.queue_name = @queue)";
}
