using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Delivery;

public abstract partial class DeliveryStoreSuite
{
    [Fact]
    public async Task An_unsent_push_finds_the_target_that_its_slot_has_now()
    {
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, Push(5, 0, Site.Now));
        var next = new PushTarget(PushTargetType.Fid, "fid-1");
        await Site.CommitAsync(queue, new Change.TargetsReplaced(callback, [next, new PushTarget(PushTargetType.Token, "token-1")]));
        var push = Assert.Single(await ClaimAsync(A));
        Assert.Equal((Sample.Id(5), next, TargetState.Active), (push.Row.Message.NotificationId, push.Target, push.TargetState));
        Assert.Equal(["fid-1", "token-1"], await Site.Callbacks.FindAddressesAsync(Site.Tenant, callback));
    }

    [Fact]
    public async Task A_slot_that_is_emptied_loses_its_address_and_its_unsent_pushes_of_this_callback_and_group_alone()
    {
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, Push(5, 0, Site.Now), new Change.TargetsReplaced(callback, [null, new PushTarget(PushTargetType.Token, "token-1")]));
        Assert.Empty(await ClaimAsync(A));
        Assert.Equal("push.cancelled", Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback)).Kind);
        Assert.Equal(["", "token-1"], await Site.Callbacks.FindAddressesAsync(Site.Tenant, callback));
    }
}
