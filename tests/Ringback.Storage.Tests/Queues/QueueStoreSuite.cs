using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Storage.Tests.Queues;

public abstract class QueueStoreSuite : StoreSuite
{
    [Fact]
    public async Task A_queue_is_found_by_its_exact_name_in_its_tenant()
    {
        var added = (await Site.Queues.AddAsync(Site.Tenant, "support", new QueueSettings { MaxAttempts = 9 }, "somebody", Site.Now))!;
        var found = (await Site.Queues.FindAsync(Site.Tenant, "support"))!;
        Assert.Equal((added.Key, "support", 1, 9), (found.Key, found.Name, found.Version, found.Settings.MaxAttempts));
        Assert.Null(await Site.Queues.FindAsync(Site.Tenant, "Support"));
        Assert.Null(await Site.Queues.FindAsync(Site.OtherTenant, "support"));
    }

    [Fact]
    public async Task A_name_is_given_once_per_tenant()
    {
        Assert.NotNull(await Site.Queues.AddAsync(Site.Tenant, "support", new QueueSettings(), "somebody", Site.Now));
        Assert.Null(await Site.Queues.AddAsync(Site.Tenant, "support", new QueueSettings(), "somebody", Site.Now));
        Assert.NotNull(await Site.Queues.AddAsync(Site.OtherTenant, "support", new QueueSettings(), "somebody", Site.Now));
    }

    [Fact]
    public async Task Queues_are_listed_by_name_with_numbers_of_their_own()
    {
        await Site.AddQueueAsync(Site.Tenant, "b");
        await Site.AddQueueAsync(Site.Tenant, "a");
        await Site.AddQueueAsync(Site.OtherTenant, "c");
        Assert.Equal([("a", 2), ("b", 1)], (await Site.Queues.ListAsync(Site.Tenant)).Select(q => (q.Name, q.Key.QueueId)));
    }

    [Fact]
    public async Task Settings_of_several_queues_are_written_together_or_not_at_all()
    {
        var (first, second) = (await AddAsync("first"), await AddAsync("second"));
        var changed = new QueueSettings { MaxAttempts = 9 };
        QueueWrite[] writes = [new("first", first, changed), new("third", null, changed), new("second", second with { Version = 7 }, changed)];
        Assert.IsType<WriteAllResult.Changed>(await Site.Queues.WriteAllAsync(Site.Tenant, writes, "importer", Site.Now));
        Assert.Equal([("first", 1, 3), ("second", 1, 3)], (await Site.Queues.ListAsync(Site.Tenant)).Select(q => (q.Name, q.Version, q.Settings.MaxAttempts)));

        writes[2] = new("second", second, changed);
        var written = Assert.IsType<WriteAllResult.Written>(await Site.Queues.WriteAllAsync(Site.Tenant, writes, "importer", Site.Now));
        Assert.Equal([("first", 2), ("second", 2), ("third", 1)], written.Queues.Select(q => (q.Name, q.Version)));
        Assert.Equal([2, 2, 1], (await Site.Queues.ListAsync(Site.Tenant)).Select(q => q.Version));
        Assert.Equal([(2, "importer"), (1, "test")], (await Site.Queues.HistoryAsync(Site.Tenant, "first", null, 10)).Select(v => (v.Version, v.By)));
        Assert.Empty(await Site.Queues.HistoryAsync(Site.OtherTenant, "first", null, 10));
        // The queue was added meanwhile: it is not overwritten.
        Assert.IsType<WriteAllResult.Changed>(await Site.Queues.WriteAllAsync(Site.Tenant, [new("third", null, new QueueSettings())], "importer", Site.Now));
    }

    [Fact]
    public async Task A_queue_that_changes_its_type_is_taken_from_its_owner_and_one_with_callbacks_does_not()
    {
        var queue = await AddAsync("support");
        var owner = (await Site.Callbacks.ActivateAsync(queue.Key))!;
        var originated = new QueueSettings { Type = QueueType.UserOriginated, CallInGroup = "numbers" };
        Assert.IsType<WriteAllResult.Written>(await Site.Queues.WriteAllAsync(Site.Tenant, [new("support", queue, originated)], "importer", Site.Now));
        await Assert.ThrowsAsync<OwnershipLostException>(() => Site.Callbacks.CommitAsync(queue.Key, owner.Epoch, [new Change.LiveStateChanged(new LiveState())]));

        await Site.CommitAsync(queue.Key, Sample.Created(Sample.Id(1)));
        var now = (await Site.Queues.FindAsync(queue.Key))!;
        Assert.Equal(new WriteAllResult.NotEmpty("support"), await Site.Queues.WriteAllAsync(Site.Tenant, [new("support", now, new QueueSettings())], "importer", Site.Now));
        Assert.Equal((2, QueueType.UserOriginated), ((await Site.Queues.FindAsync(queue.Key))!.Version, (await Site.Queues.FindAsync(queue.Key))!.Settings.Type));
    }

    [Fact]
    public async Task A_deleted_queue_is_gone_for_all_but_its_history()
    {
        var queue = await AddAsync("support");
        await Site.CommitAsync(queue.Key, new Change.QueueDeleted(queue.Name, 2, "somebody", Site.Now));
        Assert.Null(await Site.Queues.FindAsync(Site.Tenant, "support"));
        Assert.Null(await Site.Queues.FindAsync(queue.Key));
        Assert.Empty(await Site.Queues.ListAsync(Site.Tenant));
        Assert.Empty(await Site.Queues.VersionsAsync());
        Assert.Null(await Site.Callbacks.ActivateAsync(queue.Key));
        Assert.IsType<WriteAllResult.Changed>(await Site.Queues.WriteAllAsync(Site.Tenant, [new("support", queue with { Version = 2 }, new QueueSettings())], "importer", Site.Now));

        var again = await AddAsync("support");
        Assert.Equal(2, again.Key.QueueId);
        var history = await Site.Queues.HistoryAsync(Site.Tenant, "support", null, 10);
        Assert.Equal([(2, 1, false), (1, 2, true), (1, 1, false)], history.Select(v => (v.QueueId, v.Version, v.Settings is null)));
        Assert.Equal([(1, 1)], (await Site.Queues.HistoryAsync(Site.Tenant, "support", (1, 2), 10)).Select(v => (v.QueueId, v.Version)));
        Assert.Equal([(new QueueKey(Site.Tenant, 2), 1)], await Site.Queues.VersionsAsync());
    }

    private async Task<StoredQueue> AddAsync(string name) => (await Site.Queues.AddAsync(Site.Tenant, name, new QueueSettings(), "test", Site.Now))!;
}
