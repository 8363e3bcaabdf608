using Npgsql;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>A server that goes away and comes back, and one whose disk fills.</summary>
public sealed class PostgreSqlOutageTests : IAsyncLifetime
{
    private PostgreSqlCluster cluster = null!;

    public async ValueTask InitializeAsync() => cluster = await PostgreSqlCluster.StartNewAsync();

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task A_server_that_was_stopped_is_used_again_once_it_is_back_and_nothing_answered_is_lost(string how)
    {
        await using var site = new PostgreSqlSite(await DatabaseAsync(""));
        var (queue, epoch) = await PrepareAsync(site);
        // More connections than one, so that several are stale afterwards.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.Access.ListTenantsAsync()));
        await site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(1))]);

        await cluster.StopAsync(how);
        await Assert.ThrowsAsync<StorageException>(() => site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2))]));
        await Assert.ThrowsAsync<StorageException>(() => site.Callbacks.ActivateAsync(queue));
        await Assert.ThrowsAsync<StorageException>(() => site.PostgreSql.SchemaAgeAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<StorageException>(() => site.Delivery.WaitingAsync());
        await cluster.StartAsync();

        Assert.Equal(SchemaAge.Same, await site.PostgreSql.SchemaAgeAsync(TestContext.Current.CancellationToken));
        var loaded = (await site.Callbacks.ActivateAsync(queue))!;
        Assert.Equal([Sample.Id(1)], loaded.Callbacks.Select(c => c.Id));
        await site.Callbacks.CommitAsync(queue, loaded.Epoch, [Sample.Created(Sample.Id(2))]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.Access.ListTenantsAsync()));
    }

    [Fact]
    public async Task A_disk_that_fills_is_told_and_the_service_goes_on_once_there_is_room()
    {
        // Only root may mount. Everywhere else PostgreSqlFaultTests shows the same error raised by a trigger.
        if (!Environment.IsPrivilegedProcess || !OperatingSystem.IsLinux()) return;
        var disk = Path.Combine(cluster.Folder, "disk");
        Directory.CreateDirectory(disk);
        await PostgreSqlCluster.ProcessAsync("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk);
        try
        {
            await PostgreSqlCluster.OwnAsync(disk);
            await PostgreSqlServer.ExecuteAsync(cluster.ConnectionString, $"create tablespace small location '{disk}'");
            await using var site = new PostgreSqlSite(await DatabaseAsync("tablespace small"));
            var (queue, epoch) = await PrepareAsync(site);

            var written = 0;
            // Text that does not compress, 40 kB a piece.
            var details = new CallbackDetails { UserDataJson = string.Concat(Enumerable.Range(0, 1_000).Select(i => Convert.ToHexString(Sample.Id(i * 7_919).ToByteArray())[..8] + i.ToString("x8") + "….-~*+#'!?")) };
            var full = await Assert.ThrowsAsync<StorageException>(async () =>
            {
                for (; written < 5_000; written++)
                    await site.Callbacks.CommitAsync(queue, epoch, [new Change.CallbackCreated(Sample.Callback(Sample.Id(written)), details, [Sample.Target])]);
            });
            Assert.Equal(("The disk of the database is full.", false), (full.Message, full.OutcomeUnknown));
            Assert.Equal(written, (await site.Callbacks.ActivateAsync(queue))!.Callbacks.Count);

            await PostgreSqlCluster.ProcessAsync("mount", "-o", "remount,size=64m", disk);
            var loaded = (await site.Callbacks.ActivateAsync(queue))!;
            Assert.Equal(written, loaded.Callbacks.Count);
            await site.Callbacks.CommitAsync(queue, loaded.Epoch, [new Change.CallbackCreated(Sample.Callback(Sample.Id(written)), details, [Sample.Target])]);
        }
        finally
        {
            await cluster.StopAsync("immediate");
            await PostgreSqlCluster.ProcessAsync("umount", disk);
        }
    }

    private async Task<string> DatabaseAsync(string where)
    {
        await PostgreSqlServer.ExecuteAsync(cluster.ConnectionString, $"create database ringback {where}");
        return new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = "ringback" }.ConnectionString;
    }

    private static async Task<(QueueKey Queue, long Epoch)> PrepareAsync(PostgreSqlSite site)
    {
        await site.PostgreSql.MigrateAsync();
        await site.Access.AddTenantAsync("first", site.Now);
        var queue = await site.AddQueueAsync(Site.Tenant);
        return (queue, (await site.Callbacks.ActivateAsync(queue))!.Epoch);
    }
}
