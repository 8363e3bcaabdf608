using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Ringback.Benchmarks.Claiming;

/// <summary>Pushes of the past, written straight in SQL: through the program ten million of them would take an hour.</summary>
internal sealed class FinishedPushes(ClaimOptions options, string table)
{
    public const string Outbox = "outbox";
    public const string History = "outbox_history";

    private const int Chunk = 250_000;

    /// <summary>Row, indexes and the share of the write-ahead log that stays, measured with a million rows; twice the text, to be safe.</summary>
    private const long BytesEach = 900;

    // The past is made here, not answered for: nobody waits for a disk, and what its rows refer to is not looked up, where the user may say so.
    private const string SqliteInHaste = "pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -262144; pragma busy_timeout = 10000";

    private const string PostgreSqlInHaste = """
        set synchronous_commit = off;
        do $$ begin perform set_config('session_replication_role', 'replica', false); exception when insufficient_privilege then null; end $$
        """;

    /// <summary>As much must be left to the rest of the machine.</summary>
    private const long BytesLeft = 2L << 30;

    /// <summary>Where they go.</summary>
    public string Table => table;

    /// <summary>Says how much disk it takes, and whether there is as much.</summary>
    public bool HasRoom(string folder, TextWriter screen)
    {
        var needed = options.Rows * BytesEach;
        var free = new DriveInfo(folder).AvailableFreeSpace;
        screen.WriteLine(Text($"{options.Rows} finished pushes into {table} take up to {needed / 1e9:0.0} GB of disk, free again at the end ({(options.Postgres is null ? folder : "in PostgreSQL's data directory: what you drop is free again")}); {free / 1e9:0} GB are free on the disk of {folder}."));
        // Where PostgreSQL has its disk is not ours to know; on one machine it is mostly the same.
        if (free >= needed + BytesLeft) return true;
        screen.WriteLine("There is not enough disk: take fewer --rows, or point TMPDIR elsewhere.");
        return false;
    }

    /// <summary>Writes them; false where the time was over first.</summary>
    public async Task<bool> AddAsync(ClaimDatabase database, TextWriter screen)
    {
        await using var connection = await database.ConnectAsync();
        await ClaimDatabase.ExecuteAsync(connection, options.Postgres is null ? SqliteInHaste : PostgreSqlInHaste);
        var started = Stopwatch.GetTimestamp();
        for (var first = 1; first <= options.Rows; first += Chunk)
        {
            var last = Math.Min(first + Chunk - 1, options.Rows);
            await AddAsync(connection, first, last);
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (last == options.Rows || (first / Chunk) % 4 == 3) screen.WriteLine(Text($"{elapsed.TotalSeconds,6:0} s  {last} of {options.Rows} finished pushes are written"));
            if (elapsed < options.Limit || last == options.Rows) continue;
            screen.WriteLine(Text($"The time is over (--minutes) with {last} of {options.Rows} finished pushes written: no result."));
            return false;
        }
        return true;
    }

    /// <summary>
    /// Events of the past of one callback, whose rounds tell them apart; in the history each of a callback of its own. Their payload is short: no claim reads it, and filling is quicker.
    /// </summary>
    private Task AddAsync(DbConnection connection, int first, int last)
    {
        var isPostgres = connection is NpgsqlConnection;
        var numbers = isPostgres
            ? Text($"select n from generate_series({first}, {last}) n")
            : Text($"with recursive numbers (n) as (select {first} union all select n + 1 from numbers where n < {last}) select n from numbers");
        var id = (string kind) => isPostgres ? $"('0190{kind}-0000-7000-8000-' || lpad(to_hex(s.n), 12, '0'))::uuid" : $"unhex('0190{kind}000070008000' || printf('%012x', s.n))";
        var (callback, nextName, next) = table == Outbox
            ? ("p.callback_id", ", next_at", ", p.next_at")
            : (id("cbcb"), "", "");
        return ClaimDatabase.ExecuteAsync(connection, $"""
            insert into {table} (tenant_id, notification_id, callback_id, event, round, target_ordinal, payload, state, attempts, occurred_at, expires_at, last_code, last_at, finished_at{nextName})
            select p.tenant_id, {id("aaaa")}, {callback}, 'CALLBACK_ATTEMPT_FAILED', s.n, p.target_ordinal, '{"{}"}', 1, 1, p.occurred_at, p.expires_at,
                'projects/bench/messages/0:1764077000000000%0000000000000001', p.occurred_at, p.occurred_at{next}
            from (select * from outbox where state = 0 order by notification_id limit 1) p cross join ({numbers}) s
            """);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
