using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Ringback.Measuring;

namespace Ringback.Benchmarks;

/// <summary>Row <i>Create callback over HTTP, durable</i>: 32 clients, against commits of a single row into the same table.</summary>
internal static class CreateRow
{
    private const int Pairs = 5;
    private const int Clients = 32;

    /// <summary>By then the server's hot code is compiled for good; before, the first turns are a third of the last.</summary>
    private const int WarmUp = 20_000;

    private static readonly TimeSpan turn = TimeSpan.FromSeconds(4);

    private const string PeerTable =
        "create table if not exists bench_peer (tenant_id integer, callback_id uuid, queue_id integer, state integer, phone_number text, created_at bigint, sort_key bigint, detail text, primary key (tenant_id, callback_id))";

    private const string PeerInsert =
        "insert into bench_peer values (1, gen_random_uuid(), 1, 1, '+14155550123', 1, 1, 'the same amount of text as a create leaves behind, about three hundred bytes with its timeline');\n";

    private static readonly Uri createUri = new("engagement/v3/callbacks/create", UriKind.Relative);
    private static int number;

    public static async Task<BenchResult> RunAsync(string? postgres)
    {
        await using var server = await BenchServer.StartAsync(postgres, BenchServer.WithoutThrottles);
        await server.AddQueueAsync("bench", new { region = "US", maxCreatesPerNumberPerHour = 0, maxCreatesPerMinute = 0 });
        if (postgres is not null) await Pgbench.PrepareAsync(postgres, PeerTable);
        using var http = server.Client(server.AppKey);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var turns = 0; number < WarmUp && turns < 10; turns++) await CreatesPerSecondAsync(http);
        var (cpuBefore, madeBefore) = (server.Cpu, number);
        for (var pair = 0; pair < Pairs; pair++)
        {
            ours.Add(await CreatesPerSecondAsync(http));
            theirs.Add(postgres is null ? SqliteCommitsPerSecond(server.Folder) : await Pgbench.RunAsync(postgres, PeerInsert, Clients, turn));
        }
        var cpu = (server.Cpu - cpuBefore).TotalMicroseconds / (number - madeBefore);
        return new BenchResult("Create callback over HTTP, durable, 32 clients", "per second", ours, postgres is null ? "single-row commits, synchronous=FULL" : "pgbench insert and commit, 32 clients", theirs,
            postgres is null ? "≥ 0.7 ×, aim 1.0 ×" : "≥ 0.5 ×, aim 1.0 ×")
        {
            Notes = new Dictionary<string, string>
            {
                ["database"] = postgres is null ? "sqlite" : "postgresql",
                ["server CPU"] = string.Create(CultureInfo.InvariantCulture, $"{cpu:0} µs a create (client and server share the cores)"),
            },
        };
    }

    private static async Task<double> CreatesPerSecondAsync(HttpClient http)
    {
        var made = 0;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(started) < turn)
            {
                var mine = Interlocked.Increment(ref number);
                using var body = new StringContent(
                    string.Create(CultureInfo.InvariantCulture, $$"""{"serviceName":"bench","phoneNumber":"+1415{{mine:0000000}}","pushTargets":[{"channel":"FCM","target":"bench-token-{{mine:000000000000}}"}]}"""),
                    Encoding.UTF8, "application/json");
                using var response = await http.PostAsync(createUri, body);
                response.EnsureSuccessStatusCode();
                Interlocked.Increment(ref made);
            }
        }));
        return made / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>The best that one row a commit can do on this disk: the driver, prepared, WAL, one connection.</summary>
    private static double SqliteCommitsPerSecond(string folder)
    {
        var file = Path.Combine(folder, "peer.db");
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Execute(connection, "pragma journal_mode = wal; pragma synchronous = full;");
        Execute(connection, "create table if not exists callbacks (tenant_id integer, callback_id blob, queue_id integer, state integer, phone_number text, created_at integer, sort_key integer, detail text, primary key (tenant_id, callback_id)) without rowid");
        using var insert = connection.CreateCommand();
        insert.CommandText = "insert into callbacks values (1, @id, 1, 1, '+14155550123', 1, 1, 'the same amount of text as a create leaves behind, about three hundred bytes with its timeline')";
        var id = insert.Parameters.Add("@id", SqliteType.Blob);
        insert.Prepare();
        var made = 0;
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < turn)
        {
            id.Value = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray(bigEndian: true);
            insert.ExecuteNonQuery();
            made++;
        }
        return made / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
