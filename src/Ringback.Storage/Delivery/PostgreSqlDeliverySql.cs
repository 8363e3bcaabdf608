namespace Ringback.Storage.Delivery;

/// <summary>
/// The outbox on PostgreSQL: rows come as one array per column, and are locked. Beside it: <see cref="SqliteDeliverySql"/>. Where rows are named by their
/// key, the state is compared as <c>state + 0</c>: PostgreSQL then cannot take the index of pending rows, which looks short in statistics from a quiet
/// hour and is walked as a whole, per batch or even per row, when a flood has filled it.
/// </summary>
internal static class PostgreSqlDeliverySql
{
    public const string Add = """
        insert into outbox (
            tenant_id, notification_id, callback_id, event, round, target_ordinal, app, payload, occurred_at, next_at, expires_at, lease_owner, state, attempts)
        select @tenant, n.*, 0, 0
        from unnest(@notification, @callback, @event, @round, @target, @app, @payload, @occurred, @next, @expires, @owner) as n
        """;

    /// <summary>A row that somebody may be sending at this moment stays: whether it goes out is no longer ours to say.</summary>
    public const string Withdraw = """
        update outbox o set state = 3, last_code = 'withdrawn', last_at = @now, finished_at = @now, lease_owner = null
        from unnest(@callback, @event) as w (callback_id, event)
        where o.tenant_id = @tenant and o.callback_id = w.callback_id and o.event = w.event and o.state + 0 = 0
            and (o.lease_owner is null or o.next_at <= @now)
        """;

    /// <summary>
    /// Across tenants: a process that works here holds the lock of <c>PostgreSqlPresence</c>, whose name ends in the hash of its own. Should two names share a hash, the
    /// leases of the dead one last to their end.
    /// </summary>
    public const string FreeAbandonedLeases = """
        update outbox set lease_owner = null, next_at = occurred_at
        where state = 0 and lease_owner is not null and hashtext(lease_owner) not in (
            select l.objid::bigint::bit(32)::integer from pg_locks l
            where l.locktype = 'advisory' and l.classid = 1919510115 and l.objsubid = 2 and l.granted
                and l.database = (select d.oid from pg_database d where d.datname = current_database()))
        """;

    /// <summary>
    /// Rows that another node is taking are passed over instead of waited for. The rows come in the order in which they fell due. The update names them by an array, of
    /// which the planner expects few: joined with them, it would take a walk through all pending rows for cheaper than a look for each.
    /// </summary>
    public const string Claim = """
        with due as (
            select tenant_id, notification_id, next_at from outbox
            where tenant_id = @tenant and app = @app and state = 0 and next_at <= @now order by next_at, notification_id limit @most for update skip locked),
        taken as (
            update outbox o set lease_owner = @node, next_at = @lease
            where o.tenant_id = @tenant and o.notification_id = any (array(select d.notification_id from due d))
            returning o.tenant_id, o.notification_id, o.callback_id, o.round, o.target_ordinal, o.payload, o.attempts)
        select t.tenant_id, t.round, t.target_ordinal, t.payload, t.attempts, p.type, p.address, p.state
        from taken t
            join due d on d.tenant_id = t.tenant_id and d.notification_id = t.notification_id
            join push_targets p on p.tenant_id = t.tenant_id and p.callback_id = t.callback_id and p.ordinal = t.target_ordinal
        order by d.next_at, t.notification_id
        """;

    /// <summary>Says which of the rows it is, because one whose target is gone has none.</summary>
    public const string FindTargets = """
        select n.position, p.type, p.address, p.state
        from unnest(@tenant, @callback, @ordinal) with ordinality as n (tenant_id, callback_id, ordinal, position), push_targets p
        where p.tenant_id = n.tenant_id and p.callback_id = n.callback_id and p.ordinal = n.ordinal
        order by n.position
        """;

    /// <summary>What the outside world did is true whoever holds the row now, as long as nothing final is written.</summary>
    public const string Finish = """
        update outbox o set state = n.state, attempts = n.attempts, last_code = n.code, last_at = n.at, finished_at = n.at, lease_owner = null
        from unnest(@tenant, @notification, @state, @attempts, @code, @at) as n (tenant_id, notification_id, state, attempts, code, at)
        where o.tenant_id = n.tenant_id and o.notification_id = n.notification_id and o.state + 0 = 0
        """;

    /// <summary>For what a node concludes by itself: it may not take a row from another that is about to send it.</summary>
    public const string FinishOwn = """
        update outbox o set state = n.state, attempts = n.attempts, last_code = n.code, last_at = n.at, finished_at = n.at, lease_owner = null
        from unnest(@tenant, @notification, @state, @attempts, @code, @at) as n (tenant_id, notification_id, state, attempts, code, at)
        where o.tenant_id = n.tenant_id and o.notification_id = n.notification_id and o.state + 0 = 0 and (o.lease_owner is null or o.lease_owner = @node)
        """;

    public const string Retry = """
        update outbox o set
            attempts = n.attempts, last_code = coalesce(n.code, o.last_code), last_at = case when n.code is null then o.last_at else @now end,
            next_at = n.next_at, lease_owner = null
        from unnest(@tenant, @notification, @attempts, @code, @next) as n (tenant_id, notification_id, attempts, code, next_at)
        where o.tenant_id = n.tenant_id and o.notification_id = n.notification_id and o.state + 0 = 0 and o.lease_owner = @node
        """;

    /// <summary>Compare-and-set: the app may have given another address since. Nothing but a revival changes a dead one.</summary>
    public const string MarkTargets = """
        update push_targets p set state = n.state, state_at = n.at, state_project = n.project
        from unnest(@tenant, @callback, @ordinal, @type, @address, @state, @at, @project) as n (tenant_id, callback_id, ordinal, type, address, state, at, project)
        where p.tenant_id = n.tenant_id and p.callback_id = n.callback_id and p.ordinal = n.ordinal and p.type = n.type and p.address = n.address
            and p.state <> 1
        """;
}
