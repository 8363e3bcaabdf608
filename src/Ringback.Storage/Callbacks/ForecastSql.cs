namespace Ringback.Storage.Callbacks;

/// <summary>
/// Forecasts against what then happened, from the timeline alone. Ids of callbacks sort by the time of their creation, so a span of time is a range of the primary
/// key. A wait that is no number, as an infinite one, is left out. Where the customer moves the call before it comes, by snooze or reschedule, nothing happened that
/// the forecast could be held against. The two texts differ in how JSON is read and in the names of functions.
/// </summary>
internal static class SqliteForecastSql
{
    public const string Tally = """
        with said as (
            select s.callback_id, s.sequence, s.at, case s.kind when 'created' then 0 else 1 end as moment,
                json_extract(s.detail, '$.ewtMode') as mode, json_extract(s.detail, '$.waitSeconds') as wait
            from callbacks c join timeline s on s.tenant_id = c.tenant_id and s.callback_id = c.callback_id
            where c.tenant_id = @tenant and c.queue_id = @queue and c.callback_id >= @first and c.callback_id < @last
                and (s.kind = 'created' or (s.kind = 'push.decided' and json_extract(s.detail, '$.event') = 'CALLBACK_UPCOMING'))
                and json_type(s.detail, '$.ewtMode') = 'text' and json_type(s.detail, '$.waitSeconds') in ('integer', 'real')),
        met as (
            select moment, mode, wait, ((
                select case when m.kind in ('attempt.started', 'ready') then m.at end from timeline m
                where m.tenant_id = @tenant and m.callback_id = said.callback_id and m.sequence > said.sequence
                    and (m.kind in ('attempt.started', 'ready', 'snoozed') or (m.kind = 'rescheduled' and json_extract(m.detail, '$.reason') = 'CUSTOMER'))
                order by m.sequence limit 1
                ) - at) / 1000000.0 - wait as error
            from said)
        select moment, mode, count(*), count(*) filter (where wait < 0), count(error) filter (where wait >= 0),
            coalesce(sum(error) filter (where wait >= 0), 0.0), coalesce(sum(abs(error)) filter (where wait >= 0), 0.0),
            count(*) filter (where wait >= 0 and abs(error) <= max(@seconds, @percent * wait / 100))
        from met group by moment, mode order by moment, mode
        """;
}

/// <inheritdoc cref="SqliteForecastSql"/>
internal static class PostgreSqlForecastSql
{
    public const string Tally = """
        with said as (
            select s.callback_id, s.sequence, s.at, case s.kind when 'created' then 0 else 1 end as moment,
                s.detail::jsonb ->> 'ewtMode' as mode, (s.detail::jsonb ->> 'waitSeconds')::double precision as wait
            from callbacks c join timeline s on s.tenant_id = c.tenant_id and s.callback_id = c.callback_id
            where c.tenant_id = @tenant and c.queue_id = @queue and c.callback_id >= @first and c.callback_id < @last
                and (s.kind = 'created' or (s.kind = 'push.decided' and s.detail::jsonb ->> 'event' = 'CALLBACK_UPCOMING'))
                and jsonb_typeof(s.detail::jsonb -> 'ewtMode') = 'string' and jsonb_typeof(s.detail::jsonb -> 'waitSeconds') = 'number'),
        met as (
            select moment, mode, wait, ((
                select case when m.kind in ('attempt.started', 'ready') then m.at end from timeline m
                where m.tenant_id = @tenant and m.callback_id = said.callback_id and m.sequence > said.sequence
                    and (m.kind in ('attempt.started', 'ready', 'snoozed') or (m.kind = 'rescheduled' and m.detail::jsonb ->> 'reason' = 'CUSTOMER'))
                order by m.sequence limit 1
                ) - at) / 1000000.0::double precision - wait as error
            from said)
        select moment, mode, count(*), count(*) filter (where wait < 0), count(error) filter (where wait >= 0),
            coalesce(sum(error) filter (where wait >= 0), 0), coalesce(sum(abs(error)) filter (where wait >= 0), 0),
            count(*) filter (where wait >= 0 and abs(error) <= greatest(@seconds, @percent * wait / 100))
        from met group by moment, mode order by moment, mode
        """;
}
