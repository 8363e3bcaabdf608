using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Ringback.Benchmarks.Claiming;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Storage;

namespace Ringback.Benchmarks;

/// <summary>Row <i>Start with 1 000 000 waiting in 1 000 queues</i>: taking every queue over, against reading the same rows and columns and doing nothing with them.</summary>
internal static class StartRow
{
    private const int Queues = 1_000;
    private const int PerQueue = 1_000;
    private const int Pairs = 5;

    private const string Columns = """
        state, reason, phone_number, language, target_count, scheduled, created_at, desired_at, sort_key, live_ticket, returns_at, attempts_made, trunk_errors_in_row, upcoming,
        ready_round, ready_ends_at, processing_since, event_sequence, timeline_sequence, completed_at, reschedules
        """;

    public static async Task<BenchResult> RunAsync(string? postgres)
    {
        var folder = Directory.CreateTempSubdirectory("ringback-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "ringback.db");
            await using var services = Services(file, postgres);
            await services.GetRequiredService<IDatabaseSetup>().MigrateAsync();
            Func<DbConnection> connect = () => postgres is null ? new SqliteConnection($"Data Source={file};Pooling=False") : new NpgsqlConnection(postgres);
            await FillAsync(services, connect);
            var (ours, theirs) = (new List<double>(), new List<double>());
            await TakeOverAllAsync(services); // Warms the JIT and the file cache of both sides.
            for (var pair = 0; pair < Pairs; pair++)
            {
                ours.Add(await TakeOverAllAsync(services));
                theirs.Add(await ReadBareAsync(connect));
            }
            return new BenchResult("Start with 1 000 000 waiting in 1 000 queues", "ms", ours, "bare reader of the same rows", theirs, "≤ 3 ×")
            {
                Notes = new Dictionary<string, string> { ["database"] = postgres is null ? "sqlite" : "postgresql" },
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ServiceProvider Services(string file, string? postgres)
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton(Clock.ServiceKey, TimeProvider.System);
        services.AddLogging();
        if (postgres is null) services.AddSqlite(file, "bench");
        else services.AddPostgreSql(postgres, "bench");
        return services.BuildServiceProvider();
    }

    /// <summary>The first queue's callbacks come through the product, those of the others are copies of them: one by one a million takes minutes.</summary>
    private static async Task FillAsync(ServiceProvider services, Func<DbConnection> connect)
    {
        var now = TimeProvider.System.Now();
        var tenant = (await services.GetRequiredService<Engine.Access.IAccessStore>().AddTenantAsync("bench", now))!.Value;
        var store = services.GetRequiredService<ICallbackStore>();
        var queues = new List<QueueKey>();
        for (var q = 0; q < Queues; q++)
            queues.Add((await services.GetRequiredService<IQueueStore>().AddAsync(tenant, Text($"queue-{q}"), new QueueSettings(), "bench", now))!.Key);
        var epoch = (await store.ActivateAsync(queues[0]))!.Epoch;
        await store.CommitAsync(queues[0], epoch, [.. Enumerable.Range(0, PerQueue).Select(number => Created(number, now))]);
        await using var connection = connect();
        await connection.OpenAsync();
        await ClaimDatabase.ExecuteAsync(connection, CopyText(connection is NpgsqlConnection, queues[0].QueueId));
        await ClaimDatabase.ExecuteAsync(connection, connection is NpgsqlConnection ? "vacuum analyze" : "analyze");
    }

    /// <summary>In the order of arrival, so that the rows of a queue lie scattered among those of all others, as they do where customers made them.</summary>
    private static string CopyText(bool isPostgres, int first)
    {
        var id = isPostgres ? "(left(c.callback_id::text, 28) || lpad(to_hex(q.queue_id), 8, '0'))::uuid" : "unhex(substr(hex(c.callback_id), 1, 24) || printf('%08x', q.queue_id))";
        return Text($"""
            insert into callbacks (tenant_id, callback_id, queue_id, {Columns})
            select c.tenant_id, {id}, q.queue_id, {Columns} from callbacks c cross join queues q where q.queue_id <> {first} order by c.callback_id, q.queue_id
            """);
    }

    private static Change.CallbackCreated Created(int number, DateTimeOffset now)
    {
        var at = now.AddSeconds(-number % 3_600);
        var record = new CallbackRecord
        {
            Id = Guid.CreateVersion7(at),
            State = CallbackState.Queued,
            PhoneNumber = Text($"+1415{number:0000000}"),
            Language = "en-US",
            TargetCount = 0,
            Scheduled = false,
            CreatedAt = at,
            DesiredAt = at,
            SortKey = at.ToMicroseconds(),
            LiveTicket = 0,
        };
        return new Change.CallbackCreated(record, new CallbackDetails(), []);
    }

    private static async Task<double> TakeOverAllAsync(ServiceProvider services)
    {
        GC.Collect();
        var store = services.GetRequiredService<ICallbackStore>();
        var started = Stopwatch.GetTimestamp();
        var owners = new ConcurrentBag<QueueOwner>();
        await Parallel.ForEachAsync(await store.QueuesWithWorkAsync(), new ParallelOptions { MaxDegreeOfParallelism = QueueOwner.ActivationsAtOnce }, async (queue, _) =>
            owners.Add((await QueueOwner.ActivateAsync(queue, store, new DeliveryHandover(0), TimeProvider.System, (_, why) => throw why))!));
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        foreach (var owner in owners) owner.Dispose();
        return elapsed;
    }

    private static async Task<double> ReadBareAsync(Func<DbConnection> connect)
    {
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        await using var connection = connect();
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"select callback_id, {Columns} from callbacks where state <> 4";
        await using var reader = await command.ExecuteReaderAsync();
        var (rows, values) = (0, new object[22]);
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            rows++;
        }
        return rows == Queues * PerQueue ? Stopwatch.GetElapsedTime(started).TotalMilliseconds : throw new InvalidOperationException($"{rows} rows");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
