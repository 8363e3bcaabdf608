namespace Ringback.LoadGen.Receiving;

/// <summary>Everything that has arrived, read from the receiver in the background while a run goes on.</summary>
internal sealed class ArrivalLog : IAsyncDisposable
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(100);
    private readonly IInbox inbox;
    private readonly CancellationTokenSource ends = new();
    private readonly Lock gate = new();
    private readonly List<Arrival> arrivals = [];
    private readonly Task reading;
    private int rounds;

    public ArrivalLog(IInbox inbox)
    {
        this.inbox = inbox;
        reading = Task.Run(ReadAsync);
    }

    public int Count
    {
        get
        {
            lock (gate) return arrivals.Count;
        }
    }

    public IReadOnlyList<Arrival> Since(int index)
    {
        lock (gate) return [.. arrivals[index..]];
    }

    /// <summary>Waits until so many have arrived; false where the time is over first.</summary>
    public async Task<bool> ReachedAsync(int count, CancellationToken cancellation)
    {
        while (Count < count)
        {
            if (reading.IsFaulted) await reading;
            if (cancellation.IsCancellationRequested) return false;
            await Task.Delay(pause / 2, TimeProvider.System, CancellationToken.None);
        }
        return true;
    }

    /// <summary>Waits until everything that has arrived by now is here.</summary>
    public async Task CatchUpAsync()
    {
        // The round that is under way may have asked before.
        for (var enough = Volatile.Read(ref rounds) + 2; Volatile.Read(ref rounds) < enough;)
        {
            if (reading.IsCompleted) await reading;
            await Task.Delay(pause / 2, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Reads once more and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await ends.CancelAsync();
        await reading;
        ends.Dispose();
        inbox.Dispose();
    }

    private async Task ReadAsync()
    {
        for (var last = false; !last;)
        {
            last = ends.IsCancellationRequested;
            var news = await inbox.TakeNewAsync();
            lock (gate) arrivals.AddRange(news);
            Interlocked.Increment(ref rounds);
            if (!last) await Task.Delay(pause, TimeProvider.System, CancellationToken.None);
        }
    }
}
