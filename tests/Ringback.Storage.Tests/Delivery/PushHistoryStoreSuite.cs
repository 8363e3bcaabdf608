using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Delivery;

public abstract class PushHistoryStoreSuite : StoreSuite
{
    private static readonly Guid first = Sample.Id(1), second = Sample.Id(2);

    [Fact]
    public async Task A_push_moves_once_it_has_ended_and_its_callback_is_over_for_long_enough_and_reads_the_same()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        await DecideAsync(queue, first, Sample.Id(11));
        Assert.Equal(0, await MoveAsync());
        await SendAsync();
        Assert.Equal(0, await MoveAsync());
        await EndAsync(queue, first, Site.Now);
        var before = await Site.Callbacks.TimelineAsync(Site.Tenant, first);
        Assert.Equal(0, (await Site.PushHistory.MoveAsync(Site.Tenant, Guid.Empty, Site.Now.AddSeconds(-1), 100)).Moved);
        Assert.Equal(1, await MoveAsync());
        Assert.Equal((0, 1), await CountAsync());
        Assert.Equal(0, await MoveAsync());

        var after = await Site.Callbacks.TimelineAsync(Site.Tenant, first);
        Assert.Equal(before.Select(e => (e.Sequence, e.At, e.Kind)), after.Select(e => (e.Sequence, e.At, e.Kind)));
        Assert.Equal(before[^1].Detail, after[^1].Detail);
    }

    [Fact]
    public async Task A_push_that_is_not_sent_yet_stays_though_its_callback_is_over()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        await DecideAsync(queue, first, Sample.Id(11));
        await EndAsync(queue, first, Site.Now);
        Assert.Equal(0, await MoveAsync());
        Assert.Equal((1, 0), await CountAsync());
    }

    [Fact]
    public async Task A_walk_goes_on_behind_what_stays_and_takes_a_few_at_a_time()
    {
        var queue = await QueueAsync(Site.Tenant, first, second);
        for (var i = 0; i < 5; i++) await DecideAsync(queue, i == 1 ? second : first, Sample.Id(11 + i), round: i);
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        List<int> moved = [];
        for (Guid? next = Guid.Empty; next is { } after;)
        {
            var step = await Site.PushHistory.MoveAsync(Site.Tenant, after, Site.Now, 2);
            moved.Add(step.Moved);
            next = step.Next;
        }
        Assert.Equal([1, 2, 1], moved);
        Assert.Equal((1, 4), await CountAsync());
    }

    [Fact]
    public async Task A_push_that_was_decided_after_the_instant_is_not_looked_at()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        await DecideAsync(queue, first, Guid.CreateVersion7(Site.Now.AddMilliseconds(2)));
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        Assert.Equal(0, await MoveAsync());
        Assert.Equal(1, (await Site.PushHistory.MoveAsync(Site.Tenant, Guid.Empty, Site.Now.AddMilliseconds(2), 100)).Moved);
    }

    [Fact]
    public async Task The_pushes_of_another_tenant_stay_where_they_are()
    {
        var queue = await QueueAsync(Site.OtherTenant, first);
        await DecideAsync(queue, first, Sample.Id(11));
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        Assert.Equal(0, await MoveAsync());
        Assert.Equal(1, (await Site.PushHistory.MoveAsync(Site.OtherTenant, Guid.Empty, Site.Now, 100)).Moved);
        Assert.Equal(0, await Site.PushHistory.ForgetAsync(Site.Tenant, Site.Now.AddDays(9), 100));
        Assert.Equal((0, 1), await CountAsync());
    }

    [Fact]
    public async Task What_is_too_old_is_forgotten_the_oldest_first_and_a_few_at_a_time()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        for (var i = 0; i < 3; i++) await DecideAsync(queue, first, Guid.CreateVersion7(Site.Now.AddDays(i)), round: i);
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        await Site.PushHistory.MoveAsync(Site.Tenant, Guid.Empty, Site.Now.AddDays(9), 100);
        Assert.Equal(1, await Site.PushHistory.ForgetAsync(Site.Tenant, Site.Now.AddDays(1), 1));
        Assert.Equal(1, await Site.PushHistory.ForgetAsync(Site.Tenant, Site.Now.AddDays(1), 100));
        Assert.Equal((0, 1), await CountAsync());
        Assert.Equal(2L, Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, first)).Detail["round"]);
    }

    private async Task<int> MoveAsync() => (await Site.PushHistory.MoveAsync(Site.Tenant, Guid.Empty, Site.Now, 100)).Moved;

    private async Task<QueueKey> QueueAsync(TenantId tenant, params Guid[] callbacks)
    {
        var queue = await Site.AddQueueAsync(tenant);
        await Site.CommitAsync(queue, [.. callbacks.Select(id => Sample.Created(id))]);
        return queue;
    }

    private Task DecideAsync(QueueKey queue, Guid callback, Guid id, int round = 0) => Site.CommitAsync(queue, new Change.PushDecided(Sample.Push(queue.Tenant, callback, id, round: round)));

    private Task EndAsync(QueueKey queue, Guid callback, DateTimeOffset at) =>
        Site.CommitAsync(queue, new Change.CallbackChanged(Sample.Callback(callback, CallbackState.Completed) with { CompletedAt = at, Reason = CompletionReason.Cancelled }));

    private async Task SendAsync()
    {
        foreach (var tenant in await Site.Delivery.DueTenantsAsync(Site.Now))
        {
            var claimed = await Site.Delivery.ClaimDueAsync("node-a", tenant, Site.Now, Site.Now.AddSeconds(30), 100);
            await Site.Delivery.RecordAsync("node-a", [.. claimed.Select(push => new DeliveryResult.Finished(push, OutboxState.Accepted, "name", Site.Now, 1))]);
        }
    }

    private async Task<(int Outbox, int History)> CountAsync() => await Site.Database.ReadAsync(async s =>
        ((await s.QueryAsync("select count(*) from outbox", r => (int)r.Long()))[0], (await s.QueryAsync("select count(*) from outbox_history", r => (int)r.Long()))[0]));
}
