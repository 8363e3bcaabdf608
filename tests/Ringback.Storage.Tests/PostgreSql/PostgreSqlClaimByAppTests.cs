using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Ringback.Storage.Dialects.PostgreSql;
using Ringback.Storage.Tests.Delivery;

namespace Ringback.Storage.Tests.PostgreSql;

public sealed class PostgreSqlClaimByAppTests : ClaimByAppSuite, IAsyncLifetime
{
    private string address = "";
    private PostgreSqlDatabase? database;

    public async ValueTask InitializeAsync() => address = await PostgreSqlServer.CreateEmptyAsync();

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }

    protected override async Task MigrateToAsync(string migration)
    {
        await using var context = new PostgreSqlContext(new DbContextOptionsBuilder<PostgreSqlContext>().UseNpgsql($"{address};Pooling=false").Options);
        await context.GetService<IMigrator>().MigrateAsync(migration, TestContext.Current.CancellationToken);
    }

    protected override Task ExecuteAsync(string sql) => PostgreSqlServer.ExecuteAsync(address, $"set session_replication_role = replica; {sql}");

    private protected override async Task<IDatabase> UpgradeAsync()
    {
        database = PostgreSqlDatabase.Open(address);
        await database.MigrateAsync(TestContext.Current.CancellationToken);
        return database;
    }

    protected override string Literal(Guid id) => $"'{id:D}'::uuid";
}
