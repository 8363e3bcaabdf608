using System.Collections.Concurrent;
using System.Diagnostics;
using Ringback.LoadGen.Auditing;
using Ringback.LoadGen.Receiving;

namespace Ringback.LoadGen.Running;

/// <summary>The EWT falls step by step, queue after queue, at half the rate that the bursts have shown: how long from a report to the arrival of its pushes?</summary>
internal static class PacedPhase
{
    /// <summary>Callbacks that one report takes over the threshold.</summary>
    private const int Step = 5;

    public static async Task<(Phase Phase, Latency? Latency)?> RunAsync(
        LoadSite site, LoadOptions options, int from, double pushesPerSecond, IReadOnlyDictionary<Guid, KnownCallback> known, Progress progress, CancellationToken limit)
    {
        var reports = Reports(options, from).ToList();
        var interval = TimeSpan.FromSeconds(Step / pushesPerSecond);
        var sentAt = new ConcurrentDictionary<(int Queue, int Position), DateTimeOffset>();
        var first = site.Arrivals.Count;
        var crossing = (options.PerQueue - from) * options.Queues;
        progress.Show(() => $"EWT falls step by step: {site.Arrivals.Count - first} of {crossing} pushes have arrived");
        var before = await Usage.TakeAsync(site);
        var started = Stopwatch.GetTimestamp();
        var sending = new List<Task>(reports.Count);
        // The schedule does not wait for answers: a server that falls behind is met by the same stream of reports.
        for (var next = 0; next < reports.Count && !limit.IsCancellationRequested; next++)
        {
            var early = (interval * next) - Stopwatch.GetElapsedTime(started);
            if (early > TimeSpan.Zero) await Task.Delay(early, TimeProvider.System, CancellationToken.None);
            var (queue, above, below) = reports[next];
            sending.Add(SendAsync(queue, above, below));
        }
        await Task.WhenAll(sending);
        if (!await site.Arrivals.ReachedAsync(first + crossing, limit) || !await BurstPhase.RecordedAsync(site.Tenant, limit)) return null;
        var phase = new Phase("pushes, paced", crossing, Stopwatch.GetElapsedTime(started).TotalSeconds, (await Usage.TakeAsync(site)).Since(before));
        var latencies = site.Arrivals.Since(first).Where(a => a.Event == Arrival.Upcoming)
            .Select(a => (a.At - sentAt[(known[a.CallbackId].Queue, a.Number)]).TotalMilliseconds);
        return (phase, Latency.Of(latencies));

        Task SendAsync(int queue, int above, int below)
        {
            var now = TimeProvider.System.GetUtcNow();
            for (var position = above + 1; position <= below; position++) sentAt[(queue, position)] = now;
            return site.ReportAsync(queue, below);
        }
    }

    private static IEnumerable<(int Queue, int Above, int Below)> Reports(LoadOptions options, int from)
    {
        for (var above = from; above < options.PerQueue; above += Step)
        {
            for (var queue = 0; queue < options.Queues; queue++) yield return (queue, above, Math.Min(above + Step, options.PerQueue));
        }
    }
}
