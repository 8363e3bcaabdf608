namespace Ringback.Storage.Callbacks;

internal static class CallbackSql
{
    public const string Add = """
        insert into callbacks (
            tenant_id, callback_id, queue_id, state, reason, phone_number, language, target_count, scheduled, created_at, desired_at, sort_key,
            live_ticket, returns_at, attempts_made, trunk_errors_in_row, upcoming, ready_round, ready_ends_at, processing_since, event_sequence,
            timeline_sequence, completed_at, user_data, route_point, survey_route_point, priority, reporting)
        values (
            @tenant, @callback, @queue, @state, @reason, @phone, @language, @targets, @scheduled, @created, @desired, @sort,
            @ticket, @returns, @attempts, @trunk, @upcoming, @round, @ready, @processing, @events,
            @timeline, @completed, @data, @route, @survey, @priority, @reporting)
        """;

    /// <summary>The queue stands in the condition so that an owner can only ever write callbacks of its own queue.</summary>
    public const string Change = """
        update callbacks set
            state = @state, reason = @reason, phone_number = @phone, language = @language, target_count = @targets, scheduled = @scheduled,
            created_at = @created, desired_at = @desired, sort_key = @sort, live_ticket = @ticket, returns_at = @returns, attempts_made = @attempts,
            trunk_errors_in_row = @trunk, upcoming = @upcoming, ready_round = @round, ready_ends_at = @ready, processing_since = @processing,
            event_sequence = @events, timeline_sequence = @timeline, completed_at = @completed
        where tenant_id = @tenant and callback_id = @callback and queue_id = @queue
        """;

    public const string AddTarget = """
        insert into push_targets (tenant_id, callback_id, ordinal, type, address, state) values (@tenant, @callback, @ordinal, @type, @address, 0)
        """;

    public const string AddTimelineEntry = """
        insert into timeline (tenant_id, callback_id, sequence, at, kind, detail) values (@tenant, @callback, @sequence, @at, @kind, @detail)
        """;

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

    public const string FindDetails = """
        select user_data, route_point, survey_route_point, priority, reporting from callbacks where tenant_id = @tenant and callback_id = @callback
        """;

    public const string FindAddresses = "select address from push_targets where tenant_id = @tenant and callback_id = @callback order by ordinal";

    public const string Timeline = """
        select sequence, at, kind, detail from timeline where tenant_id = @tenant and callback_id = @callback order by sequence
        """;

    private const string Columns = """
        c.callback_id, c.state, c.reason, c.phone_number, c.language, c.target_count, c.scheduled, c.created_at, c.desired_at, c.sort_key,
        c.live_ticket, c.returns_at, c.attempts_made, c.trunk_errors_in_row, c.upcoming, c.ready_round, c.ready_ends_at, c.processing_since,
        c.event_sequence, c.timeline_sequence, c.completed_at
        """;
}
