using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Delivery;

public abstract partial class DeliveryStoreSuite
{
    [Theory]
    [InlineData("token-0", TargetState.Dead)]
    [InlineData("token-of-before", TargetState.Active)]
    public async Task A_dead_address_is_marked_only_while_it_is_still_the_targets(string refused, TargetState expected)
    {
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, Push(5, 0, Site.Now), Push(6, 1, Site.Now.AddSeconds(1)));
        var push = Assert.Single(await ClaimAsync(A));
        await RecordAsync(A, Finished(push with { Target = push.Target with { Address = refused } }, OutboxState.TargetDead));
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(expected, Assert.Single(await ClaimAsync(A)).TargetState);
    }

    [Theory]
    [InlineData(OutboxState.TargetForeign)]
    [InlineData(OutboxState.Rejected)]
    public async Task No_other_refusal_marks_an_address_dead(OutboxState state)
    {
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, Push(5, 0, Site.Now), Push(6, 1, Site.Now.AddSeconds(1)));
        await RecordAsync(A, Finished(Assert.Single(await ClaimAsync(A)), state));
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TargetState.Active, Assert.Single(await ClaimAsync(A)).TargetState);
    }

    [Theory]
    [InlineData(TargetState.Suspect)]
    [InlineData(TargetState.Foreign)]
    [InlineData(TargetState.Dead)]
    public async Task What_is_known_of_an_address_is_kept_and_a_dead_one_stays_dead(TargetState state)
    {
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, Push(5, 0, Site.Now), Push(6, 1, Site.Now.AddSeconds(1)), Push(7, 2, Site.Now.AddSeconds(2)));
        await RecordAsync(A, Finished(Assert.Single(await ClaimAsync(A)), OutboxState.TargetSuspect) with { Target = state });
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = Assert.Single(await ClaimAsync(A));
        Assert.Equal(state, second.TargetState);
        await RecordAsync(A, Finished(second, OutboxState.Accepted) with { Target = TargetState.Active });
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(state == TargetState.Dead ? TargetState.Dead : TargetState.Active, Assert.Single(await ClaimAsync(A)).TargetState);
    }

    [Theory]
    [InlineData(0, 1, null, 1)]
    [InlineData(0, 1, "p", 1)]
    [InlineData(0, 1, "another", 0)]
    [InlineData(1, 9, null, 0)]
    [InlineData(-9, 0, null, 0)]
    public async Task Dead_addresses_are_revived_by_when_and_for_which_project_they_died(int from, int to, string? project, int revived)
    {
        var push = await ClaimedAsync(A);
        await RecordAsync(A, Finished(push, OutboxState.TargetDead));
        Assert.Equal(0, await Site.Delivery.ReviveTargetsAsync(new TargetRevival(Site.OtherTenant, Site.Now, Site.Now.AddHours(1), null), "Ada", Site.Now));
        Assert.Equal(revived, await Site.Delivery.ReviveTargetsAsync(new TargetRevival(Site.Tenant, Site.Now.AddSeconds(from), Site.Now.AddSeconds(to), project), "Ada", Site.Now));
        Assert.Equal(revived == 1 ? TargetState.Active : TargetState.Dead, Assert.Single(await Site.Delivery.OpenAsync([push.Row])).TargetState);
        Assert.Equal(("push_targets.revived", "Ada"), (await Site.Audit.ListAsync(Site.Tenant, null, 1))[0] is var entry ? (entry.Action, entry.By) : default);
    }

    [Fact]
    public async Task A_dead_address_of_one_tenant_lives_on_in_another()
    {
        await QueueAsync(Site.Tenant);
        var other = await QueueAsync(Site.OtherTenant);
        await Site.CommitAsync(other, new Change.PushDecided(Sample.Push(Site.OtherTenant, callback, Sample.Id(5))));
        var theirs = Assert.Single(await ClaimAsync(A));
        var mine = theirs with { Row = theirs.Row with { Tenant = Site.Tenant } };
        await RecordAsync(A, Finished(mine, OutboxState.TargetDead));
        Assert.Equal(TargetState.Active, Assert.Single(await Site.Delivery.OpenAsync([theirs.Row])).TargetState);
        Assert.Single(await Site.Delivery.WaitingAsync());
    }

    [Fact]
    public async Task A_push_that_nobody_has_claimed_is_withdrawn()
    {
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, Push(5, 0, Site.Now), new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(6), PushEvents.Ready)));
        await WithdrawAsync(queue);
        Assert.Equal(PushEvents.Ready, Assert.Single(await ClaimAsync(A)).Row.Message.Event);
        Assert.Equal("push.cancelled", Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback)).Kind);
    }

    [Fact]
    public async Task A_claimed_push_goes_out_although_it_is_withdrawn()
    {
        var push = await ClaimedAsync(A);
        await WithdrawAsync(new(Site.Tenant, 1));
        Assert.True(await Site.Delivery.RenewAsync(A, push, Lease));
        await RecordAsync(A, Finished(push, OutboxState.Accepted));
        Assert.Equal("push.accepted", Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback)).Kind);
    }

    [Fact]
    public async Task A_push_that_was_committed_with_a_lease_goes_out_although_it_is_withdrawn()
    {
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(5), lease: Lease)));
        await WithdrawAsync(queue);
        Assert.Single(await Site.Delivery.WaitingAsync());
    }

    [Fact]
    public async Task A_push_whose_lease_has_ended_is_withdrawn_and_a_late_renewal_refused()
    {
        var push = await ClaimedAsync(A);
        Site.Clock.Advance(TimeSpan.FromSeconds(30));
        await WithdrawAsync(new(Site.Tenant, 1));
        Assert.False(await Site.Delivery.RenewAsync(A, push, Lease));
        Assert.Empty(await ClaimAsync(B));
    }

    [Fact]
    public async Task A_push_that_waits_for_its_next_send_is_withdrawn()
    {
        var push = await ClaimedAsync(A);
        await RecordAsync(A, new DeliveryResult.Again(push, Site.Now.AddMinutes(1), "UNAVAILABLE", 1));
        await WithdrawAsync(new(Site.Tenant, 1));
        Assert.Empty(await Site.Delivery.WaitingAsync());
    }

    [Fact]
    public async Task The_leases_of_a_process_that_has_ended_are_freed_at_the_start_of_the_next()
    {
        await ClaimedAsync("a-process-that-was-killed");
        Assert.Empty(await ClaimAsync(A));
        await Site.Delivery.FreeAbandonedLeasesAsync();
        Assert.Single(await ClaimAsync(A));
    }

    [Fact]
    public async Task Freeing_leases_does_not_hasten_what_waits_for_its_next_send()
    {
        var push = await ClaimedAsync(A);
        await RecordAsync(A, new DeliveryResult.Again(push, Site.Now.AddMinutes(1), "UNAVAILABLE", 1));
        await Site.Delivery.FreeAbandonedLeasesAsync();
        Assert.Empty(await ClaimAsync(A));
    }

    [Fact]
    public async Task New_credentials_wake_what_waits_for_them_but_nothing_that_is_claimed_or_that_the_push_service_put_off()
    {
        var queue = await QueueAsync();
        var other = await QueueAsync(Site.OtherTenant);
        await Site.CommitAsync(queue, Push(5, 0, Site.Now), Push(6, 1, Site.Now.AddSeconds(-1)), Push(7, 2, Site.Now));
        await Site.CommitAsync(other, new Change.PushDecided(Sample.Push(Site.OtherTenant, callback, Sample.Id(5), occurredAt: Site.Now)));
        var claimed = await ClaimAsync(A);
        await RecordAsync(A, [.. claimed.Where(p => p.Row.Round == 0).Select(p => new DeliveryResult.Again(p, Site.Now.AddHours(1), "credential.key_revoked", 1))]);
        await RecordAsync(A, [.. claimed.Where(p => p.Row.Round == 2).Select(p => new DeliveryResult.Again(p, Site.Now.AddHours(1), "QUOTA_EXCEEDED", 1))]);

        await Site.Delivery.WakeAsync(Site.Tenant, Site.Now);

        Assert.Equal((Site.Tenant, Sample.Id(5)), Assert.Single((await ClaimAsync(A)).Select(p => (p.Row.Tenant, p.Row.Message.NotificationId))));
        Assert.Equal(new Dictionary<TenantId, int> { [Site.Tenant] = 3, [Site.OtherTenant] = 1 }, await Site.Delivery.WaitingAsync());
    }

    private Task WithdrawAsync(QueueKey queue) => Site.CommitAsync(queue, new Change.PushesWithdrawn(callback, [PushEvents.Upcoming]));
}
