using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Cluster.Queues;

/// <summary>
/// One queue of one tenant, wherever in the cluster its owner lives. The key is <c>tenant/queue</c>. The methods are those of <see cref="IQueueOwner"/>;
/// their aliases are the wire contract between nodes of different versions.
/// </summary>
[Alias("ringback.queue")]
[GrainInterfaceType("ringback-queue")]
internal interface IQueueGrain : IGrainWithStringKey
{
    /// <summary>Makes sure that the queue has an owner, so that what falls due there happens.</summary>
    [Alias("wake")]
    Task WakeAsync();

    [Alias("create")]
    Task<Answer<CreatedCallback>> CreateAsync(NewCallback request);

    [Alias("retrieve")]
    Task<Answer<CallbackStatus>> RetrieveAsync(Guid callbackId);

    [Alias("cancel")]
    Task<Answer<Guid>> CancelAsync(Guid callbackId);

    [Alias("confirm")]
    Task<Answer<Guid>> ConfirmAsync(Guid callbackId);

    [Alias("snooze")]
    Task<Answer<DateTimeOffset>> SnoozeAsync(Guid callbackId, TimeSpan pause);

    [Alias("reschedule")]
    Task<Answer<DateTimeOffset>> RescheduleAsync(Guid callbackId, DateTimeOffset desired);

    [Alias("replace-targets")]
    Task<Answer<Guid>> ReplaceTargetsAsync(Guid callbackId, IReadOnlyList<PushTarget?> slots);

    [Alias("end-by-supervisor")]
    Task<Answer<Guid>> EndBySupervisorAsync(Guid callbackId, bool purge, string by);

    [Alias("why")]
    Task<Answer<WhyNotYet>> WhyAsync(Guid callbackId);

    [Alias("report")]
    Task<Answer<ArrivalEstimate>> ReportAsync(QueueReport report);

    [Alias("estimate")]
    Task<Answer<ArrivalEstimate>> EstimateAsync(EwtMode? mode);

    [Alias("availability")]
    Task<Answer<SlotList>> AvailabilityAsync(SlotQuery query);

    [Alias("open-for")]
    Task<Answer<int>> OpenForAsync(DateTimeOffset? at);

    [Alias("offer")]
    Task<Answer<QueueOffer>> OfferAsync();

    /// <summary>Waits up to a minute for a callback, which is longer than a call may last by default.</summary>
    [Alias("next")]
    [ResponseTimeout("00:01:30")]
    Task<Answer<AttemptOffer?>> NextAsync(string agent, TimeSpan wait);

    [Alias("resume")]
    Task<Answer<AttemptOffer?>> ResumeAsync(string agent);

    [Alias("extend")]
    Task<Answer<AttemptRecord>> ExtendAsync(Guid attemptId, TimeSpan span);

    [Alias("outcome")]
    Task<Answer<OutcomeAnswer>> ReportOutcomeAsync(Guid attemptId, AttemptOutcome outcome);

    [Alias("accept-call-in")]
    Task<Answer<CallInRecord>> AcceptCallInAsync(Guid callbackId, CallInTerms terms);

    [Alias("match-call-in")]
    Task<Answer<MatchedCallIn>> MatchCallInAsync(Guid callbackId, Guid callInId);

    [Alias("merge-call-in")]
    Task<Answer<MergedCallIn?>> MergeCallInAsync(string phoneNumber, CallInRecord? request);

    [Alias("change-settings")]
    Task<Answer<StoredQueue>> ChangeSettingsAsync(string patchJson, string changedBy);

    [Alias("adopt-settings")]
    Task<Answer<int>> AdoptSettingsAsync(string settingsJson, int version);

    [Alias("delete")]
    Task<Answer<int>> DeleteAsync(string deletedBy);
}
