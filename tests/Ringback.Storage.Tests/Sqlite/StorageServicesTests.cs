using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Storage.Dialects.Sqlite;

namespace Ringback.Storage.Tests.Sqlite;

public sealed class StorageServicesTests
{
    [Fact]
    public async Task A_container_gives_every_store_on_one_file_and_gives_the_file_free_with_itself()
    {
        var folder = Directory.CreateTempSubdirectory("ringback-test-");
        var path = Path.Combine(folder.FullName, "ringback.db");
        var services = new ServiceCollection().AddKeyedSingleton(Clock.ServiceKey, TimeProvider.System).AddSqlite(path, "node-a");
        await using (var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }))
        {
            await provider.GetRequiredService<IDatabaseSetup>().MigrateAsync(TestContext.Current.CancellationToken);
            var tenant = (await provider.GetRequiredService<IAccessStore>().AddTenantAsync("first", DateTimeOffset.UnixEpoch))!.Value;
            var queue = (await provider.GetRequiredService<IQueueStore>().AddAsync(tenant, "support", new QueueSettings(), "test", DateTimeOffset.UnixEpoch))!.Key;
            Assert.NotNull(await provider.GetRequiredService<ICallbackStore>().ActivateAsync(queue));
            Assert.Empty(await provider.GetRequiredService<IDeliveryStore>().WaitingAsync());
            Assert.Empty(await provider.GetRequiredService<ICallInStore>().ListGroupsAsync(tenant));
            Assert.True(((SqliteDatabase)provider.GetRequiredService<IDatabaseSetup>()).Commits > 0);
        }
        SqliteDatabase.Open(path).Dispose();
        folder.Delete(recursive: true);
    }
}
