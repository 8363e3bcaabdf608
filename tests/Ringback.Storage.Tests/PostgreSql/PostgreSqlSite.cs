using Npgsql;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>A PostgreSQL database that nobody else uses.</summary>
/// <param name="connectionString">The database, or another way to one that is somebody else's.</param>
/// <param name="isOurs">Whether the database may be given to the next test once this site is closed.</param>
internal sealed class PostgreSqlSite(string connectionString, bool isOurs = false) : Site
{
    private PostgreSqlDatabase database = PostgreSqlDatabase.Open(connectionString);

    public override IDatabase Database => database;

    public PostgreSqlDatabase PostgreSql => database;

    public string ConnectionString => connectionString;

    public static async Task<Site> OpenAsync() => await OpenPostgreSqlAsync();

    public static async Task<PostgreSqlSite> OpenPostgreSqlAsync()
    {
        var site = new PostgreSqlSite(await PostgreSqlServer.RentAsync(), isOurs: true);
        await site.AddTenantsAsync();
        return site;
    }

    public override async Task ReopenAsync()
    {
        await database.DisposeAsync();
        database = PostgreSqlDatabase.Open(connectionString);
    }

    /// <summary>Waits until so many of the database's connections wait for a lock.</summary>
    public async Task WaitForWaitersAsync(int count)
    {
        const string waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        await using var connection = await PostgreSqlServer.ConnectAsync(connectionString);
        await using var command = new NpgsqlCommand(waiting, connection);
        var until = TimeProvider.System.GetUtcNow().AddSeconds(20);
        while ((long)(await command.ExecuteScalarAsync())! != count)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, $"{count} connections should have waited for a lock.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        if (isOurs) PostgreSqlServer.Return(connectionString);
    }
}
