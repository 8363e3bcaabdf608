using System.Collections.Concurrent;
using System.Diagnostics;
using Ringback.LoadGen.Auditing;
using Ringback.LoadGen.Receiving;
using Ringback.LoadGen.Running;

namespace Ringback.LoadGen.Soaking;

/// <summary>
/// A steady stream of pushes from callbacks that come and go: in each queue in turn the wait goes up, ten callbacks are created, the wait falls, and all ten get their CALLBACK_UPCOMING. Once its push has
/// arrived a callback is cancelled, so that the server always holds the same number.
/// </summary>
internal sealed class SoakStream(SoakSite site)
{
    /// <summary>Callbacks of one round of a queue.</summary>
    private const int Step = 10;

    /// <summary>Far more than ever stand in a line: a report of so many lets the wait fall for all.</summary>
    private const int Everybody = 5_000;

    private const int CancelsAtOnce = 16;

    /// <summary>Longer than most retries last: what the emulator took without saying so must be sent again before its callback is over, or nothing would be seen of it.</summary>
    private static readonly TimeSpan linger = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentBag<KnownCallback> known = [];
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> fellAt = new();
    private long created;
    private int cancelled;
    private volatile bool isLingering;
    private volatile bool isOver;

    /// <summary>Every answered create.</summary>
    public IReadOnlyCollection<KnownCallback> Known => known;

    public int Cancelled => Volatile.Read(ref cancelled);

    /// <summary>
    /// The rate that lasts, in pushes a second: as fast as it goes, each callback is cancelled as soon as its push has arrived, and the time counts until every one is. Without the cancels the server
    /// would show a rate at which they then come too late, and more and more callbacks stand.
    /// </summary>
    public async Task<double> FindMostAsync(TimeSpan time)
    {
        await CancelledAsync();
        var (before, started) = (Cancelled, Stopwatch.GetTimestamp());
        await RunAsync(null, time);
        await CancelledAsync();
        return (Cancelled - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>From now on a callback stands for a while after its push has arrived.</summary>
    public void Linger() => isLingering = true;

    /// <summary>Makes pushes for a time.</summary>
    /// <param name="pushesPerSecond">The rate, which does not wait for answers except that a queue has one round at a time; null: as fast as it goes.</param>
    /// <param name="time">How long rounds are begun.</param>
    /// <returns>Arrivals a second from the beginning until the last round has ended.</returns>
    public async Task<double> RunAsync(double? pushesPerSecond, TimeSpan time)
    {
        var (before, next, started) = (site.Arrivals.Count, -1L, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, SoakSite.Queues).Select(queue => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                if (pushesPerSecond is { } rate)
                {
                    var at = TimeSpan.FromSeconds(Interlocked.Increment(ref next) * Step / rate);
                    if (at >= time) return;
                    var early = at - Stopwatch.GetElapsedTime(started);
                    if (early > TimeSpan.Zero) await Task.Delay(early, TimeProvider.System);
                }
                await RoundAsync(queue);
            }
        })));
        return (site.Arrivals.Count - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Cancels what has its push, at once or after <see cref="Linger"/> a while later, until <see cref="EndCancelling"/>.</summary>
    public async Task CancelAsync()
    {
        var (seen, first, due) = (0, new HashSet<Guid>(), new Queue<Arrival>());
        while (!isOver)
        {
            var news = site.Arrivals.Since(seen);
            seen += news.Count;
            foreach (var arrival in news.Where(a => first.Add(a.CallbackId))) due.Enqueue(arrival);
            var now = TimeProvider.System.GetUtcNow();
            var ready = new List<Guid>();
            while (due.TryPeek(out var next) && (!isLingering || now - next.At >= linger)) ready.Add(due.Dequeue().CallbackId);
            await Parallel.ForEachAsync(ready, new ParallelOptions { MaxDegreeOfParallelism = CancelsAtOnce }, async (id, _) =>
            {
                await site.Tenant.CancelAsync(id);
                Interlocked.Increment(ref cancelled);
            });
            await Task.Delay(look, TimeProvider.System);
        }
    }

    public void EndCancelling() => isOver = true;

    /// <summary>From the report to the first arrival, those included that met a fault or a restart.</summary>
    public Latency? Latency() => Running.Latency.Of(site.Arrivals.Since(0).DistinctBy(a => a.CallbackId)
        .Where(a => fellAt.ContainsKey(a.CallbackId)).Select(a => (a.At - fellAt[a.CallbackId]).TotalMilliseconds));

    private async Task CancelledAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        while (Cancelled < known.Count) await Task.Delay(look, TimeProvider.System, patience.Token);
    }

    private async Task RoundAsync(int queue)
    {
        var name = SoakSite.QueueName(queue);
        await site.Tenant.ReportAsync(name, below: 0);
        var made = await Task.WhenAll(Enumerable.Range(0, Step).Select(_ => CreateAsync(name, queue)));
        var now = TimeProvider.System.GetUtcNow();
        foreach (var id in made) fellAt[id] = now;
        await site.Tenant.ReportAsync(name, below: Everybody);
    }

    private async Task<Guid> CreateAsync(string name, int queue)
    {
        var number = Interlocked.Increment(ref created) - 1;
        var token = LoadTenant.TokenOf(number);
        var id = await site.Tenant.CreateAsync(name, number, token);
        known.Add(new KnownCallback(id, token, queue));
        return id;
    }
}
