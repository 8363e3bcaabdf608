using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Tests.Callbacks;

public abstract partial class CallbackStoreSuite
{
    [Fact]
    public async Task An_owner_that_was_replaced_writes_nothing_any_more()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var first = (await Site.CallbacksOf("node-a").ActivateAsync(queue))!.Epoch;
        var second = (await Site.CallbacksOf("node-b").ActivateAsync(queue))!.Epoch;

        await Assert.ThrowsAsync<OwnershipLostException>(() => Site.CallbacksOf("node-a").CommitAsync(queue, first, [Sample.Created(Sample.Id(1))]));
        await Site.CallbacksOf("node-b").CommitAsync(queue, second, [Sample.Created(Sample.Id(2))]);

        Assert.Equal(Sample.Id(2), Assert.Single((await Site.Callbacks.ActivateAsync(queue))!.Callbacks).Id);
    }

    [Fact]
    public async Task An_owner_may_not_change_a_callback_of_another_queue()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant, "support");
        var other = await Site.AddQueueAsync(Site.Tenant, "sales");
        await Site.CommitAsync(other, Sample.Created(callback));
        await Assert.ThrowsAsync<StorageException>(() => Site.CommitAsync(queue, new Change.CallbackChanged(Sample.FullCallback(callback))));
        Assert.Equal(Sample.Callback(callback), (await Site.Callbacks.FindAsync(Site.Tenant, callback))!.Callback);
    }

    [Fact]
    public async Task An_owner_may_not_decide_a_push_of_another_tenant()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var other = await Site.AddQueueAsync(Site.OtherTenant);
        await Site.CommitAsync(other, Sample.Created(callback));
        await Assert.ThrowsAsync<ArgumentException>(() => Site.CommitAsync(queue, new Change.PushDecided(Sample.Push(Site.OtherTenant, callback, Sample.Id(5)))));
        Assert.Empty(await Site.Delivery.WaitingAsync());
    }

    [Fact]
    public async Task A_commit_that_fails_half_way_leaves_nothing()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var failure = await Assert.ThrowsAsync<StorageException>(() => Site.CommitAsync(queue, Sample.Created(callback), Sample.Created(callback)));
        Assert.False(failure.OutcomeUnknown);
        // The failure is told before the COMMIT of its batch; a later write is durable only after it.
        Assert.Empty((await Site.Callbacks.ActivateAsync(queue))!.Callbacks);
        Assert.Null(await Site.Callbacks.FindAsync(Site.Tenant, callback));
    }

    [Theory]
    [InlineData(PushEvents.Upcoming, 0, 0, false)]
    [InlineData(PushEvents.Upcoming, 1, 0, true)]
    [InlineData(PushEvents.Upcoming, 0, 1, true)]
    [InlineData(PushEvents.Purged, 0, 0, true)]
    public async Task An_event_of_a_round_is_decided_once_per_target(string pushEvent, int round, int target, bool allowed)
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        await Site.CommitAsync(queue, Sample.Created(callback, CallbackState.Queued, Sample.Target, Sample.Target), new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(5))));

        var again = () => Site.CommitAsync(queue,
            new Change.CallbackChanged(Sample.FullCallback(callback)), new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(6), pushEvent, round, target: target)));
        if (allowed) await again();
        else await Assert.ThrowsAsync<StorageException>(again);

        Assert.Equal(allowed ? 2 : 1, (await Site.Delivery.WaitingAsync())[Site.Tenant]);
        Assert.Equal(allowed, (await Site.Callbacks.FindAsync(Site.Tenant, callback))!.Callback == Sample.FullCallback(callback));
    }

    [Fact]
    public async Task Tenants_with_equal_ids_never_see_each_other()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var other = await Site.AddQueueAsync(Site.OtherTenant);
        Assert.Equal(queue.QueueId, other.QueueId);
        var theirs = Sample.Callback(callback) with { PhoneNumber = "+15559999999" };
        await Site.CommitAsync(queue, Everything(Site.Tenant, Sample.Callback(callback), "mine"));
        await Site.CommitAsync(other, Everything(Site.OtherTenant, theirs, "theirs"));

        await Site.CommitAsync(queue, new Change.PushesWithdrawn(callback, [PushEvents.Upcoming]), new Change.CallbackChanged(Sample.Callback(callback) with { SortKey = 99 }));

        var snapshot = (await Site.Callbacks.ActivateAsync(other))!;
        Assert.Equal(theirs, Assert.Single(snapshot.Callbacks));
        Assert.Equal("theirs", Assert.Single(snapshot.Attempts).Agent);
        Assert.Equal("theirs", Assert.Single(snapshot.CallIns).AccessCode);
        Assert.Equal(["theirs"], await Site.Callbacks.FindAddressesAsync(Site.OtherTenant, callback));
        Assert.Equal(["mine"], await Site.Callbacks.FindAddressesAsync(Site.Tenant, callback));
        Assert.Equal("theirs", (await Site.Callbacks.FindAttemptAsync(Site.OtherTenant, Sample.Id(2)))!.Attempt.Agent);
        Assert.Null(await Site.Callbacks.FindLiveAttemptAsync(Site.Tenant, "theirs"));
        Assert.Equal(["theirs"], (await Site.Callbacks.TimelineAsync(Site.OtherTenant, callback)).Select(e => e.Kind));
        Assert.Equal(Site.OtherTenant, Assert.Single(await Site.Delivery.WaitingAsync()).Key);
        Assert.Equal("theirs", Assert.Single(await Site.CallIn.FindOpenAsync(Site.OtherTenant, null, null, "+15550000100", Site.Now)).AccessCode);
    }

    private static Change[] Everything(TenantId tenant, CallbackRecord record, string mark) =>
    [
        new Change.CallbackCreated(record, new CallbackDetails(), [Sample.Target with { Address = mark }]),
        new Change.AttemptSaved(Sample.Attempt(Sample.Id(2), callback, AttemptState.Live, mark)),
        new Change.CallInSaved(Sample.CallIn(Sample.Id(3), callback, mark)),
        new Change.TimelineAdded(callback, new TimelineEntry(1, record.CreatedAt, mark, new Dictionary<string, object?>())),
        new Change.PushDecided(Sample.Push(tenant, callback, Sample.Id(5))),
    ];
}
