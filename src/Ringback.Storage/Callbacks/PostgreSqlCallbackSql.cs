namespace Ringback.Storage.Callbacks;

/// <summary>
/// How an owner's changes are written on PostgreSQL: a statement per table, whose rows come as one array per column. Beside it:
/// <see cref="SqliteCallbackSql"/>.
/// </summary>
internal static class PostgreSqlCallbackSql
{
    /// <summary>
    /// The fence, first in every transaction of an owner. It fails the transaction by itself, so that nobody has to look at the epoch before COMMIT may
    /// be sent. The lock holds up an activation, which updates the row, until this transaction has ended; one that came first is waited for, and
    /// the epoch is then compared with what it wrote.
    /// </summary>
    public const string RequireEpoch = """
        select ringback_require('RB001', (select count(*) from (
            select 1 from queues where tenant_id = @tenant and queue_id = @queue and epoch = @epoch for share) as held) = 1)
        """;

    public const string Add = """
        insert into callbacks (
            tenant_id, queue_id, callback_id, state, reason, phone_number, language, target_count, scheduled, created_at, desired_at, sort_key,
            live_ticket, returns_at, attempts_made, trunk_errors_in_row, upcoming, ready_round, ready_ends_at, processing_since, event_sequence,
            timeline_sequence, completed_at, reschedules, user_data, route_point, survey_route_point, priority, reporting)
        select @tenant, @queue, n.* from unnest(
            @callback, @state, @reason, @phone, @language, @targets, @scheduled, @created, @desired, @sort,
            @ticket, @returns, @attempts, @trunk, @upcoming, @round, @ready, @processing, @events,
            @timeline, @completed, @reschedules, @data, @route, @survey, @priority, @reporting) as n
        """;

    /// <summary>
    /// The queue stands in the condition so that an owner can only ever write callbacks of its own queue. A row must not come twice: which one counted
    /// would be left to chance.
    /// </summary>
    public const string Change = """
        with changed as (
            update callbacks c set
                state = n.state, reason = n.reason, phone_number = n.phone_number, language = n.language, target_count = n.target_count,
                scheduled = n.scheduled, created_at = n.created_at, desired_at = n.desired_at, sort_key = n.sort_key, live_ticket = n.live_ticket,
                returns_at = n.returns_at, attempts_made = n.attempts_made, trunk_errors_in_row = n.trunk_errors_in_row, upcoming = n.upcoming,
                ready_round = n.ready_round, ready_ends_at = n.ready_ends_at, processing_since = n.processing_since,
                event_sequence = n.event_sequence, timeline_sequence = n.timeline_sequence, completed_at = n.completed_at, reschedules = n.reschedules
            from unnest(
                @callback, @state, @reason, @phone, @language, @targets, @scheduled, @created, @desired, @sort,
                @ticket, @returns, @attempts, @trunk, @upcoming, @round, @ready, @processing, @events,
                @timeline, @completed, @reschedules) as n (
                callback_id, state, reason, phone_number, language, target_count, scheduled, created_at, desired_at, sort_key,
                live_ticket, returns_at, attempts_made, trunk_errors_in_row, upcoming, ready_round, ready_ends_at, processing_since, event_sequence,
                timeline_sequence, completed_at, reschedules)
            where c.tenant_id = @tenant and c.callback_id = n.callback_id and c.queue_id = @queue
            returning 1)
        select ringback_require('RB002', (select count(*) from changed) = cardinality(@callback))
        """;

    public const string AddTargets = """
        insert into push_targets (tenant_id, callback_id, ordinal, type, address, state)
        select @tenant, n.*, 0 from unnest(@callback, @ordinal, @type, @address) as n
        """;

    public const string AddTimelineEntries = """
        insert into timeline (tenant_id, callback_id, sequence, at, kind, detail)
        select @tenant, n.* from unnest(@callback, @sequence, @at, @kind, @detail) as n
        """;

    /// <summary>An attempt must not come twice.</summary>
    public const string SaveAttempts = """
        insert into attempts (
            tenant_id, queue_id, attempt_id, callback_id, number, agent, state, outcome, started_at, lease_ends_at, ended_at, answer)
        select @tenant, @queue, n.*
        from unnest(@attempt, @callback, @number, @agent, @state, @outcome, @started, @lease, @ended, @answer) as n
        on conflict (tenant_id, attempt_id) do update set
            state = excluded.state, outcome = excluded.outcome, lease_ends_at = excluded.lease_ends_at, ended_at = excluded.ended_at, answer = excluded.answer
        """;
}
