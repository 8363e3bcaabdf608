using System.Threading.Channels;

namespace Ringback.Engine.Delivery;

/// <summary>
/// The bounded way from the queues' owners to this process's delivery loop. Room is reserved before the commit, so that a row is written
/// with this process's lease only if the loop will have it; the rest is written without a lease and claimed later.
/// </summary>
public sealed class DeliveryHandover
{
    private readonly Channel<OutboxRow> channel = Channel.CreateUnbounded<OutboxRow>(new UnboundedChannelOptions { SingleReader = true });
    private readonly int capacity;
    private int reserved;

    /// <summary>A way with room for <paramref name="capacity"/> rows.</summary>
    public DeliveryHandover(int capacity) => this.capacity = capacity;

    /// <summary>Reserves room for up to <paramref name="wanted"/> rows and says for how many there is.</summary>
    public int Reserve(int wanted)
    {
        while (true)
        {
            var present = Volatile.Read(ref reserved);
            var granted = Math.Clamp(capacity - present, 0, wanted);
            if (Interlocked.CompareExchange(ref reserved, present + granted, present) == present) return granted;
        }
    }

    /// <summary>Gives room back: the commit failed, or a row has left the loop.</summary>
    public void Release(int count) => Interlocked.Add(ref reserved, -count);

    /// <summary>Step 6: a committed row that was written with this process's lease and has its room reserved.</summary>
    public void HandOver(OutboxRow row) => channel.Writer.TryWrite(row);

    internal ChannelReader<OutboxRow> Reader => channel.Reader;
}
