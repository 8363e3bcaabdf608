using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Tests.Sqlite;

/// <summary>What the writer does with large work beside small work: the small does not wait for all of the large, and the large gets on.</summary>
public sealed class SqliteFloodTests : IAsyncLifetime
{
    private readonly List<(string Name, int Rows, long Transaction)> ran = [];
    private SqliteSite site = null!;
    private long first;

    public async ValueTask InitializeAsync() => site = await SqliteSite.OpenSqliteAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task Small_work_that_comes_after_ten_large_pieces_is_durable_with_the_first_of_them()
    {
        await GatherAsync(() => [.. Enumerable.Range(0, 10).Select(i => QueueAsync($"large {i}", WorkSize.MostTogether + 100)), QueueAsync("small", 1)]);
        Assert.Equal(
            [("small", 0), ("large 0", 0), .. Enumerable.Range(1, 9).Select(i => ($"large {i}", i))],
            ran.Select(piece => (piece.Name, (int)piece.Transaction)));
    }

    [Fact]
    public async Task Pieces_that_are_large_share_a_commit_up_to_what_others_can_wait_for()
    {
        await GatherAsync(() => [.. Enumerable.Range(0, 12).Select(i => QueueAsync($"large {i}", WorkSize.MostSmall + 60))]);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"large {i}"), ran.Select(piece => piece.Name));
        Assert.All(ran.GroupBy(piece => piece.Transaction), commit => Assert.InRange(commit.Sum(piece => piece.Rows), 1, WorkSize.MostTogether));
        Assert.Equal(4, ran.Max(piece => piece.Transaction) + 1);
    }

    [Fact]
    public async Task A_flood_of_small_work_leaves_no_large_piece_waiting()
    {
        await GatherAsync(() => [QueueAsync("large 0", 2_000), QueueAsync("large 1", 2_000), .. Enumerable.Range(0, 3_000).Select(_ => QueueAsync("small", 1))]);
        Assert.Equal([0, 1], ran.Where(piece => piece.Name != "small").Select(piece => (int)piece.Transaction));
        Assert.True(ran.Max(piece => piece.Transaction) > 1, "all the small work was in the first two commits, so nothing competed");
    }

    [Fact]
    public async Task Large_commits_of_callbacks_are_each_a_commit_of_their_own_and_a_small_one_shares_the_first()
    {
        var flooded = await site.AddQueueAsync(Site.Tenant, "flooded");
        var other = await site.AddQueueAsync(Site.Tenant, "other");
        var (epoch, otherEpoch) = ((await site.Callbacks.ActivateAsync(flooded))!.Epoch, (await site.Callbacks.ActivateAsync(other))!.Epoch);
        await GatherAsync(() =>
        [
            .. Enumerable.Range(0, 10).Select(i => site.Callbacks.CommitAsync(flooded, epoch, [.. Enumerable.Range(0, 300).Select(n => Sample.Created(Sample.Id((i * 300) + n)))])),
            site.Callbacks.CommitAsync(other, otherEpoch, [Sample.Created(Sample.Id(5_000))]),
        ]);
        Assert.Equal(10, site.Sqlite.Commits - first);
        Assert.Equal(3_000, (await site.Callbacks.ActivateAsync(flooded))!.Callbacks.Count);
    }

    /// <summary>What is queued gathers behind a piece that holds the writer, in this order; then all of it is written.</summary>
    private async Task GatherAsync(Func<IEnumerable<Task>> work)
    {
        var ended = TestContext.Current.CancellationToken;
        using var gate = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var held = site.Database.WriteAsync(WorkKind.Other, _ =>
        {
            entered.Set();
            gate.Wait(ended);
            return ValueTask.FromResult(true);
        });
        entered.Wait(ended);
        first = site.Sqlite.Commits + 1; // That of the piece that holds it comes before.
        var queued = work().ToList();
        gate.Set();
        await Task.WhenAll([held, .. queued]);
    }

    /// <summary>A piece that notes in which transaction it ran, counted from the first after the hold.</summary>
    private Task<bool> QueueAsync(string name, int rows) => site.Database.WriteAsync(
        WorkKind.Other,
        _ =>
        {
            ran.Add((name, rows, site.Sqlite.Commits - first));
            return ValueTask.FromResult(true);
        },
        rows);
}
