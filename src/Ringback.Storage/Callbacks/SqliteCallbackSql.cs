namespace Ringback.Storage.Callbacks;

/// <summary>How an owner's changes are written on SQLite: a statement per row. Beside it: <see cref="PostgreSqlCallbackSql"/>.</summary>
internal static class SqliteCallbackSql
{
    /// <summary>The fence. The transaction holds the only write lock there is, so nothing comes between the look and COMMIT.</summary>
    public const string CheckEpoch = "select epoch from queues where tenant_id = @tenant and queue_id = @queue";

    public const string Add = """
        insert into callbacks (
            tenant_id, callback_id, queue_id, state, reason, phone_number, language, target_count, scheduled, created_at, desired_at, sort_key,
            live_ticket, returns_at, attempts_made, trunk_errors_in_row, upcoming, ready_round, ready_ends_at, processing_since, event_sequence,
            timeline_sequence, completed_at, reschedules, user_data, route_point, survey_route_point, priority, reporting)
        values (
            @tenant, @callback, @queue, @state, @reason, @phone, @language, @targets, @scheduled, @created, @desired, @sort,
            @ticket, @returns, @attempts, @trunk, @upcoming, @round, @ready, @processing, @events,
            @timeline, @completed, @reschedules, @data, @route, @survey, @priority, @reporting)
        """;

    /// <summary>The queue stands in the condition so that an owner can only ever write callbacks of its own queue.</summary>
    public const string Change = """
        update callbacks set
            state = @state, reason = @reason, phone_number = @phone, language = @language, target_count = @targets, scheduled = @scheduled,
            created_at = @created, desired_at = @desired, sort_key = @sort, live_ticket = @ticket, returns_at = @returns, attempts_made = @attempts,
            trunk_errors_in_row = @trunk, upcoming = @upcoming, ready_round = @round, ready_ends_at = @ready, processing_since = @processing,
            event_sequence = @events, timeline_sequence = @timeline, completed_at = @completed, reschedules = @reschedules
        where tenant_id = @tenant and callback_id = @callback and queue_id = @queue
        """;

    public const string AddTarget = """
        insert into push_targets (tenant_id, callback_id, ordinal, type, address, state) values (@tenant, @callback, @ordinal, @type, @address, 0)
        """;

    public const string AddTimelineEntry = """
        insert into timeline (tenant_id, callback_id, sequence, at, kind, detail) values (@tenant, @callback, @sequence, @at, @kind, @detail)
        """;

    public const string SaveAttempt = """
        insert into attempts (
            tenant_id, attempt_id, queue_id, callback_id, number, agent, state, outcome, started_at, lease_ends_at, ended_at, answer)
        values (@tenant, @attempt, @queue, @callback, @number, @agent, @state, @outcome, @started, @lease, @ended, @answer)
        on conflict (tenant_id, attempt_id) do update set
            state = excluded.state, outcome = excluded.outcome, lease_ends_at = excluded.lease_ends_at, ended_at = excluded.ended_at, answer = excluded.answer
        """;
}
