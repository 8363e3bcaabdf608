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
    public const string WakeHeld = """
        update outbox set next_at = @now
        where tenant_id = @tenant and state = 0 and lease_owner is null and next_at > @now and last_code = 'delivery.paused'
        """;

    /// <summary>Across tenants: at the start.</summary>
    public const string WakeAllHeld = """
        update outbox set next_at = @now where state = 0 and lease_owner is null and next_at > @now and last_code = 'delivery.paused'
        """;
}
