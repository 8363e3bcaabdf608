using System.Collections.Concurrent;
using System.Diagnostics;
using Ringback.LoadGen.Auditing;

namespace Ringback.LoadGen.Running;

/// <summary>Creates every callback over HTTP, the way an app does.</summary>
internal static class CreatePhase
{
    public static async Task<(Phase Phase, IReadOnlyList<KnownCallback> Known)> RunAsync(LoadSite site, LoadOptions options, Progress progress, CancellationToken limit)
    {
        var known = new ConcurrentBag<KnownCallback>();
        var next = -1;
        var before = await Usage.TakeAsync(site);
        progress.Show(() => $"creating: {known.Count} of {options.Callbacks}");
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async _ =>
        {
            while (!limit.IsCancellationRequested && Interlocked.Increment(ref next) is var mine && mine < options.Callbacks) known.Add(await CreateAsync(site.Tenant, options.FirstCallback + mine, options.FirstQueue + (mine % options.Queues)));
        }));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (new Phase("creates", known.Count, seconds, (await Usage.TakeAsync(site)).Since(before)), [.. known]);
    }

    private static async Task<KnownCallback> CreateAsync(LoadTenant tenant, int number, int queue)
    {
        var token = LoadTenant.TokenOf(number);
        return new KnownCallback(await tenant.CreateAsync(LoadSite.QueueName(queue), number, token), token, queue);
    }
}
