using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Storage.Tests.Delivery;

public abstract partial class DeliveryStoreSuite : StoreSuite
{
    private const string A = "node-a";
    private const string B = "node-b";
    private static readonly Guid callback = Sample.Id(1);

    [Fact]
    public async Task A_claim_takes_what_is_due_oldest_first_and_no_more_than_asked()
    {
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, Push(5, 0, Site.Now), Push(6, 1, Site.Now.AddSeconds(-2)), Push(7, 2, Site.Now.AddSeconds(-1)), Push(8, 3, Site.Now.AddSeconds(1)));

        Assert.Equal([Sample.Id(6), Sample.Id(7)], Ids(await ClaimAsync(A, most: 2)));
        Assert.Equal([Sample.Id(5)], Ids(await ClaimAsync(B)));
        Assert.Empty(await ClaimAsync(A));
    }

    [Fact]
    public async Task A_claimed_push_says_the_same_as_the_one_that_was_decided()
    {
        var queue = await QueueAsync();
        var row = Sample.Push(Site.Tenant, callback, Sample.Id(5), round: 4);
        await Site.CommitAsync(queue, new Change.PushDecided(row));

        var push = Assert.Single(await ClaimAsync(A));

        Assert.Equal(row with { Message = push.Row.Message, LeaseEndsAt = Lease }, push.Row);
        Assert.Equal(row.Message with { Extra = push.Row.Message.Extra }, push.Row.Message);
        Assert.Equal(row.Message.Extra, push.Row.Message.Extra);
        Assert.Equal((Sample.Target, TargetState.Active, 0, Lease), (push.Target, push.TargetState, push.Attempts, push.LeaseEndsAt));
    }

    [Fact]
    public async Task A_push_that_its_node_sends_by_itself_is_nobody_elses_until_the_lease_ends()
    {
        var queue = await QueueAsync();
        var row = Sample.Push(Site.Tenant, callback, Sample.Id(5), lease: Lease);
        await Site.CommitAsync(queue, new Change.PushDecided(row));

        var opened = Assert.Single(await Site.Delivery.OpenAsync([row]));
        Assert.Equal((row, Sample.Target, Lease), (opened.Row, opened.Target, opened.LeaseEndsAt));
        Assert.Empty(await ClaimAsync(B));
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Single(await ClaimAsync(B));
    }

    [Fact]
    public async Task A_lease_is_renewed_only_by_the_node_that_holds_it()
    {
        var push = await ClaimedAsync(A);
        Assert.False(await Site.Delivery.RenewAsync(B, push, Lease.AddMinutes(1)));
        Assert.True(await Site.Delivery.RenewAsync(A, push, Lease.AddMinutes(1)));
        Site.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Empty(await ClaimAsync(B));

        Site.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await ClaimAsync(B));
        Assert.False(await Site.Delivery.RenewAsync(A, push, Lease));
    }

    [Fact]
    public async Task A_finished_push_is_not_renewed_and_not_claimed()
    {
        var push = await ClaimedAsync(A);
        await RecordAsync(A, Finished(push, OutboxState.Accepted));
        Assert.False(await Site.Delivery.RenewAsync(A, push, Lease));
        Site.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty(await ClaimAsync(B));
        Assert.Empty(await Site.Delivery.WaitingAsync());
    }

    [Fact]
    public async Task A_push_to_be_sent_again_is_free_but_not_before_its_time()
    {
        var push = await ClaimedAsync(A);
        await RecordAsync(A, new DeliveryResult.Again(push, Site.Now.AddSeconds(10), "UNAVAILABLE", 1));
        Assert.Empty(await ClaimAsync(B));
        Site.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(1, Assert.Single(await ClaimAsync(B)).Attempts);
    }

    [Fact]
    public async Task Only_the_holder_of_the_lease_puts_a_push_off()
    {
        var push = await ClaimedAsync(A);
        await RecordAsync(B, new DeliveryResult.Again(push, Site.Now.AddDays(1), "UNAVAILABLE", 1));
        Assert.True(await Site.Delivery.RenewAsync(A, push, Lease));
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(0, Assert.Single(await ClaimAsync(B)).Attempts);
    }

    [Theory]
    [InlineData(OutboxState.Accepted, true)]
    [InlineData(OutboxState.TargetDead, true)]
    [InlineData(OutboxState.TargetForeign, true)]
    [InlineData(OutboxState.Rejected, true)]
    [InlineData(OutboxState.Expired, false)]
    [InlineData(OutboxState.Cancelled, false)]
    public async Task What_the_push_service_did_counts_even_from_a_node_that_has_lost_the_lease(OutboxState state, bool counts)
    {
        var push = await ClaimedAsync(A);
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Single(await ClaimAsync(B));
        await RecordAsync(A, Finished(push, state));
        Assert.Equal(counts ? 0 : 1, (await Site.Delivery.WaitingAsync()).Count);
    }

    public static TheoryData<OutboxState, OutboxState> EveryPairOfEnds()
    {
        var ends = Enum.GetValues<OutboxState>().Where(s => s != OutboxState.Pending).ToList();
        return [.. ends.SelectMany(first => ends.Select(late => (first, late)))];
    }

    [Theory]
    [MemberData(nameof(EveryPairOfEnds))]
    public async Task A_late_result_never_changes_a_finished_push(OutboxState first, OutboxState late)
    {
        var push = await ClaimedAsync(A);
        await RecordAsync(A, Finished(push, first));
        var before = Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback));
        await RecordAsync(B, Finished(push, late) with { Code = "LATE", Attempts = 9 }, new DeliveryResult.Again(push, Site.Now, "LATE", 9));
        await RecordAsync(A, Finished(push, late) with { Code = "LATE", Attempts = 9 }, new DeliveryResult.Again(push, Site.Now, "LATE", 9));
        var after = Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback));
        Assert.Equal((before.Kind, before.At), (after.Kind, after.At));
        Assert.Equal(before.Detail, after.Detail);
        Assert.Empty(await ClaimAsync(A));
    }

    [Fact]
    public async Task The_depth_of_the_outbox_counts_what_is_not_over_what_is_due_and_since_when_by_tenant()
    {
        Assert.Empty(await Site.Delivery.DepthAsync(Site.Now));
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, Push(5, 0, Site.Now.AddSeconds(-7)), Push(6, 1, Site.Now.AddSeconds(-2)), Push(7, 2, Site.Now.AddSeconds(60)));
        var finished = (await ClaimAsync(A, most: 1))[0];
        await RecordAsync(A, Finished(finished, OutboxState.Accepted));
        Assert.Equal([new OutboxDepth(Site.Tenant, 2, 1, Site.Now.AddSeconds(-2))], await Site.Delivery.DepthAsync(Site.Now));

        // What somebody holds is not due.
        await ClaimAsync(A);
        Assert.Equal([new OutboxDepth(Site.Tenant, 2, 0, Site.Now.AddSeconds(-2))], await Site.Delivery.DepthAsync(Site.Now));
    }

    private DateTimeOffset Lease => Site.Now.AddSeconds(30);

    private static IEnumerable<Guid> Ids(IEnumerable<ClaimedPush> pushes) => pushes.Select(p => p.Row.Message.NotificationId);

    private static Change.PushDecided Push(int id, int round, DateTimeOffset occurredAt) =>
        new(Sample.Push(Site.Tenant, callback, Sample.Id(id), round: round, occurredAt: occurredAt));

    private DeliveryResult.Finished Finished(ClaimedPush push, OutboxState state) => new(push, state, "CODE", Site.Now, 1) { Target = state == OutboxState.TargetDead ? TargetState.Dead : null, Project = "p" };

    /// <summary>As the loop claims: a batch of every credential that has something due.</summary>
    private async Task<IReadOnlyList<ClaimedPush>> ClaimAsync(string node, int most = 100)
    {
        var claimed = new List<ClaimedPush>();
        foreach (var key in await Site.Delivery.DueCredentialsAsync(Site.Now)) claimed.AddRange(await Site.Delivery.ClaimDueAsync(node, key, Site.Now, Lease, most));
        return claimed;
    }

    private Task RecordAsync(string node, params DeliveryResult[] results) => Site.Delivery.RecordAsync(node, results);

    private async Task<QueueKey> QueueAsync(TenantId? tenant = null)
    {
        var queue = await Site.AddQueueAsync(tenant ?? Site.Tenant);
        await Site.CommitAsync(queue, Sample.Created(callback));
        return queue;
    }

    private async Task<ClaimedPush> ClaimedAsync(string node)
    {
        await Site.CommitAsync(await QueueAsync(), Push(5, 0, Site.Now));
        return Assert.Single(await ClaimAsync(node));
    }
}
