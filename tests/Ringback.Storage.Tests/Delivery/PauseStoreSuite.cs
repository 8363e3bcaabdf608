using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Delivery;

public abstract class PauseStoreSuite : StoreSuite
{
    private static readonly Guid callback = Sample.Id(1);

    [Fact]
    public async Task A_pause_is_stored_once_ends_once_and_both_are_written_down()
    {
        var pause = new DeliveryPause(Site.Tenant, "support", Site.Now, "Ada");
        Assert.True(await Site.Pauses.AddAsync(pause));
        Assert.False(await Site.Pauses.AddAsync(pause with { By = "Bea" }));
        Assert.True(await Site.Pauses.AddAsync(pause with { Tenant = Site.OtherTenant, Queue = "" }));
        Assert.Equal([pause, pause with { Tenant = Site.OtherTenant, Queue = "" }], await Site.Pauses.ListAsync());

        Assert.False(await Site.Pauses.RemoveAsync(Site.Tenant, "", "Bea", Site.Now));
        Assert.True(await Site.Pauses.RemoveAsync(Site.Tenant, "support", "Bea", Site.Now.AddSeconds(1)));
        Assert.False(await Site.Pauses.RemoveAsync(Site.Tenant, "support", "Bea", Site.Now));
        Assert.Equal(Site.OtherTenant, Assert.Single(await Site.Pauses.ListAsync()).Tenant);
        Assert.Equal(
            [("delivery.resumed", "Bea", """{"queue":"support"}"""), ("delivery.paused", "Ada", """{"queue":"support"}""")],
            (await Site.Audit.ListAsync(Site.Tenant, null, 10)).Select(e => (e.Action, e.By, e.Detail)));
    }

    [Fact]
    public async Task The_end_of_a_pause_wakes_what_it_held_of_its_tenant_and_nothing_else()
    {
        foreach (var tenant in ((Engine.TenantId[])[Site.Tenant, Site.OtherTenant]))
        {
            var queue = await Site.AddQueueAsync(tenant);
            await Site.CommitAsync(queue, Sample.Created(callback), new Change.PushDecided(Sample.Push(tenant, callback, Sample.Id(5))), new Change.PushDecided(Sample.Push(tenant, callback, Sample.Id(6), round: 1)));
            var claimed = await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(tenant), Site.Now, Site.Now.AddSeconds(30), 10);
            await Site.Delivery.RecordAsync("node-a",
                [.. claimed.Select(p => new DeliveryResult.Again(p, Site.Now.AddMinutes(5), p.Row.Round == 0 ? DeliveryPauses.Code : "UNAVAILABLE", 0))]);
        }
        Assert.Empty(await Site.Delivery.DueCredentialsAsync(Site.Now));
        await Site.Pauses.AddAsync(new DeliveryPause(Site.Tenant, "support", Site.Now, "Ada"));
        await Site.Pauses.RemoveAsync(Site.Tenant, "support", "Ada", Site.Now);
        Assert.Equal([CredentialKey.DefaultOf(Site.Tenant)], await Site.Delivery.DueCredentialsAsync(Site.Now));
        Assert.Equal([0], (await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 10)).Select(p => p.Row.Round));

        await Site.Pauses.WakeAllHeldAsync(Site.Now);
        Assert.Equal([CredentialKey.DefaultOf(Site.OtherTenant)], await Site.Delivery.DueCredentialsAsync(Site.Now));
    }

    [Fact]
    public async Task The_pause_of_a_queue_ends_with_the_queue_in_one_transaction_and_no_other_pause_does()
    {
        var (support, sales) = (await Site.AddQueueAsync(Site.Tenant), await Site.AddQueueAsync(Site.Tenant, "sales"));
        await Site.CommitAsync(support, Sample.Created(callback), new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(5))));
        var claimed = await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 10);
        await Site.Delivery.RecordAsync("node-a", [.. claimed.Select(p => new DeliveryResult.Again(p, Site.Now.AddMinutes(5), DeliveryPauses.Code, 0))]);
        DeliveryPause[] kept = [new(Site.Tenant, "", Site.Now, "Ada"), new(Site.OtherTenant, "support", Site.Now, "Ada")];
        foreach (var pause in (DeliveryPause[])[new(Site.Tenant, "support", Site.Now, "Ada"), .. kept]) await Site.Pauses.AddAsync(pause);

        // A queue without a pause wakes nothing and is no end of a pause.
        await Site.CommitAsync(sales, new Change.QueueDeleted("sales", 2, "Bea", Site.Now));
        Assert.Equal((3, 0), ((await Site.Pauses.ListAsync()).Count, (await Site.Delivery.DueCredentialsAsync(Site.Now)).Count));
        Assert.All(await Site.Audit.ListAsync(Site.Tenant, null, 10), entry => Assert.Equal("delivery.paused", entry.Action));
        // What does not become true ends nothing.
        await Assert.ThrowsAsync<OwnershipLostException>(() => Site.Callbacks.CommitAsync(support, 99, [new Change.QueueDeleted("support", 2, "Bea", Site.Now)]));
        Assert.Equal(3, (await Site.Pauses.ListAsync()).Count);

        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        await Site.CommitAsync(support, new Change.QueueDeleted("support", 2, "Bea", Site.Now));
        Assert.Equal(kept, await Site.Pauses.ListAsync());
        Assert.Equal([CredentialKey.DefaultOf(Site.Tenant)], await Site.Delivery.DueCredentialsAsync(Site.Now));
        var ended = (await Site.Audit.ListAsync(Site.Tenant, null, 10))[0];
        Assert.Equal(("delivery.resumed", "Bea", """{"queue":"support"}"""), (ended.Action, ended.By, ended.Detail));
        Assert.Single(await Site.Audit.ListAsync(Site.OtherTenant, null, 10));
    }
}
