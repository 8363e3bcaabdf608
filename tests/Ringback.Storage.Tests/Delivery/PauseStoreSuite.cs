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
            var claimed = await Site.Delivery.ClaimDueAsync("node-a", tenant, Site.Now, Site.Now.AddSeconds(30), 10);
            await Site.Delivery.RecordAsync("node-a",
                [.. claimed.Select(p => new DeliveryResult.Again(p, Site.Now.AddMinutes(5), p.Row.Round == 0 ? DeliveryPauses.Code : "UNAVAILABLE", 0))]);
        }
        Assert.Empty(await Site.Delivery.DueTenantsAsync(Site.Now));
        await Site.Pauses.AddAsync(new DeliveryPause(Site.Tenant, "support", Site.Now, "Ada"));
        await Site.Pauses.RemoveAsync(Site.Tenant, "support", "Ada", Site.Now);
        Assert.Equal([Site.Tenant], await Site.Delivery.DueTenantsAsync(Site.Now));
        Assert.Equal([0], (await Site.Delivery.ClaimDueAsync("node-a", Site.Tenant, Site.Now, Site.Now.AddSeconds(30), 10)).Select(p => p.Row.Round));

        await Site.Pauses.WakeAllHeldAsync(Site.Now);
        Assert.Equal([Site.OtherTenant], await Site.Delivery.DueTenantsAsync(Site.Now));
    }
}
