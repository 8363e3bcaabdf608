using System.Globalization;
using Npgsql;
using Ringback.Engine;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.TestKit;

/// <summary>Which database a site keeps its truth in.</summary>
public enum SiteDatabase
{
    /// <summary>The file in the data folder.</summary>
    Sqlite,

    /// <summary>A database of its own on the server that <c>RINGBACK_TEST_POSTGRES</c> names.</summary>
    PostgreSql,
}

/// <summary>
/// A PostgreSQL database that one site uses and that is dropped with it. The schema is made once for all sites of this process and copied: migrating takes
/// ten times as long.
/// </summary>
internal sealed class SitePostgreSql : IAsyncDisposable
{
    private const string Variable = "RINGBACK_TEST_POSTGRES";
    private static readonly string server = Environment.GetEnvironmentVariable(Variable) ?? "";
    private static readonly Lazy<Task<SitePostgreSql>> template = new(MakeTemplateAsync);
    private readonly string name;

    private SitePostgreSql(string name) => this.name = name;

    /// <summary>How it is reached.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;

    /// <summary>The settings that lead a server to it.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["Storage__Provider"] = "postgresql", ["Storage__ConnectionString"] = ConnectionString };

    /// <summary>A database with the schema of this version and nothing in it.</summary>
    /// <exception cref="InvalidOperationException">There is no server, which is a failure: a database that nobody tests is a database that does not work.</exception>
    public static async Task<SitePostgreSql> CreateAsync() => await CreateAsync($" template \"{(await template.Value).name}\"");

    /// <summary>A database without any table.</summary>
    public static Task<SitePostgreSql> CreateEmptyAsync() => CreateAsync("");

    public async ValueTask DisposeAsync() => await ExecuteAsync($"drop database if exists \"{name}\" with (force)");

    private static async Task<SitePostgreSql> MakeTemplateAsync()
    {
        var made = await CreateEmptyAsync();
        // Nothing tells when the last test is over, but the end of the process does.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.Run(() => made.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        await using var database = PostgreSqlDatabase.Open(made.ConnectionString);
        await database.MigrateAsync();
        return made;
    }

    private static async Task<SitePostgreSql> CreateAsync(string how)
    {
        if (server.Length == 0) throw new InvalidOperationException($"{Variable} is not set, so there is no PostgreSQL to test on. Run ./test.sh, or see its first lines.");
        var id = Guid.CreateVersion7(TimeProvider.System.Now());
        var database = new SitePostgreSql(string.Create(CultureInfo.InvariantCulture, $"ringback_test_site_{id:N}"));
        await ExecuteAsync($"create database \"{database.name}\"{how}");
        return database;
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
