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

namespace Ringback.Benchmarks.Claiming;

/// <summary>One turn's figures.</summary>
/// <param name="ClaimMilliseconds">Mean of the claims, the commit included.</param>
/// <param name="LookMicroseconds">Mean of the looks for credentials with due pushes.</param>
internal sealed record ClaimTurn(double ClaimMilliseconds, double LookMicroseconds);

/// <summary>A database of the product with pending pushes, which are claimed through the product's store.</summary>
internal sealed class ClaimDatabase : IAsyncDisposable
{
    /// <summary>Pushes a claim, as the program does by default.</summary>
    public const int Batch = 500;

    private const int Claims = 20;
    private const int Looks = 100;
    private const int PerCommit = 1_000;
    private const string Node = "bench";
    private readonly ServiceProvider services;
    private readonly Func<DbConnection> connect;
    private readonly string? created;
    private readonly ClaimOptions options;
    private TenantId tenant;

    private ClaimDatabase(ClaimOptions options, ServiceProvider services, Func<DbConnection> connect, string? created) =>
        (this.options, this.services, this.connect, this.created) = (options, services, connect, created);

    /// <summary>A migrated, empty database.</summary>
    /// <param name="options">Of the row.</param>
    /// <param name="folder">For SQLite's file.</param>
    /// <param name="isExtra">On PostgreSQL: not the one that was given, but one made beside it and dropped in the end.</param>
    public static async Task<ClaimDatabase> CreateAsync(ClaimOptions options, string folder, bool isExtra)
    {
        var services = new ServiceCollection().AddLogging().AddKeyedSingleton(Clock.ServiceKey, TimeProvider.System);
        Func<DbConnection> connect;
        string? extra = null;
        if (options.Postgres is null)
        {
            var file = Path.Combine(folder, isExtra ? "none.db" : "full.db");
            services.AddSqlite(file, Node);
            connect = () => new SqliteConnection($"Data Source={file};Pooling=False");
        }
        else
        {
            var builder = new NpgsqlConnectionStringBuilder(options.Postgres);
            if (isExtra)
            {
                builder.Database = extra = $"{builder.Database ?? builder.Username}_none";
                await using var maker = new NpgsqlConnection(options.Postgres);
                await maker.OpenAsync();
                await ExecuteAsync(maker, $"create database \"{extra}\" template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'");
            }
            services.AddPostgreSql(builder.ConnectionString, Node);
            connect = () => new NpgsqlConnection(builder.ConnectionString);
        }
        var database = new ClaimDatabase(options, services.BuildServiceProvider(), connect, extra);
        await database.services.GetRequiredService<IDatabaseSetup>().MigrateAsync();
        return database;
    }

    public async Task<DbConnection> ConnectAsync()
    {
        var connection = connect();
        await connection.OpenAsync();
        return connection;
    }

    public async Task<bool> HasHistoryAsync()
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = options.Postgres is null
            ? $"select count(*) from sqlite_master where type = 'table' and name = '{FinishedPushes.History}'"
            : $"select count(*) from information_schema.tables where table_schema = 'public' and table_name = '{FinishedPushes.History}'";
        return Convert.ToInt32(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) == 1;
    }

    /// <summary>As many due pushes as the claims of a turn take, made the way the owner of a queue does.</summary>
    public async Task AddPendingAsync()
    {
        var now = TimeProvider.System.Now();
        tenant = (await services.GetRequiredService<Engine.Access.IAccessStore>().AddTenantAsync("bench", now))!.Value;
        var queue = (await services.GetRequiredService<IQueueStore>().AddAsync(tenant, "bench", new QueueSettings(), "bench", now))!;
        var store = services.GetRequiredService<ICallbackStore>();
        var epoch = (await store.ActivateAsync(queue.Key))!.Epoch;
        for (var first = 0; first < Batch * Claims; first += PerCommit)
            await store.CommitAsync(queue.Key, epoch, [.. Enumerable.Range(first, PerCommit).SelectMany(number => PendingPush.Changes(tenant, number, now))]);
    }

    /// <summary>So that plans are made for what is there, as the databases do by themselves sooner or later.</summary>
    public async Task AnalyzeAsync()
    {
        await using var connection = await ConnectAsync();
        await ExecuteAsync(connection, options.Postgres is null ? "pragma analysis_limit = 1000; analyze" : "analyze");
    }

    /// <summary>Claims everything, batch by batch, and puts it back.</summary>
    public async Task<ClaimTurn> TurnAsync()
    {
        var store = services.GetRequiredService<IDeliveryStore>();
        var started = Stopwatch.GetTimestamp();
        for (var look = 0; look < Looks; look++)
        {
            if (await store.DueCredentialsAsync(TimeProvider.System.Now()) is not { Count: 1 }) throw new InvalidOperationException("The credential has due pushes and was not found.");
        }
        var looks = Stopwatch.GetElapsedTime(started).TotalMicroseconds / Looks;
        started = Stopwatch.GetTimestamp();
        for (var claim = 0; claim < Claims; claim++)
        {
            var now = TimeProvider.System.Now();
            var claimed = await store.ClaimDueAsync(Node, CredentialKey.DefaultOf(tenant), now, now + DeliveryOptions.Lease, Batch);
            if (claimed.Count != Batch) throw new InvalidOperationException($"{claimed.Count} pushes were claimed instead of {Batch}.");
        }
        var claims = Stopwatch.GetElapsedTime(started).TotalMilliseconds / Claims;
        await store.FreeAbandonedLeasesAsync();
        return new ClaimTurn(claims, looks);
    }

    /// <summary>What the database does for a claim.</summary>
    public async Task<ClaimPlan> PlanAsync()
    {
        await using var connection = await ConnectAsync();
        var now = TimeProvider.System.Now().ToMicroseconds();
        return connection is NpgsqlConnection postgres ? await PostgreSqlClaimPlan.ReadAsync(postgres, tenant.Value, now) : SqliteClaimPlan.Read((SqliteConnection)connection, tenant.Value, now);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (created is null) return;
        NpgsqlConnection.ClearAllPools();
        await using var connection = new NpgsqlConnection(options.Postgres);
        await connection.OpenAsync();
        await ExecuteAsync(connection, $"drop database \"{created}\" with (force)");
    }

    public static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandTimeout = 0; // The row has a limit of its own.
#pragma warning disable CA2100 // Made of constants and of a name that the caller of the program chose.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
