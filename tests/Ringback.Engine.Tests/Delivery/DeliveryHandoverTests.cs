using CsCheck;
using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

public sealed class DeliveryHandoverTests
{
    [Fact]
    public void A_flood_fills_half_of_the_room_and_the_next_tenant_half_of_the_rest()
    {
        var handover = new DeliveryHandover(1_000);
        Assert.Equal(500, handover.Reserve(new(1), 100_000));
        Assert.Equal(0, handover.Reserve(new(1), 1));
        Assert.Equal(250, handover.Reserve(new(2), 100_000));
        Assert.Equal(10, handover.Reserve(new(3), 10));
        handover.Release(new(1), 500);
        Assert.Equal(370, handover.Reserve(new(1), 100_000));
    }

    [Fact]
    public void There_is_never_more_reserved_than_there_is_room_and_never_none_left_for_a_tenant_that_has_none() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 200], Gen.Bool).Array[0, 100].Sample(steps =>
        {
            var handover = new DeliveryHandover(100);
            var held = new Dictionary<int, int>();
            foreach (var (tenant, count, isRelease) in steps)
            {
                var own = held.GetValueOrDefault(tenant);
                if (isRelease) handover.Release(new(tenant), own);
                held[tenant] = isRelease ? 0 : own + handover.Reserve(new(tenant), count);
                if (held.Values.Sum() > 100) return false;
            }
            return handover.Reserve(new(5), 1) == 1;
        });
}
