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
}
