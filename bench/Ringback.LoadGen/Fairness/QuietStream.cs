using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Ringback.LoadGen.Receiving;
using Ringback.LoadGen.Running;

namespace Ringback.LoadGen.Fairness;

/// <summary>What the quiet one met in a turn.</summary>
/// <param name="Count">Its pushes that arrived.</param>
/// <param name="Missing">Those that had not arrived a minute after the last report.</param>
/// <param name="PerSecond">Arrivals a second from the first report to the last arrival.</param>
/// <param name="Latency">From a report to the arrival of what it brought about.</param>
/// <param name="Later">The same of the reports in the second half of the turn: by then a flood is being sent, and no longer being written down and handed over.</param>
internal sealed record QuietTurn(int Count, int Missing, double PerSecond, Latency Latency, Latency? Later);

/// <summary>The stream that is measured: in each of its queues in turn a report takes five more callbacks below the threshold, at a steady rate that waits for no answer.</summary>
internal sealed class QuietStream(LoadTenant tenant, FairnessOptions options)
{
    private const int Queues = 20;

    /// <summary>Callbacks that one report takes over the threshold.</summary>
    private const int Step = 5;

    private const int AtOnce = 32;
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, int> queueOf = new();
    private int below;

    /// <summary>Callbacks a queue that a turn takes.</summary>
    private int PerTurn => Math.Max(1, options.Seconds * options.QuietPerSecond / (Queues * Step)) * Step;

    public async Task AddQueuesAsync()
    {
        for (var queue = 0; queue < Queues; queue++)
        {
            await tenant.AddQueueAsync(QueueName(queue));
            await tenant.ReportAsync(QueueName(queue), below: 0);
        }
    }

    /// <summary>Creates what so many turns take.</summary>
    public Task CreateAsync(int turns, Action counted) => Parallel.ForEachAsync(
        Enumerable.Range(0, turns * PerTurn * Queues), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            // In a tenant with others, numbers and tokens of its own.
            var mine = (LoadTenant.Numbers / 2) + number;
            queueOf[await tenant.CreateAsync(QueueName(number % Queues), mine, LoadTenant.TokenOf(mine))] = number % Queues;
            counted();
        });

    /// <summary>Whether an arrival is one of its.</summary>
    public bool Owns(Arrival arrival) => queueOf.ContainsKey(arrival.CallbackId);

    public async Task<QuietTurn> RunAsync(ArrivalLog arrivals)
    {
        var (first, from) = (arrivals.Count, below);
        below += PerTurn;
        var (interval, number, started) = (TimeSpan.FromSeconds((double)Step / options.QuietPerSecond), 0, Stopwatch.GetTimestamp());
        var sentAt = new ConcurrentDictionary<(int Queue, int Position), DateTimeOffset>();
        var (sending, begun) = (new List<Task>(), TimeProvider.System.GetUtcNow());
        for (var above = from; above < below; above += Step)
        {
            for (var queue = 0; queue < Queues; queue++)
            {
                var early = (interval * number++) - Stopwatch.GetElapsedTime(started);
                if (early > TimeSpan.Zero) await Task.Delay(early, TimeProvider.System);
                var now = TimeProvider.System.GetUtcNow();
                for (var position = above + 1; position <= above + Step; position++) sentAt[(queue, position)] = now;
                sending.Add(tenant.ReportAsync(QueueName(queue), above + Step));
            }
        }
        await Task.WhenAll(sending);
        var came = await ArrivedAsync(arrivals, first);
        var half = begun + TimeSpan.FromSeconds(options.Seconds / 2.0);
        var latencies = came.Select(a => (Sent: sentAt[(queueOf[a.CallbackId], a.Number)], a.At)).Select(a => (IsLater: a.Sent >= half, Milliseconds: (a.At - a.Sent).TotalMilliseconds)).ToList();
        return new QuietTurn(
            came.Count, (PerTurn * Queues) - came.Count, came.Count / (came.Max(a => a.At) - begun).TotalSeconds, Latency.Of(latencies.Select(l => l.Milliseconds))!, Latency.Of(latencies.Where(l => l.IsLater).Select(l => l.Milliseconds)));
    }

    private async Task<List<Arrival>> ArrivedAsync(ArrivalLog arrivals, int first)
    {
        var came = new List<Arrival>();
        for (var started = Stopwatch.GetTimestamp(); came.Count < PerTurn * Queues && Stopwatch.GetElapsedTime(started) < patience;)
        {
            var news = arrivals.Since(first);
            first += news.Count;
            came.AddRange(news.Where(Owns));
            if (came.Count < PerTurn * Queues) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        return came;
    }

    private static string QueueName(int queue) => string.Create(CultureInfo.InvariantCulture, $"quiet-{queue}");
}
