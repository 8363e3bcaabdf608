using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>
/// Owns every queue in this process: loads one when it is first spoken to, the ones with work at start, and again a second after its owner was lost.
/// </summary>
public sealed partial class LocalQueueOwners(
    ICallbackStore store, DeliveryHandover handover, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, ILogger<LocalQueueOwners> logger)
    : IQueueOwners, IHostedService
{
    private static readonly TimeSpan reloadAfter = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<QueueKey, Slot> slots = new();
    private volatile bool stopping;

    /// <inheritdoc/>
    public IQueueOwner Of(QueueKey queue) => slots.GetOrAdd(queue, key => new Slot(this, key, clock));

    /// <summary>Wakes the queues that have work, so that purges, retries and turns happen though nobody asks.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in await store.QueuesWithWorkAsync()) await ((Slot)Of(queue)).OwnerAsync();
    }

    /// <summary>Refuses further commands and waits until everything that was accepted is durable.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        stopping = true;
        foreach (var slot in slots.Values) await slot.StopAsync();
    }

    private async Task<QueueOwner?> ActivateAsync(QueueKey key, Action<QueueOwner> lost)
    {
        try
        {
            var owner = await QueueOwner.ActivateAsync(key, store, handover, clock, (which, why) =>
            {
                Log.OwnerLost(logger, key, why);
                lost(which);
            });
            if (owner is not null) Log.Activated(logger, key);
            return owner;
        }
        catch (StorageException failure)
        {
            Log.ActivationFailed(logger, key, failure);
            return null;
        }
    }

    /// <summary>The present owner of one queue, or the one that is being loaded.</summary>
    private sealed class Slot(LocalQueueOwners owners, QueueKey key, TimeProvider clock) : IQueueOwner
    {
        private static readonly Fault away = Problems.StorageUnavailable.With("The queue cannot be loaded from the database at present.") with { RetryAfter = reloadAfter };
        private readonly Lock gate = new();
        private Task<QueueOwner?>? activation;
        private ITimer? reload;

        public Task<QueueOwner?> OwnerAsync()
        {
            lock (gate) return activation ??= LoadAsync();
        }

        public async Task StopAsync()
        {
            if (activation is null || await activation is not { } owner) return;
            owner.Dispose();
            await owner.DrainAsync();
        }

        public Task<Answer<CreatedCallback>> CreateAsync(NewCallback request) => Ask(o => o.CreateAsync(request));

        public Task<Answer<CallbackStatus>> RetrieveAsync(Guid callbackId) => Ask(o => o.RetrieveAsync(callbackId));

        public Task<Answer<Guid>> CancelAsync(Guid callbackId) => Ask(o => o.CancelAsync(callbackId));

        public Task<Answer<ArrivalEstimate>> ReportAsync(QueueReport report) => Ask(o => o.ReportAsync(report));

        public Task<Answer<ArrivalEstimate>> EstimateAsync(EwtMode? mode) => Ask(o => o.EstimateAsync(mode));

        public Task<Answer<AttemptOffer?>> NextAsync(string agent, TimeSpan wait, CancellationToken cancellation) => Ask(o => o.NextAsync(agent, wait, cancellation));

        public Task<Answer<AttemptRecord>> ExtendAsync(Guid attemptId, TimeSpan span) => Ask(o => o.ExtendAsync(attemptId, span));

        public Task<Answer<OutcomeAnswer>> ReportOutcomeAsync(Guid attemptId, AttemptOutcome outcome) => Ask(o => o.ReportOutcomeAsync(attemptId, outcome));

        public Task<Answer<CallInRecord>> AcceptCallInAsync(Guid callbackId, CallInTerms terms) => Ask(o => o.AcceptCallInAsync(callbackId, terms));

        public Task<Answer<MatchedCallIn>> MatchCallInAsync(Guid callbackId, Guid callInId) => Ask(o => o.MatchCallInAsync(callbackId, callInId));

        public Task<Answer<StoredQueue>> ChangeSettingsAsync(QueueSettings settings, string changedBy) => Ask(o => o.ChangeSettingsAsync(settings, changedBy));

        private async Task<Answer<T>> Ask<T>(Func<QueueOwner, Task<Answer<T>>> question) =>
            await OwnerAsync() is { } owner ? await question(owner) : away;

        private async Task<QueueOwner?> LoadAsync()
        {
            await Task.Yield(); // Nothing of the load may run under the gate.
            var owner = await owners.ActivateAsync(key, _ => LoadLater());
            if (owner is null) LoadLater();
            return owner;
        }

        private void LoadLater()
        {
            if (owners.stopping) return;
            lock (gate)
            {
                reload?.Dispose();
                reload = clock.CreateTimer(_ => LoadNow(), null, reloadAfter, Timeout.InfiniteTimeSpan);
            }
        }

        private void LoadNow()
        {
            if (owners.stopping) return;
            lock (gate) activation = LoadAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.QueueActivated, LogLevel.Information, "Queue {Queue} is owned by this process.")]
        public static partial void Activated(ILogger logger, QueueKey queue);

        [LoggerMessage(EventIds.QueueOwnerLost, LogLevel.Warning, "Queue {Queue} has lost its owner and is loaded again.")]
        public static partial void OwnerLost(ILogger logger, QueueKey queue, Exception reason);

        [LoggerMessage(EventIds.QueueActivationFailed, LogLevel.Error, "Queue {Queue} cannot be loaded; tried again in a second.")]
        public static partial void ActivationFailed(ILogger logger, QueueKey queue, Exception reason);
    }
}
