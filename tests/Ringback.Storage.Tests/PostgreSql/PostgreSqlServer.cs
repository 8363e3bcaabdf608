using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using Ringback.Storage.Dialects.PostgreSql;
using Ringback.Storage.Tests.PostgreSql;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>
/// The server that <c>RINGBACK_TEST_POSTGRES</c> names, and the databases that the tests make there: one for each test that runs at the same time. The
/// schema is made once and copied; a database that a test has used is emptied for the next. All are dropped at the end.
/// </summary>
public sealed class PostgreSqlServer : IAsyncLifetime
{
    private const string Variable = "RINGBACK_TEST_POSTGRES";
    private static readonly string prefix = string.Create(CultureInfo.InvariantCulture, $"ringback_test_{Environment.ProcessId}_");
    private static readonly Lazy<Task<string>> template = new(MakeTemplateAsync);
    private static readonly ConcurrentBag<string> idle = [];
    private static readonly ConcurrentBag<string> made = [];
    private static int count;

    /// <summary>The server, without a database.</summary>
    /// <exception cref="InvalidOperationException">There is none, which is a failure: a database that nobody tests is a database that does not work.</exception>
    public static string Address => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
        ? text
        : throw new InvalidOperationException($"{Variable} is not set, so there is no PostgreSQL to test on. Run ./test.sh Ringback.Storage.Tests, or see its first lines.");

    /// <summary>The connection string of a database that nobody else uses, migrated and empty.</summary>
    public static async Task<string> RentAsync()
    {
        if (idle.TryTake(out var kept))
        {
            await ExecuteAsync(kept, "truncate tenants cascade");
            return kept;
        }
        return await CreateAsync($" template \"{Database(await template.Value)}\"");
    }

    /// <summary>The connection string of a database without any table.</summary>
    public static Task<string> CreateEmptyAsync() => CreateAsync("");

    public static void Return(string connectionString) => idle.Add(connectionString);

    /// <summary>Runs SQL on a connection of its own.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await ConnectAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A connection that is none of the pools'.</summary>
    public static async Task<NpgsqlConnection> ConnectAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var database in made) await ExecuteAsync(Server(), $"drop database if exists \"{Database(database)}\" with (force)");
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var made = await CreateAsync("");
        await using var database = PostgreSqlDatabase.Open(made);
        await database.MigrateAsync();
        return made;
    }

    private static async Task<string> CreateAsync(string how)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{Interlocked.Increment(ref count)}");
        await ExecuteAsync(Server(), $"create database \"{name}\"{how}");
        var connectionString = new NpgsqlConnectionStringBuilder(Address) { Database = name }.ConnectionString;
        made.Add(connectionString);
        return connectionString;
    }

    private static string Server() => new NpgsqlConnectionStringBuilder(Address) { Database = "postgres" }.ConnectionString;

    private static string Database(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;
}
