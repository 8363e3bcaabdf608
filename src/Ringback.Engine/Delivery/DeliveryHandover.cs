using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Ringback.Engine.Delivery;

/// <summary>
/// The bounded way from the queues' owners to this process's delivery loop. Room is reserved before the commit, so that a row is written
/// with this process's lease only if the loop will have it; the rest is written without a lease and claimed later. A tenant never gets more than what it would leave
/// free: one tenant's flood fills half of the room, and there is always some for another.
/// </summary>
public sealed class DeliveryHandover
{
    private readonly Channel<OutboxRow> channel = Channel.CreateUnbounded<OutboxRow>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock gate = new();
    private readonly Dictionary<TenantId, int> reserved = [];
    private readonly int capacity;
    private int inAll;

    /// <summary>A way with room for <paramref name="capacity"/> rows.</summary>
    public DeliveryHandover(int capacity) => this.capacity = capacity;

    /// <summary>Reserves room for up to <paramref name="wanted"/> rows of a tenant and says for how many there is.</summary>
    public int Reserve(TenantId tenant, int wanted)
    {
        lock (gate)
        {
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(reserved, tenant, out _);
            var granted = Math.Clamp((capacity - inAll - own + 1) / 2, 0, wanted);
            own += granted;
            inAll += granted;
            return granted;
        }
    }

    /// <summary>Gives a tenant's room back: the commit failed, or a row has left the loop.</summary>
    public void Release(TenantId tenant, int count)
    {
        lock (gate)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(reserved, tenant, out _) -= count;
            inAll -= count;
        }
    }

    /// <summary>Step 6: a committed row that was written with this process's lease and has its room reserved.</summary>
    public void HandOver(OutboxRow row) => channel.Writer.TryWrite(row);

    internal ChannelReader<OutboxRow> Reader => channel.Reader;
}
