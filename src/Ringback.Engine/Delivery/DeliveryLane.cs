using System.Threading.Channels;

namespace Ringback.Engine.Delivery;

/// <summary>The pushes of one tenant on their way out. Tenants have lanes of their own, so that one's broken key or flood does not hold up another's push.</summary>
internal sealed class DeliveryLane : IDisposable
{
    private readonly Channel<ClaimedPush> waiting = Channel.CreateUnbounded<ClaimedPush>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim room;
    private readonly Func<DeliveryLane, ClaimedPush, Task> send;
    private readonly int width;
    private long restsUntilTicks;
    private int generation;

    /// <param name="width">Sends in flight at once.</param>
    /// <param name="send">Sends one push; never throws.</param>
    public DeliveryLane(int width, Func<DeliveryLane, ClaimedPush, Task> send)
    {
        (this.width, this.send, room) = (width, send, new SemaphoreSlim(width));
        Pump = Task.Run(PumpAsync);
    }

    /// <summary>Ends when the lane was closed and everything in it was dealt with.</summary>
    public Task Pump { get; }

    /// <summary>Grows when new credentials end a rest.</summary>
    public int Generation => Volatile.Read(ref generation);

    /// <summary>Until when nothing is sent for want of credentials.</summary>
    public DateTimeOffset RestsUntil => new(Interlocked.Read(ref restsUntilTicks), TimeSpan.Zero);

    public void Add(ClaimedPush push) => waiting.Writer.TryWrite(push);

    public void Rest(DateTimeOffset until) => Interlocked.Exchange(ref restsUntilTicks, until.UtcTicks);

    public void Resume()
    {
        Interlocked.Exchange(ref restsUntilTicks, 0);
        Interlocked.Increment(ref generation);
    }

    public void Close() => waiting.Writer.TryComplete();

    public void Dispose() => room.Dispose();

    private async Task PumpAsync()
    {
        await foreach (var push in waiting.Reader.ReadAllAsync())
        {
            await room.WaitAsync();
            _ = SendAndMakeRoomAsync(push);
        }
        for (var i = 0; i < width; i++) await room.WaitAsync();
    }

    private async Task SendAndMakeRoomAsync(ClaimedPush push)
    {
        try
        {
            await send(this, push);
        }
        finally
        {
            room.Release();
        }
    }
}
