using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Storage.Dialects.PostgreSql;
using Ringback.Storage.Dialects.Sqlite;
using Ringback.Storage.Tests.PostgreSql;

namespace Ringback.Storage.Tests;

public sealed class StorageOptionsTests
{
    private const string Provider = "Storage:Provider";
    private const string ConnectionString = "Storage:ConnectionString";

    [Fact]
    public async Task Without_a_word_it_is_SQLite_in_the_data_folder()
    {
        var folder = Directory.CreateTempSubdirectory("ringback-test-");
        var file = Path.Combine(folder.FullName, "ringback.db");
        await using (var services = Services([], file))
        {
            Assert.IsType<SqliteDatabase>(services.GetRequiredService<IDatabaseSetup>());
            Assert.True(services.GetRequiredService<IDatabaseSetup>().IsExclusive);
        }
        Assert.True(File.Exists(file));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("postgresql")]
    [InlineData("PostgreSql")]
    public async Task PostgreSql_is_used_where_it_is_said_and_shared_with_others(string provider)
    {
        var connectionString = await PostgreSqlServer.RentAsync();
        await using (var services = Services(new() { [Provider] = provider, [ConnectionString] = connectionString }))
        {
            Assert.IsType<PostgreSqlDatabase>(services.GetRequiredService<IDatabaseSetup>());
            Assert.False(services.GetRequiredService<IDatabaseSetup>().IsExclusive);
            Assert.Empty(await services.GetRequiredService<IAccessStore>().ListTenantsAsync());
        }
        PostgreSqlServer.Return(connectionString);
    }

    [Theory]
    [InlineData("postgresql", null, "Storage:ConnectionString is missing")]
    [InlineData("postgresql", " ", "Storage:ConnectionString is missing")]
    [InlineData("postgresql", "Host=db;Pasword=hunter2", "Storage:ConnectionString is wrong")]
    [InlineData("sqlite", "Host=db;Password=hunter2", "Storage:Provider is not postgresql")]
    [InlineData(null, "Host=db;Password=hunter2", "Storage:Provider is not postgresql")]
    [InlineData("7", null, "Storage:Provider must be sqlite or postgresql")]
    public async Task A_mistake_is_named_and_the_connection_string_is_not_quoted(string? provider, string? connectionString, string words)
    {
        await using var services = Services(new() { [Provider] = provider, [ConnectionString] = connectionString });
        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IDatabaseSetup>());
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_there_is_not_is_refused()
    {
        await using var services = Services(new() { ["Storage:Providor"] = "postgresql" });
        Assert.Contains("Providor", Assert.Throws<InvalidOperationException>(() => services.GetRequiredService<IDatabaseSetup>()).Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings, string file = "/nowhere/ringback.db")
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.Where(s => s.Value is not null)).Build());
        services.AddKeyedSingleton(Clock.ServiceKey, TimeProvider.System);
        services.AddConfiguredDatabase(file, "node-a");
        return services.BuildServiceProvider();
    }
}
