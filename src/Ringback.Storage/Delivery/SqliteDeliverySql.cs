namespace Ringback.Storage.Delivery;

/// <summary>The outbox on SQLite: a statement per row. Beside it: <see cref="PostgreSqlDeliverySql"/>.</summary>
internal static class SqliteDeliverySql
{
    /// <summary>Across tenants: only one process at a time has the file, so every lease that it finds at its start was left by an earlier one.</summary>
    public const string FreeAbandonedLeases = "update outbox set lease_owner = null, next_at = occurred_at where state = 0 and lease_owner is not null";

    public const string Add = """
        insert into outbox (
            tenant_id, notification_id, callback_id, event, round, target_ordinal, app, payload, state, attempts, occurred_at, next_at, expires_at, lease_owner)
        values (@tenant, @notification, @callback, @event, @round, @target, @app, @payload, 0, 0, @occurred, @next, @expires, @owner)
        """;

    /// <summary>A row that somebody may be sending at this moment stays: whether it goes out is no longer ours to say.</summary>
    public const string Withdraw = """
        update outbox set state = 3, last_code = 'withdrawn', last_at = @now, finished_at = @now, lease_owner = null
        where tenant_id = @tenant and callback_id = @callback and event = @event and state = 0 and (lease_owner is null or next_at <= @now)
        """;

    /// <summary>Only to be used in the transaction that then takes the rows: nobody else writes until it ends.</summary>
    public const string FindDue = """
        select o.tenant_id, o.round, o.target_ordinal, o.payload, o.attempts, p.type, p.address, p.state
        from outbox o join push_targets p on p.tenant_id = o.tenant_id and p.callback_id = o.callback_id and p.ordinal = o.target_ordinal
        where o.tenant_id = @tenant and o.app = @app and o.state = 0 and o.next_at <= @now order by o.next_at, o.notification_id limit @most
        """;

    public const string Take = """
        update outbox set lease_owner = @node, next_at = @lease where tenant_id = @tenant and notification_id = @notification and state = 0
        """;

    public const string FindTarget = """
        select type, address, state from push_targets where tenant_id = @tenant and callback_id = @callback and ordinal = @ordinal
        """;

    /// <summary>What the outside world did is true whoever holds the row now, as long as nothing final is written.</summary>
    public const string Finish = """
        update outbox set state = @state, attempts = @attempts, last_code = @code, last_at = @at, finished_at = @at, lease_owner = null
        where tenant_id = @tenant and notification_id = @notification and state = 0
        """;

    /// <summary>For what a node concludes by itself: it may not take a row from another that is about to send it.</summary>
    public const string FinishOwn = """
        update outbox set state = @state, attempts = @attempts, last_code = @code, last_at = @at, finished_at = @at, lease_owner = null
        where tenant_id = @tenant and notification_id = @notification and state = 0 and (lease_owner is null or lease_owner = @node)
        """;

    public const string Retry = """
        update outbox set
            attempts = @attempts, last_code = coalesce(@code, last_code), last_at = case when @code is null then last_at else @now end, next_at = @next,
            lease_owner = null
        where tenant_id = @tenant and notification_id = @notification and state = 0 and lease_owner = @node
        """;

    /// <summary>Compare-and-set: the app may have given another address since. Nothing but a revival changes a dead one.</summary>
    public const string MarkTarget = """
        update push_targets set state = @state, state_at = @at, state_project = @project
        where tenant_id = @tenant and callback_id = @callback and ordinal = @ordinal and type = @type and address = @address and state <> 1
        """;
}
