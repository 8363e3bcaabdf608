using System.Globalization;
using Npgsql;
using Ringback.Engine;

namespace Ringback.TestKit;

/// <summary>Which database a site of processes keeps its truth in.</summary>
public enum SiteDatabase
{
    /// <summary>The file in the data folder.</summary>
    Sqlite,

    /// <summary>A database of its own on the server that <c>RINGBACK_TEST_POSTGRES</c> names.</summary>
    PostgreSql,
}

/// <summary>A PostgreSQL database that one site uses and that is dropped with it.</summary>
internal sealed class ProcessSiteDatabase : IAsyncDisposable
{
    private const string Variable = "RINGBACK_TEST_POSTGRES";
    private static readonly string server = Environment.GetEnvironmentVariable(Variable) ?? "";
    private readonly string name;

    private ProcessSiteDatabase(string name) => this.name = name;

    /// <summary>The settings that lead a server to it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["Storage__Provider"] = "postgresql",
        ["Storage__ConnectionString"] = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString,
    };

    /// <exception cref="InvalidOperationException">There is no server, which is a failure: a database that nobody tests is a database that does not work.</exception>
    public static async Task<ProcessSiteDatabase> CreateAsync()
    {
        if (server.Length == 0) throw new InvalidOperationException($"{Variable} is not set, so there is no PostgreSQL to test on. Run ./test.sh, or see its first lines.");
        var id = Guid.CreateVersion7(TimeProvider.System.Now());
        var database = new ProcessSiteDatabase(string.Create(CultureInfo.InvariantCulture, $"ringback_test_site_{id:N}"));
        await ExecuteAsync($"create database \"{database.name}\"");
        return database;
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"drop database if exists \"{name}\" with (force)");

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
