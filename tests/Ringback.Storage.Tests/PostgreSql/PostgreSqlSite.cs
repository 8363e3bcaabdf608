using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>A PostgreSQL database that nobody else uses.</summary>
internal sealed class PostgreSqlSite(string connectionString) : Site
{
    private PostgreSqlDatabase database = PostgreSqlDatabase.Open(connectionString);

    public override IDatabase Database => database;

    public PostgreSqlDatabase PostgreSql => database;

    public string ConnectionString => connectionString;

    public static async Task<Site> OpenAsync() => await OpenPostgreSqlAsync();

    public static async Task<PostgreSqlSite> OpenPostgreSqlAsync()
    {
        var site = new PostgreSqlSite(await PostgreSqlServer.RentAsync());
        await site.AddTenantsAsync();
        return site;
    }

    public override async Task ReopenAsync()
    {
        await database.DisposeAsync();
        database = PostgreSqlDatabase.Open(connectionString);
    }

    public override async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        PostgreSqlServer.Return(connectionString);
    }
}
