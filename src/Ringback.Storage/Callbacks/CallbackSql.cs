namespace Ringback.Storage.Callbacks;

/// <summary>The texts that both databases take. Writing differs: <see cref="SqliteCallbackSql"/>, <see cref="PostgreSqlCallbackSql"/>.</summary>
internal static class CallbackSql
{
    public const string LoadNotOver = $"select {Columns} from callbacks c where c.tenant_id = @tenant and c.queue_id = @queue and c.state <> 4";

    /// <summary>Callbacks that are over, but whose last attempt may still be reported on.</summary>
    public const string LoadOverWithAttempt = $"""
        select {Columns} from callbacks c
        where c.tenant_id = @tenant and c.state = 4
            and c.callback_id in (select a.callback_id from attempts a where a.tenant_id = @tenant and a.queue_id = @queue and a.state <> 3)
        """;

    public const string Find = $"""
        select {Columns}, c.queue_id, q.name from callbacks c join queues q on q.tenant_id = c.tenant_id and q.queue_id = c.queue_id
        where c.tenant_id = @tenant and c.callback_id = @callback
        """;

    /// <summary>Ids sort by age, so the primary key gives the order. A queue of 0 is any queue.</summary>
    public const string ListOfState = $"""
        select {Columns}, c.queue_id, q.name from callbacks c join queues q on q.tenant_id = c.tenant_id and q.queue_id = c.queue_id
        where c.tenant_id = @tenant and c.state = @state and (@queue = 0 or c.queue_id = @queue) and c.callback_id < @before
        order by c.callback_id desc limit @limit
        """;

    /// <summary>Those that are not over, by the index that holds only them.</summary>
    public const string ListNotOver = $"""
        select {Columns}, c.queue_id, q.name from callbacks c join queues q on q.tenant_id = c.tenant_id and q.queue_id = c.queue_id
        where c.tenant_id = @tenant and c.state <> 4 and (@queue = 0 or c.queue_id = @queue) and c.callback_id < @before
        order by c.callback_id desc limit @limit
        """;

    public const string FindDetails = """
        select user_data, route_point, survey_route_point, priority, reporting from callbacks where tenant_id = @tenant and callback_id = @callback
        """;

    public const string FindAddresses = "select address from push_targets where tenant_id = @tenant and callback_id = @callback order by ordinal";

    /// <summary>Few of these are written at once, so one text serves both databases.</summary>
    public const string SetTarget = """
        insert into push_targets (tenant_id, callback_id, ordinal, type, address, state) values (@tenant, @callback, @ordinal, @type, @address, @state)
        on conflict (tenant_id, callback_id, ordinal) do update set
            type = excluded.type, address = excluded.address, state = excluded.state, state_at = null, state_project = null
        """;

    public const string Timeline = """
        select sequence, at, kind, detail from timeline where tenant_id = @tenant and callback_id = @callback order by sequence
        """;

    private const string Columns = """
        c.callback_id, c.state, c.reason, c.phone_number, c.language, c.target_count, c.scheduled, c.created_at, c.desired_at, c.sort_key,
        c.live_ticket, c.returns_at, c.attempts_made, c.trunk_errors_in_row, c.upcoming, c.ready_round, c.ready_ends_at, c.processing_since,
        c.event_sequence, c.timeline_sequence, c.completed_at, c.reschedules
        """;
}
