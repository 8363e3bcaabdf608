using Npgsql;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>Large commits on PostgreSQL: only so many are on their way at once, and what is small finds a connection beside them.</summary>
public sealed class PostgreSqlFloodTests : IAsyncLifetime
{
    private PostgreSqlSite site = null!;

    public async ValueTask InitializeAsync() => site = await PostgreSqlSite.OpenPostgreSqlAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task Beside_large_commits_that_do_not_get_on_a_small_one_goes_through_and_a_further_large_one_takes_no_connection()
    {
        // One connection more than large commits may take: a further one would leave none.
        await using var narrow = new PostgreSqlSite($"{site.ConnectionString};Maximum Pool Size={PostgreSqlDatabase.MostLargeAtOnce + 1};Timeout=2");
        List<(QueueKey Queue, long Epoch)> flooded = [];
        for (var i = 0; i <= PostgreSqlDatabase.MostLargeAtOnce; i++) flooded.Add(await OwnAsync(narrow, $"flooded-{i}"));
        var (other, otherEpoch) = await OwnAsync(narrow, "other");

        await using var holder = await PostgreSqlServer.ConnectAsync(site.ConnectionString);
        await using var hold = new NpgsqlCommand("begin; select 1 from queues where name like 'flooded-%' for update", holder);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var large = flooded.Select((owner, i) => narrow.Callbacks.CommitAsync(
            owner.Queue, owner.Epoch, [.. Enumerable.Range(0, WorkSize.MostSmall + 1).Select(n => Sample.Created(Sample.Id((1_000 * i) + n)))])).ToList();
        await site.WaitForWaitersAsync(PostgreSqlDatabase.MostLargeAtOnce);

        for (var i = 0; i < 5; i++) await narrow.Callbacks.CommitAsync(other, otherEpoch, [Sample.Created(Sample.Id(100_000 + i))]);
        await site.WaitForWaitersAsync(PostgreSqlDatabase.MostLargeAtOnce);
        Assert.All(large, commit => Assert.False(commit.IsCompleted));

        await holder.CloseAsync();
        await Task.WhenAll(large);
        foreach (var (queue, _) in flooded) Assert.Equal(WorkSize.MostSmall + 1, (await narrow.Callbacks.ActivateAsync(queue))!.Callbacks.Count);
    }

    [Fact]
    public async Task A_large_commit_that_fails_makes_room_for_the_next()
    {
        var (queue, epoch) = await OwnAsync(site, "flooded");
        List<Change> changes = [.. Enumerable.Range(0, WorkSize.MostSmall + 1).Select(n => Sample.Created(Sample.Id(n)))];
        for (var i = 0; i <= PostgreSqlDatabase.MostLargeAtOnce; i++)
            await Assert.ThrowsAsync<OwnershipLostException>(() => CommitAsync(epoch - 1));
        await CommitAsync(epoch);
        Assert.Equal(changes.Count, (await site.Callbacks.ActivateAsync(queue))!.Callbacks.Count);

        Task CommitAsync(long by) => site.Callbacks.CommitAsync(queue, by, changes).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private static async Task<(QueueKey Queue, long Epoch)> OwnAsync(PostgreSqlSite site, string name)
    {
        var queue = await site.AddQueueAsync(Site.Tenant, name);
        return (queue, (await site.Callbacks.ActivateAsync(queue))!.Epoch);
    }
}
