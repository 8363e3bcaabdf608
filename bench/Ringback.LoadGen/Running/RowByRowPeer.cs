using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Ringback.Measuring;

namespace Ringback.LoadGen.Running;

/// <summary>
/// What a push costs the database when it is written row by row: an insert of its outbox row and an update of its result, a commit each. No rules, no
/// timeline, no network, nothing sent: the peer that batches have to beat.
/// </summary>
internal sealed class RowByRowPeer(LoadOptions options, string folder)
{
    private const int PgbenchClients = 32;
    private static readonly TimeSpan turn = TimeSpan.FromSeconds(3);
    private static readonly string payload = new('x', 600);

    private const string Columns = "tenant_id, id, callback_id, event, round, target_ordinal, sequence, payload, state, attempts, next_at, expires_at, finished_at";

    public string Name => options.Postgres is null ? "SQLite, one connection, synchronous=FULL: insert + update" : "pgbench, 32 clients: insert + update";

    public async Task PrepareAsync()
    {
        if (options.Postgres is not null)
        {
            await Pgbench.PrepareAsync(options.Postgres, """
                drop table if exists bench_outbox;
                create table bench_outbox (tenant_id integer, id bigint, callback_id uuid, event text, round integer, target_ordinal integer, sequence integer, payload text, state integer,
                  attempts integer, next_at bigint, expires_at bigint, finished_at bigint, primary key (tenant_id, id))
                """);
        }
        await PerSecondAsync(TimeSpan.FromSeconds(1));
    }

    /// <summary>Messages a second.</summary>
    public Task<double> PerSecondAsync() => PerSecondAsync(turn);

    private Task<double> PerSecondAsync(TimeSpan time)
    {
        if (options.Postgres is null) return Task.Run(() => SqlitePerSecond(time));
        // Two random numbers out of so many meet too seldom to matter; where they do, the insert does nothing.
        return Pgbench.RunAsync(options.Postgres, $"""
            \set id random(1, 9000000000000000)
            insert into bench_outbox ({Columns}) values (1, :id, gen_random_uuid(), 'CALLBACK_UPCOMING', 0, 0, 1, '{payload}', 0, 0, 1, 1, null) on conflict do nothing;
            update bench_outbox set state = 1, attempts = 1, finished_at = 1 where tenant_id = 1 and id = :id;

            """, PgbenchClients, time);
    }

    private double SqlitePerSecond(TimeSpan time)
    {
        var file = Path.Combine(folder, "peer.db");
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "pragma journal_mode = wal; pragma synchronous = full;");
        Execute(connection, $"create table if not exists outbox ({Columns.Replace("payload", "payload text", StringComparison.Ordinal)}, primary key (tenant_id, id)) without rowid");
        using var insert = Prepared(connection, string.Create(CultureInfo.InvariantCulture, $"insert into outbox ({Columns}) values (1, @id, @id, 'CALLBACK_UPCOMING', 0, 0, 1, '{payload}', 0, 0, 1, 1, null)"));
        using var update = Prepared(connection, "update outbox set state = 1, attempts = 1, finished_at = 1 where tenant_id = 1 and id = @id");
        var made = 0;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray(bigEndian: true);
            (insert.Parameters[0].Value, update.Parameters[0].Value) = (id, id);
            insert.ExecuteNonQuery();
            update.ExecuteNonQuery();
            made++;
        }
        return made / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static SqliteCommand Prepared(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.Add("@id", SqliteType.Blob);
        command.Prepare();
        return command;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
