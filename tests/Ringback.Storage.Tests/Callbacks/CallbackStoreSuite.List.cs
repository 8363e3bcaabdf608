using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Tests.Callbacks;

public abstract partial class CallbackStoreSuite
{
    [Fact]
    public async Task The_list_shows_what_is_not_over_newest_first_by_queue_state_and_page()
    {
        var support = await Site.AddQueueAsync(Site.Tenant, "support");
        var sales = await Site.AddQueueAsync(Site.Tenant, "sales");
        var foreign = await Site.AddQueueAsync(Site.OtherTenant, "support");
        await Site.CommitAsync(support, Sample.Created(Sample.Id(1)), Sample.Created(Sample.Id(2)), Sample.Created(Sample.Id(4)),
            new Change.CallbackChanged(Sample.Callback(Sample.Id(2), CallbackState.Completed) with { Reason = CompletionReason.Connected }));
        await Site.CommitAsync(sales, Sample.Created(Sample.Id(3)));
        await Site.CommitAsync(foreign, Sample.Created(Sample.Id(5)));

        Assert.Equal([4, 3, 1], await ListAsync(new CallbackFilter()));
        Assert.Equal([4, 1], await ListAsync(new CallbackFilter { QueueId = support.QueueId }));
        Assert.Equal([2], await ListAsync(new CallbackFilter { State = CallbackState.Completed }));
        Assert.Equal([], await ListAsync(new CallbackFilter { State = CallbackState.Completed, QueueId = sales.QueueId }));
        Assert.Equal([4, 3], await ListAsync(new CallbackFilter { Limit = 2 }));
        Assert.Equal([1], await ListAsync(new CallbackFilter { Limit = 2, Before = Sample.Id(3) }));
        Assert.Equal("sales", Assert.Single(await Site.Callbacks.ListAsync(Site.Tenant, new CallbackFilter { QueueId = sales.QueueId })).QueueName);

        async Task<IEnumerable<int>> ListAsync(CallbackFilter filter) =>
            (await Site.Callbacks.ListAsync(Site.Tenant, filter)).Select(c => Enumerable.Range(1, 5).Single(n => Sample.Id(n) == c.Callback.Id));
    }
}
