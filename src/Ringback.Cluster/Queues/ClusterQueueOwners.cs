using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Cluster.Queues;

/// <summary>
/// Finds the owner of a queue: on this node directly, elsewhere through its grain, and where there is none, by activating the grain. Wakes the queues
/// that have work, at start and every few seconds, so that purges, retries and turns happen though nobody asks and though their node has died. At the same
/// time it tells the owners on this node of settings that were written past them by somebody who could not tell them: the command line, a node that died.
/// </summary>
internal sealed class ClusterQueueOwners(
    IGrainFactory grains, LocalOwners locals, ICallbackStore store, IQueueStore queues, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, ILogger<ClusterQueueOwners> logger)
    : BackgroundService, IQueueOwners
{
    /// <summary>How long a queue whose node has died can go without an owner while nobody speaks to it.</summary>
    private static readonly TimeSpan wakeEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<QueueKey, RemoteOwner> remotes = new();

    /// <inheritdoc/>
    public IQueueOwner Of(QueueKey queue) =>
        locals.Find(queue) ?? (IQueueOwner)remotes.GetOrAdd(queue, key => new RemoteOwner(key, grains.GetGrain<IQueueGrain>(QueueGrainKey.Of(key)), locals, logger));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(wakeEvery, clock);
        try
        {
            do await WakeAllAsync();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The node stops; the others take its queues over.
        }
    }

    private async Task WakeAllAsync()
    {
        try
        {
            var ownerless = (await store.QueuesWithWorkAsync()).Where(queue => locals.Find(queue) is null);
            await Parallel.ForEachAsync(ownerless, new ParallelOptions { MaxDegreeOfParallelism = QueueOwner.ActivationsAtOnce }, (queue, _) => new ValueTask(WakeAsync(queue)));
            await TellOfSettingsAsync();
        }
        catch (StorageException away)
        {
            QueueLog.QueuesUnknown(logger, away);
        }
    }

    private async Task TellOfSettingsAsync()
    {
        if (locals.All is not { Count: > 0 } owners) return;
        var versions = (await queues.VersionsAsync()).ToDictionary(v => v.Queue, v => v.Version);
        foreach (var owner in owners.Where(o => versions.TryGetValue(o.Key, out var version) && version > o.SettingsVersion))
        {
            if (await queues.FindAsync(owner.Key) is { } stored) await owner.AdoptSettingsAsync(QueueSettingsJson.Write(stored.Settings), stored.Version);
        }
    }

    private async Task WakeAsync(QueueKey queue)
    {
        try
        {
            await grains.GetGrain<IQueueGrain>(QueueGrainKey.Of(queue)).WakeAsync();
        }
        catch (Exception failure) when (failure is StorageException or OrleansException or TimeoutException or QueueGoneException)
        {
            QueueLog.ActivationFailed(logger, queue, failure);
        }
    }
}
