using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Ringback.Storage.Dialects.Sqlite;
using Ringback.Storage.Tests.Delivery;

namespace Ringback.Storage.Tests.Sqlite;

public sealed class SqliteClaimByAppTests : ClaimByAppSuite, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-test-");
    private SqliteDatabase? database;

    private string Source => $"Data Source={Path.Combine(folder.FullName, "ringback.db")};Pooling=False;Foreign Keys=False";

    public void Dispose()
    {
        database?.Dispose();
        folder.Delete(recursive: true);
    }

    protected override async Task MigrateToAsync(string migration)
    {
        await using var context = new SqliteContext(new DbContextOptionsBuilder<SqliteContext>().UseSqlite(Source).Options);
        await context.GetService<IMigrator>().MigrateAsync(migration, TestContext.Current.CancellationToken);
    }

    protected override async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection(Source);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private protected override async Task<IDatabase> UpgradeAsync()
    {
        database = SqliteDatabase.Open(Path.Combine(folder.FullName, "ringback.db"));
        await database.MigrateAsync(TestContext.Current.CancellationToken);
        return database;
    }

    protected override string Literal(Guid id) => $"x'{id:N}'";
}
