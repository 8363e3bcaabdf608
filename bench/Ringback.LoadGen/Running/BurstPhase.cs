using System.Diagnostics;

namespace Ringback.LoadGen.Running;

/// <summary>The EWT falls in every queue at once: how fast are the pushes out and recorded?</summary>
internal static class BurstPhase
{
    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(10);

    /// <summary>Lets the callbacks up to place <paramref name="below"/> of each queue cross the threshold.</summary>
    /// <returns>The time runs from the first report until every push is recorded, or null where the time was over first.</returns>
    public static async Task<Phase?> RunAsync(LoadSite site, LoadOptions options, string name, int from, int below, CancellationToken limit)
    {
        var crossing = (below - from) * options.Queues;
        var before = await Usage.TakeAsync(site);
        var arrived = site.Arrivals.Count;
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(options.FirstQueue, options.Queues), new ParallelOptions { MaxDegreeOfParallelism = options.Clients }, async (queue, _) => await site.ReportAsync(queue, below));
        if (!await site.Arrivals.ReachedAsync(arrived + crossing, limit) || !await RecordedAsync(site.Tenant, limit)) return null;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Phase(name, crossing, seconds, (await Usage.TakeAsync(site)).Since(before));
    }

    /// <summary>Waits until nothing is on its way any more.</summary>
    public static async Task<bool> RecordedAsync(LoadTenant tenant, CancellationToken limit)
    {
        while (await tenant.WaitingAsync() > 0)
        {
            if (limit.IsCancellationRequested) return false;
            await Task.Delay(look, TimeProvider.System, CancellationToken.None);
        }
        return true;
    }
}
