using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>Who is at work in a database that several processes share, and whose leases are therefore abandoned (docs/adr/0004).</summary>
public sealed class PostgreSqlPresenceTests : IAsyncLifetime
{
    private const string Node = "node-b";
    private PostgreSqlSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await PostgreSqlSite.OpenPostgreSqlAsync();
        var queue = await site.AddQueueAsync(Site.Tenant);
        await site.CommitAsync(queue, Sample.Created(Sample.Id(1)), new Change.PushDecided(Sample.Push(Site.Tenant, Sample.Id(1), Sample.Id(2), occurredAt: site.Now)));
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task The_leases_of_a_process_last_while_it_is_at_work_and_are_freed_once_it_has_ended()
    {
        await using (var other = PostgreSqlDatabase.Open(site.ConnectionString))
        {
            await other.JoinAsync(Node, TestContext.Current.CancellationToken);
            Assert.Single(await ClaimAsync(Node));
            await site.Delivery.FreeAbandonedLeasesAsync();
            Assert.Empty(await ClaimAsync("node-a"));
        }
        await EventuallyFreeAsync();
    }

    [Fact]
    public async Task A_process_that_loses_its_connection_takes_another_and_is_at_work_again()
    {
        await using var other = PostgreSqlDatabase.Open(site.ConnectionString);
        await other.JoinAsync(Node, TestContext.Current.CancellationToken);
        var first = Assert.Single(await HoldersAsync());
        await PostgreSqlServer.ExecuteAsync(site.ConnectionString, $"select pg_terminate_backend({first})");
        await UntilAsync(async () => await HoldersAsync() is [var second] && second != first);
        Assert.Single(await ClaimAsync(Node));
        await site.Delivery.FreeAbandonedLeasesAsync();
        Assert.Empty(await ClaimAsync("node-a"));
    }

    /// <summary>The server notices the end of a connection by itself, a moment later.</summary>
    private Task EventuallyFreeAsync() => UntilAsync(async () =>
    {
        await site.Delivery.FreeAbandonedLeasesAsync();
        return (await ClaimAsync("node-a")).Count == 1;
    });

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var until = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < until, "Waited 30 s in vain.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private Task<IReadOnlyList<ClaimedPush>> ClaimAsync(string node) => site.Delivery.ClaimDueAsync(node, CredentialKey.DefaultOf(Tests.Site.Tenant), site.Now, site.Now.AddSeconds(30), 10);

    private Task<List<int>> HoldersAsync() => site.Database.ReadAsync(s => s.QueryAsync(
        "select pid from pg_locks where locktype = 'advisory' and classid = 1919510115 and granted and database = (select oid from pg_database where datname = current_database())", r => r.Int()));
}
