using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Storage.Dialects.Sqlite;

namespace Ringback.Storage.Tests.Sqlite;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private SqliteSite site = null!;

    public async ValueTask InitializeAsync() => site = await SqliteSite.OpenSqliteAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task Many_committers_share_commits()
    {
        const int committers = 32, each = 20;
        var owners = new List<(QueueKey Queue, long Epoch)>();
        for (var q = 0; q < 8; q++)
        {
            var queue = await site.AddQueueAsync(Site.Tenant, $"queue-{q}");
            owners.Add((queue, (await site.Callbacks.ActivateAsync(queue))!.Epoch));
        }
        var (commits, units) = (site.Sqlite.Commits, site.Sqlite.Units);

        await Task.WhenAll(Enumerable.Range(0, committers).Select(c => Task.Run(async () =>
        {
            var (queue, epoch) = owners[c % owners.Count];
            for (var i = 0; i < each; i++) await site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id((c * each) + i))]);
        })));

        Assert.Equal(committers * each, site.Sqlite.Units - units);
        Assert.InRange(site.Sqlite.Commits - commits, 1, (committers * each) - 1);
        var loaded = 0;
        foreach (var (queue, _) in owners) loaded += (await site.Callbacks.ActivateAsync(queue))!.Callbacks.Count;
        Assert.Equal(committers * each, loaded);
    }

    [Fact]
    public async Task A_failing_piece_of_work_does_not_hurt_its_neighbours_in_the_same_commit()
    {
        var queue = await site.AddQueueAsync(Site.Tenant);
        var epoch = (await site.Callbacks.ActivateAsync(queue))!.Epoch;
        var commits = site.Sqlite.Commits;
        using var gate = new ManualResetEventSlim();
        var held = HoldWriterAsync(gate);

        var before = site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(1))]);
        var broken = site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2)), Sample.Created(Sample.Id(1))]);
        var fenced = site.Callbacks.CommitAsync(queue, epoch - 1, [Sample.Created(Sample.Id(3))]);
        var after = site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(4))]);
        gate.Set();

        await Task.WhenAll(held, before, after);
        await Assert.ThrowsAsync<StorageException>(() => broken);
        await Assert.ThrowsAsync<OwnershipLostException>(() => fenced);
        Assert.Equal(2, site.Sqlite.Commits - commits);
        Assert.Equal([Sample.Id(1), Sample.Id(4)], (await site.Callbacks.ActivateAsync(queue))!.Callbacks.Select(c => c.Id).Order());
    }

    [Fact]
    public async Task A_commit_that_fails_leaves_every_piece_of_its_batch_in_doubt_and_the_next_one_succeeds()
    {
        var queue = await site.AddQueueAsync(Site.Tenant);
        var epoch = (await site.Callbacks.ActivateAsync(queue))!.Epoch;
        using var gate = new ManualResetEventSlim();
        var held = HoldWriterAsync(gate);
        // A deferred foreign key is judged by COMMIT alone: the one fault that SQLite can be made to find there.
        var orphan = site.Database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.ExecuteAsync("pragma defer_foreign_keys = 1");
            return await s.ExecuteAsync(Storage.Callbacks.SqliteCallbackSql.AddTarget, Site.Tenant, Sample.Id(77), 0, 0, "x");
        });
        var neighbour = site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(1))]);
        gate.Set();

        await held;
        Assert.True((await Assert.ThrowsAsync<StorageException>(() => orphan)).OutcomeUnknown);
        Assert.True((await Assert.ThrowsAsync<StorageException>(() => neighbour)).OutcomeUnknown);
        await site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2))]);
        Assert.Equal(Sample.Id(2), Assert.Single((await site.Callbacks.ActivateAsync(queue))!.Callbacks).Id);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_the_service_goes_on_once_there_is_room()
    {
        var queue = await site.AddQueueAsync(Site.Tenant);
        var epoch = (await site.Callbacks.ActivateAsync(queue))!.Epoch;
        await MostPagesAsync(1);
        var written = 0;
        var full = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            for (; written < 1_000; written++) await site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(written))]);
        });
        Assert.Contains("full", full.Message, StringComparison.Ordinal);

        await MostPagesAsync(1_000_000);
        var snapshot = (await site.Callbacks.ActivateAsync(queue))!;
        Assert.Equal(written, snapshot.Callbacks.Count);
        await site.Callbacks.CommitAsync(queue, snapshot.Epoch, [Sample.Created(Sample.Id(5_000))]);
        Assert.NotNull(await site.Callbacks.FindAsync(Site.Tenant, Sample.Id(5_000)));
    }

    [Fact]
    public async Task What_was_queued_is_written_before_the_database_closes_and_nothing_is_taken_afterwards()
    {
        var queue = await site.AddQueueAsync(Site.Tenant);
        var epoch = (await site.Callbacks.ActivateAsync(queue))!.Epoch;
        using var gate = new ManualResetEventSlim();
        var held = HoldWriterAsync(gate);
        var queued = Enumerable.Range(0, 2_000).Select(i => site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(i))])).ToList();
        var old = site.Callbacks;
        var reopened = Task.Run(site.ReopenAsync, TestContext.Current.CancellationToken);
        gate.Set();
        await Task.WhenAll([held, reopened, .. queued]);

        await Assert.ThrowsAsync<StorageException>(() => old.CommitAsync(queue, epoch, []));
        await Assert.ThrowsAsync<StorageException>(() => old.FindAsync(Site.Tenant, Sample.Id(1)));
        Assert.Equal(2_000, (await site.Callbacks.ActivateAsync(queue))!.Callbacks.Count);
    }

    /// <summary>Keeps the writer busy, so that what comes next gathers in one batch.</summary>
    private Task<bool> HoldWriterAsync(ManualResetEventSlim gate)
    {
        var ended = TestContext.Current.CancellationToken;
        var entered = new ManualResetEventSlim();
        var held = site.Database.WriteAsync(WorkKind.Other, s =>
        {
            entered.Set();
            gate.Wait(ended);
            return ValueTask.FromResult(true);
        });
        entered.Wait(ended);
        return held;
    }

    /// <summary>SQLite takes the greater of this and the present size, so 1 means: no page more.</summary>
    private Task<List<int>> MostPagesAsync(int pages) =>
        site.Database.WriteAsync(WorkKind.Other, s => s.QueryAsync($"pragma max_page_count = {pages}", r => r.Int()));
}
