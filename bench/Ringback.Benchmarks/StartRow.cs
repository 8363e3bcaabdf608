using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
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

    public static async Task<BenchResult> RunAsync(string? postgres)
    {
        var folder = Directory.CreateTempSubdirectory("ringback-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "ringback.db");
            await using var services = Services(file, postgres);
            await services.GetRequiredService<IDatabaseSetup>().MigrateAsync();
            await FillAsync(services);
            var (ours, theirs) = (new List<double>(), new List<double>());
            await TakeOverAllAsync(services); // Warms the JIT and the file cache of both sides.
            for (var pair = 0; pair < Pairs; pair++)
            {
                ours.Add(await TakeOverAllAsync(services));
                theirs.Add(await ReadBareAsync(() => postgres is null ? new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly") : new NpgsqlConnection(postgres)));
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

    private static async Task FillAsync(ServiceProvider services)
    {
        var now = TimeProvider.System.Now();
        var tenant = (await services.GetRequiredService<Engine.Access.IAccessStore>().AddTenantAsync("bench", now))!.Value;
        var store = services.GetRequiredService<ICallbackStore>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Queues), new ParallelOptions { MaxDegreeOfParallelism = QueueOwner.ActivationsAtOnce }, async (q, _) =>
        {
            var queue = (await services.GetRequiredService<IQueueStore>().AddAsync(tenant, string.Create(CultureInfo.InvariantCulture, $"queue-{q}"), new QueueSettings(), "bench", now))!;
            var epoch = (await store.ActivateAsync(queue.Key))!.Epoch;
            await store.CommitAsync(queue.Key, epoch, [.. Enumerable.Range(q * PerQueue, PerQueue).Select(number => Created(number, now))]);
        });
    }

    private static Change.CallbackCreated Created(int number, DateTimeOffset now)
    {
        var at = now.AddSeconds(-number % 3_600);
        var record = new CallbackRecord
        {
            Id = Guid.CreateVersion7(at),
            State = CallbackState.Queued,
            PhoneNumber = string.Create(CultureInfo.InvariantCulture, $"+1415{number:0000000}"),
            Language = "en-US",
            TargetCount = 1,
            Scheduled = false,
            CreatedAt = at,
            DesiredAt = at,
            SortKey = at.ToMicroseconds(),
            LiveTicket = 0,
        };
        return new Change.CallbackCreated(record, new CallbackDetails(), [new PushTarget(PushTargetType.Token, string.Create(CultureInfo.InvariantCulture, $"bench-{number}"))]);
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
        command.CommandText = """
            select callback_id, state, reason, phone_number, language, target_count, scheduled, created_at, desired_at, sort_key, live_ticket, returns_at, attempts_made,
              trunk_errors_in_row, upcoming, ready_round, ready_ends_at, processing_since, event_sequence, timeline_sequence, completed_at
            from callbacks where state <> 4
            """;
        await using var reader = await command.ExecuteReaderAsync();
        var (rows, values) = (0, new object[21]);
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            rows++;
        }
        return rows == Queues * PerQueue ? Stopwatch.GetElapsedTime(started).TotalMilliseconds : throw new InvalidOperationException($"{rows} rows");
    }
}
