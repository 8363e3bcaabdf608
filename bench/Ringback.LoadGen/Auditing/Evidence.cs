using System.Collections.Concurrent;
using Ringback.LoadGen.Receiving;
using Ringback.LoadGen.Running;

namespace Ringback.LoadGen.Auditing;

/// <summary>What a run has seen, as it was seen: the audit and the self-check judge it.</summary>
internal sealed record Evidence(IReadOnlyCollection<KnownCallback> Known, IReadOnlyList<CallbackTimeline> Timelines, IReadOnlyList<Arrival> Arrivals)
{
    /// <summary>Reads every timeline that the API shows, and everything that has arrived.</summary>
    public static async Task<Evidence> CollectAsync(HttpClient management, ArrivalLog arrivals, IReadOnlyCollection<KnownCallback> known, int clients, Progress progress)
    {
        var timelines = new ConcurrentBag<CallbackTimeline>();
        progress.Show(() => $"auditing: {timelines.Count} of {known.Count} timelines are read");
        await Parallel.ForEachAsync(known, new ParallelOptions { MaxDegreeOfParallelism = clients }, async (callback, _) => timelines.Add(await CallbackTimeline.FetchAsync(management, callback.Id)));
        // The arrivals are read last: what is decided by now must be there, what comes later was not decided.
        await arrivals.CatchUpAsync();
        return new Evidence(known, [.. timelines], arrivals.Since(0));
    }
}
