using Ringback.Engine.Callbacks;
using Ringback.Storage.Dialects.PostgreSql;
using Ringback.Storage.Tests.Schema;

namespace Ringback.Storage.Tests.PostgreSql;

public sealed class PostgreSqlDatabaseTests
{
    [Fact]
    public async Task Processes_that_migrate_at_once_wait_for_each_other_and_all_know_it()
    {
        var connectionString = await PostgreSqlServer.CreateEmptyAsync();
        var databases = Enumerable.Range(0, 4).Select(_ => PostgreSqlDatabase.Open(connectionString)).ToList();
        Assert.Equal(SchemaAge.Older, await databases[0].SchemaAgeAsync(TestContext.Current.CancellationToken));
        await Task.WhenAll(databases.Select(d => Task.Run(() => d.MigrateAsync(TestContext.Current.CancellationToken))));
        foreach (var database in databases)
        {
            Assert.Equal(SchemaAge.Same, await database.SchemaAgeAsync(TestContext.Current.CancellationToken));
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_without_the_schema_is_told_by_name()
    {
        await using var site = new PostgreSqlSite(await PostgreSqlServer.CreateEmptyAsync());
        Assert.Contains("schema", (await Assert.ThrowsAsync<StorageException>(() => site.Access.ListTenantsAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_a_later_version_is_refused_and_left_as_it_is()
    {
        await using var database = PostgreSqlDatabase.Open(await PostgreSqlServer.CreateEmptyAsync());
        await LaterSchema.IsRefusedAsync(database, database);
    }

    [Fact]
    public async Task No_statement_is_compiled_however_dear_it_looks()
    {
        await using var site = new PostgreSqlSite(await PostgreSqlServer.RentAsync());
        var plan = await site.Database.ReadAsync(async s =>
        {
            await s.ExecuteAsync("set jit_above_cost = 0");
            return await s.QueryAsync("explain (analyze) select count(*) from outbox", r => r.Text());
        });
        Assert.DoesNotContain(plan, line => line.Contains("JIT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Host=db;Password=hunter2;er2")]
    [InlineData("Host=db;Database=ringback;Pasword=hunter2")]
    [InlineData("hunter2")]
    [InlineData("Host=db;Database=ringback;Port=hunter2")]
    [InlineData("Host=db;Database=ringback;SSL Mode=hunter2")]
    [InlineData("Host=db;Password=hunter2")]
    [InlineData("Database=ringback;Password=hunter2")]
    [InlineData("")]
    public void A_connection_string_with_a_mistake_is_refused_and_never_quoted(string connectionString)
    {
        var mistake = PostgreSqlConnectionString.MistakeOf(connectionString);
        Assert.NotNull(mistake);
        Assert.DoesNotContain("hunter2", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("er2", Assert.Throws<ArgumentException>(() => PostgreSqlDatabase.Open(connectionString)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_that_can_be_read_is_taken() => Assert.Null(PostgreSqlConnectionString.MistakeOf("Host=db;Database=ringback;Username=u;Password=\"a;b\""));
}
