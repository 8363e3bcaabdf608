using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Cluster.Queues;

/// <summary>
/// The owner of a queue as seen from a node that does not host it. A call whose answer is lost on the way is not repeated here: whether it was carried out
/// is unknown, and the caller is told so by the same 503 as for an unknown commit.
/// </summary>
internal sealed class RemoteOwner(QueueKey key, IQueueGrain grain, LocalOwners locals, ILogger logger) : IQueueOwner
{
    private static readonly Fault away =
        Problems.StorageUnavailable.With("The queue is changing its node. Send the same request again.") with { RetryAfter = TimeSpan.FromSeconds(1) };

    public Task<Answer<CreatedCallback>> CreateAsync(NewCallback request) => Ask(o => o.CreateAsync(request), g => g.CreateAsync(request));

    public Task<Answer<CallbackStatus>> RetrieveAsync(Guid callbackId) => Ask(o => o.RetrieveAsync(callbackId), g => g.RetrieveAsync(callbackId));

    public Task<Answer<Guid>> CancelAsync(Guid callbackId) => Ask(o => o.CancelAsync(callbackId), g => g.CancelAsync(callbackId));

    public Task<Answer<Guid>> ConfirmAsync(Guid callbackId) => Ask(o => o.ConfirmAsync(callbackId), g => g.ConfirmAsync(callbackId));

    public Task<Answer<DateTimeOffset>> SnoozeAsync(Guid callbackId, TimeSpan pause) => Ask(o => o.SnoozeAsync(callbackId, pause), g => g.SnoozeAsync(callbackId, pause));

    public Task<Answer<DateTimeOffset>> RescheduleAsync(Guid callbackId, DateTimeOffset desired) =>
        Ask(o => o.RescheduleAsync(callbackId, desired), g => g.RescheduleAsync(callbackId, desired));

    public Task<Answer<Guid>> ReplaceTargetsAsync(Guid callbackId, IReadOnlyList<PushTarget?> slots) =>
        Ask(o => o.ReplaceTargetsAsync(callbackId, slots), g => g.ReplaceTargetsAsync(callbackId, slots));

    public Task<Answer<Guid>> EndBySupervisorAsync(Guid callbackId, bool purge, string by) =>
        Ask(o => o.EndBySupervisorAsync(callbackId, purge, by), g => g.EndBySupervisorAsync(callbackId, purge, by));

    public Task<Answer<WhyNotYet>> WhyAsync(Guid callbackId) => Ask(o => o.WhyAsync(callbackId), g => g.WhyAsync(callbackId));

    public Task<Answer<ArrivalEstimate>> ReportAsync(QueueReport report) => Ask(o => o.ReportAsync(report), g => g.ReportAsync(report));

    public Task<Answer<ArrivalEstimate>> EstimateAsync(EwtMode? mode) => Ask(o => o.EstimateAsync(mode), g => g.EstimateAsync(mode));

    public Task<Answer<SlotList>> AvailabilityAsync(SlotQuery query) => Ask(o => o.AvailabilityAsync(query), g => g.AvailabilityAsync(query));

    public Task<Answer<int>> OpenForAsync(DateTimeOffset? at) => Ask(o => o.OpenForAsync(at), g => g.OpenForAsync(at));

    public Task<Answer<QueueOffer>> OfferAsync() => Ask(o => o.OfferAsync(), g => g.OfferAsync());

    /// <summary>
    /// That nobody waits here any more is not followed across nodes: the wait there ends by itself within a minute. An attempt that it hands out is the agent's, who gets it with the next question, or comes
    /// back by its lease.
    /// </summary>
    public Task<Answer<AttemptOffer?>> NextAsync(string agent, TimeSpan wait, CancellationToken cancellation) =>
        Ask(o => o.NextAsync(agent, wait, cancellation), g => g.NextAsync(agent, wait).WaitAsync(cancellation));

    public Task<Answer<AttemptOffer?>> ResumeAsync(string agent) => Ask(o => o.ResumeAsync(agent), g => g.ResumeAsync(agent));

    public Task<Answer<AttemptRecord>> ExtendAsync(Guid attemptId, TimeSpan span) => Ask(o => o.ExtendAsync(attemptId, span), g => g.ExtendAsync(attemptId, span));

    public Task<Answer<OutcomeAnswer>> ReportOutcomeAsync(Guid attemptId, AttemptOutcome outcome) =>
        Ask(o => o.ReportOutcomeAsync(attemptId, outcome), g => g.ReportOutcomeAsync(attemptId, outcome));

    public Task<Answer<CallInRecord>> AcceptCallInAsync(Guid callbackId, CallInTerms terms) =>
        Ask(o => o.AcceptCallInAsync(callbackId, terms), g => g.AcceptCallInAsync(callbackId, terms));

    public Task<Answer<MatchedCallIn>> MatchCallInAsync(Guid callbackId, Guid callInId) =>
        Ask(o => o.MatchCallInAsync(callbackId, callInId), g => g.MatchCallInAsync(callbackId, callInId));

    public Task<Answer<MergedCallIn?>> MergeCallInAsync(string phoneNumber, CallInRecord? request) =>
        Ask(o => o.MergeCallInAsync(phoneNumber, request), g => g.MergeCallInAsync(phoneNumber, request));

    public Task<Answer<StoredQueue>> ChangeSettingsAsync(string patchJson, string changedBy) =>
        Ask(o => o.ChangeSettingsAsync(patchJson, changedBy), g => g.ChangeSettingsAsync(patchJson, changedBy));

    public Task<Answer<int>> AdoptSettingsAsync(string settingsJson, int version) =>
        Ask(o => o.AdoptSettingsAsync(settingsJson, version), g => g.AdoptSettingsAsync(settingsJson, version));

    public Task<Answer<int>> DeleteAsync(string deletedBy) => Ask(o => o.DeleteAsync(deletedBy), g => g.DeleteAsync(deletedBy));

    /// <summary>The grain may have come to this node since; then nothing needs to travel.</summary>
    private async Task<Answer<T>> Ask<T>(Func<QueueOwner, Task<Answer<T>>> here, Func<IQueueGrain, Task<Answer<T>>> there)
    {
        if (locals.Find(key) is { } owner) return await here(owner);
        try
        {
            return await there(grain);
        }
        // The owner may be on a node of an earlier version, which throws what ended an activation at whoever still spoke to it.
        catch (Exception failure) when (failure is StorageException or OwnershipLostException or OrleansException or TimeoutException or QueueGoneException)
        {
            QueueLog.ActivationFailed(logger, key, failure);
            return away;
        }
    }
}
