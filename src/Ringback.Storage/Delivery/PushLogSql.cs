namespace Ringback.Storage.Delivery;

/// <summary>Pushes as people look for them, whether they lie in the outbox or in the history. Ids grow with time, so their order is that of decision.</summary>
internal static class PushLogSql
{
    private const string Columns = """
        select o.payload, o.round, o.target_ordinal, o.state, o.attempts, o.next_at, case when o.lease_owner is null then 0 else 1 end, o.last_code, o.last_at, o.finished_at,
            p.type, substr(p.address, 1, 6), length(p.address), p.state from
        """;

    private const string Target = "o left join push_targets p on p.tenant_id = o.tenant_id and p.callback_id = o.callback_id and p.ordinal = o.target_ordinal";

    /// <summary>
    /// A state below 0 is any; an empty event, code or project is any. The app stands in the message, where no text can hold an unescaped quotation mark; a message without one is the default app's.
    /// </summary>
    private const string Fits = """
        (@state < 0 or o.state = @state) and (@event = '' or o.event = @event) and (@code = '' or o.last_code = @code)
            and (@project = '' or (o.state = 1 and o.last_code like @named) or (o.state <> 1 and (o.payload like @app or (@default = 1 and o.payload not like '%"app":"%'))))
        order by o.notification_id desc limit @limit
        """;

    private const string InTime = "o.notification_id < @before and o.notification_id >= @since";

    /// <summary>Each table gives its newest rows that fit, by its primary key and no more than the list takes; of these few the newest are the list.</summary>
    public const string List = $"""
        {Columns} (
            select * from ({PushHistorySql.OfOutbox} o where o.tenant_id = @tenant and {InTime} and {Fits}) a
            union all
            select * from ({PushHistorySql.OfHistory} o where o.tenant_id = @tenant and {InTime} and {Fits}) b) {Target}
        where o.tenant_id = @tenant order by o.notification_id desc limit @limit
        """;

    /// <summary>A text of its own: the callback's rows lie together in an index of either table, and are few. As a case, or SQLite would rather walk all rows of that time.</summary>
    public const string ListOfCallback = $"""
        {Columns} {PushHistorySql.EveryPush} {Target}
        where o.tenant_id = @tenant and o.callback_id = @callback and case when {InTime} then 1 else 0 end = 1 and {Fits}
        """;

    public const string Find = $"""
        {Columns} {PushHistorySql.EveryPush} {Target}
        where o.tenant_id = @tenant and o.notification_id = @notification
        """;

    public const string OfCallback = $"""
        {Columns} {PushHistorySql.EveryPush} {Target}
        where o.tenant_id = @tenant and o.callback_id = @callback order by o.notification_id
        """;

    public const string OfTarget = $"""
        {Columns} {PushHistorySql.EveryPush} {Target}
        where o.tenant_id = @tenant and o.callback_id = @callback and o.target_ordinal = @target
        """;

    /// <summary>Nothing where somebody else has the same wish at the same moment.</summary>
    public const string Add = """
        insert into outbox (
            tenant_id, notification_id, callback_id, event, round, target_ordinal, app, payload, state, attempts, occurred_at, next_at, expires_at)
        values (@tenant, @notification, @callback, @event, @round, @target, @app, @payload, 0, 0, @occurred, @next, @expires)
        on conflict (tenant_id, callback_id, target_ordinal, event, round) do nothing
        """;
}
