using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Cluster.Queues;

/// <summary>
/// A thin host: an activation is the life of one <see cref="QueueOwner"/>. Activating shuts earlier owners out by the epoch, so that two activations
/// during a split of the cluster cannot both write. When a commit fails, the activation ends with it and the next one loads the queue again.
/// </summary>
[Reentrant]
[KeepAlive]
[GrainType("ringback-queue")]
internal sealed class QueueGrain(
    ICallbackStore store, DeliveryHandover handover, LocalOwners locals, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<QueueGrain> logger)
    : Grain, IQueueGrain
{
    private QueueOwner? owner;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = QueueGrainKey.Parse(this.GetPrimaryKeyString());
        owner = await QueueOwner.ActivateAsync(key, store, handover, clock, Lost) ?? throw new QueueGoneException($"There is no queue {key}.");
        locals.Add(owner);
        QueueLog.Activated(logger, key);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (owner is null) return;
        locals.Remove(owner);
        owner.Dispose();
        await owner.DrainAsync();
    }

    public Task WakeAsync() => Task.CompletedTask;

    public Task<Answer<CreatedCallback>> CreateAsync(NewCallback request) => owner!.CreateAsync(request);

    public Task<Answer<CallbackStatus>> RetrieveAsync(Guid callbackId) => owner!.RetrieveAsync(callbackId);

    public Task<Answer<Guid>> CancelAsync(Guid callbackId) => owner!.CancelAsync(callbackId);

    public Task<Answer<Guid>> ConfirmAsync(Guid callbackId) => owner!.ConfirmAsync(callbackId);

    public Task<Answer<DateTimeOffset>> SnoozeAsync(Guid callbackId, TimeSpan pause) => owner!.SnoozeAsync(callbackId, pause);

    public Task<Answer<DateTimeOffset>> RescheduleAsync(Guid callbackId, DateTimeOffset desired) => owner!.RescheduleAsync(callbackId, desired);

    public Task<Answer<Guid>> ReplaceTargetsAsync(Guid callbackId, IReadOnlyList<PushTarget?> slots) => owner!.ReplaceTargetsAsync(callbackId, slots);

    public Task<Answer<Guid>> EndBySupervisorAsync(Guid callbackId, bool purge, string by) => owner!.EndBySupervisorAsync(callbackId, purge, by);

    public Task<Answer<WhyNotYet>> WhyAsync(Guid callbackId) => owner!.WhyAsync(callbackId);

    public Task<Answer<ArrivalEstimate>> ReportAsync(QueueReport report) => owner!.ReportAsync(report);

    public Task<Answer<ArrivalEstimate>> EstimateAsync(EwtMode? mode) => owner!.EstimateAsync(mode);

    public Task<Answer<SlotList>> AvailabilityAsync(SlotQuery query) => owner!.AvailabilityAsync(query);

    public Task<Answer<int>> OpenForAsync(DateTimeOffset? at) => owner!.OpenForAsync(at);

    public Task<Answer<QueueOffer>> OfferAsync() => owner!.OfferAsync();

    /// <summary>A node that stops waits for the calls that its grains are at.</summary>
    public async Task<Answer<AttemptOffer?>> NextAsync(string agent, TimeSpan wait)
    {
        try
        {
            return await owner!.NextAsync(agent, wait, lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            return (AttemptOffer?)null;
        }
    }

    public Task<Answer<AttemptOffer?>> ResumeAsync(string agent) => owner!.ResumeAsync(agent);

    public Task<Answer<AttemptRecord>> ExtendAsync(Guid attemptId, TimeSpan span) => owner!.ExtendAsync(attemptId, span);

    public Task<Answer<OutcomeAnswer>> ReportOutcomeAsync(Guid attemptId, AttemptOutcome outcome) => owner!.ReportOutcomeAsync(attemptId, outcome);

    public Task<Answer<CallInRecord>> AcceptCallInAsync(Guid callbackId, CallInTerms terms) => owner!.AcceptCallInAsync(callbackId, terms);

    public Task<Answer<MatchedCallIn>> MatchCallInAsync(Guid callbackId, Guid callInId) => owner!.MatchCallInAsync(callbackId, callInId);

    public Task<Answer<MergedCallIn?>> MergeCallInAsync(string phoneNumber, CallInRecord? request) => owner!.MergeCallInAsync(phoneNumber, request);

    public Task<Answer<StoredQueue>> ChangeSettingsAsync(string patchJson, string changedBy) => owner!.ChangeSettingsAsync(patchJson, changedBy);

    public Task<Answer<int>> AdoptSettingsAsync(string settingsJson, int version) => owner!.AdoptSettingsAsync(settingsJson, version);

    public Task<Answer<int>> DeleteAsync(string deletedBy) => owner!.DeleteAsync(deletedBy);

    /// <summary>Called from the commit that failed, on whatever thread.</summary>
    private void Lost(QueueOwner lost, Exception reason)
    {
        QueueLog.OwnerLost(logger, lost.Key, reason);
        locals.Remove(lost);
        // Without the exception: with it, whoever still speaks to this activation would get it thrown at them instead of being sent on to the next one.
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, "A commit failed."));
    }
}

/// <summary>A queue was spoken to that is not in the database.</summary>
internal sealed class QueueGoneException(string message) : Exception(message);
