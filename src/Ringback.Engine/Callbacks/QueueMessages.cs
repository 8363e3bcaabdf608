using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>A create request that has been checked.</summary>
public sealed record NewCallback
{
    /// <summary>Number to call, E.164.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>When the customer wants the call; null = as soon as possible.</summary>
    public DateTimeOffset? DesiredAt { get; init; }

    /// <summary>Whether a full slot is a reason to refuse rather than to move the callback, and every desired time a scheduled one.</summary>
    public bool AlwaysCheckCapacity { get; init; }

    /// <summary>Language of the pushes; null = the queue's.</summary>
    public string? Language { get; init; }

    /// <summary>Whom to tell; at most 10, no duplicates.</summary>
    public required IReadOnlyList<PushTarget> Targets { get; init; }

    /// <summary>The rest of the request.</summary>
    public required CallbackDetails Details { get; init; }
}

/// <summary>What a create request led to.</summary>
/// <param name="Id">The new callback, or the one that waits for the same number.</param>
/// <param name="WaitsAlready">True where <paramref name="Id"/> is the older one and nothing was created.</param>
public sealed record CreatedCallback(Guid Id, bool WaitsAlready);

/// <summary>How a callback stands now.</summary>
/// <param name="Callback">Its state.</param>
/// <param name="Position">1 + callbacks ahead + live interactions ahead; null where it has none.</param>
/// <param name="WaitSeconds">The wait in whole seconds, −1 = unknown; null where it has none.</param>
public sealed record CallbackStatus(CallbackRecord Callback, int? Position, int? WaitSeconds)
{
    /// <summary>Name of the call-in group to ask for a number while READY stands, so that a customer whose push is lost can call in too; else null.</summary>
    public string? CallInGroup { get; init; }
}

/// <summary>The wait of a new arrival.</summary>
/// <param name="WaitSeconds">Whole seconds, −1 = unknown.</param>
/// <param name="ResultCode">0, −1 no interactions yet, −2 no agents.</param>
/// <param name="Mode">The mode that was used.</param>
public sealed record ArrivalEstimate(int WaitSeconds, int ResultCode, EwtMode Mode);

/// <summary>An attempt handed to an agent.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Callback">Whom to call.</param>
/// <param name="Settings">The queue's settings at this moment.</param>
/// <param name="QueueName">Name of the queue.</param>
public sealed record AttemptOffer(AttemptRecord Attempt, CallbackRecord Callback, QueueSettings Settings, string QueueName);

/// <summary>What the call-in group offers; made by the CallIn slice, given out by the queue's owner.</summary>
public sealed record CallInTerms
{
    /// <summary>Id for the request if it is the first one.</summary>
    public required Guid Id { get; init; }

    /// <summary>The group.</summary>
    public required string GroupName { get; init; }

    /// <summary>Number to dial.</summary>
    public required string ToPhoneNumber { get; init; }

    /// <summary>Number that the customer will call from, if told.</summary>
    public string? FromPhoneNumber { get; init; }

    /// <summary>Digits to enter, if the group uses codes.</summary>
    public string? AccessCode { get; init; }

    /// <summary>App data as a JSON object.</summary>
    public string? UserDataJson { get; init; }

    /// <summary>How long the data hold.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>The data given out at an instant.</summary>
    /// <param name="callbackId">The callback that they are for, if any.</param>
    /// <param name="now">The instant.</param>
    public CallInRecord GiveOut(Guid? callbackId, DateTimeOffset now) => new()
    {
        Id = Id,
        CallbackId = callbackId,
        GroupName = GroupName,
        ToPhoneNumber = ToPhoneNumber,
        FromPhoneNumber = FromPhoneNumber,
        AccessCode = AccessCode,
        UserDataJson = UserDataJson,
        CreatedAt = now,
        ExpiresAt = now + Lifetime,
    };
}

/// <summary>A call that came in and was matched to its callback.</summary>
/// <param name="CallIn">The data that the customer had been given.</param>
/// <param name="AttemptId">Under which COMPLETED is to be reported.</param>
public sealed record MatchedCallIn(CallInRecord CallIn, Guid AttemptId);

/// <summary>A callback whose customer called in by themselves.</summary>
/// <param name="CallbackId">The callback; it is PROCESSING now.</param>
/// <param name="AttemptId">Under which COMPLETED is to be reported.</param>
public sealed record MergedCallIn(Guid CallbackId, Guid AttemptId);

/// <summary>
/// The owner of one queue, wherever it lives. Every answer, reads included, is given only once the changes that it depends on are durable.
/// While the queue changes its owner or the database is away, answers are <see cref="Problems.StorageUnavailable"/>.
/// </summary>
public interface IQueueOwner
{
    /// <summary>Takes a callback into the queue.</summary>
    Task<Answer<CreatedCallback>> CreateAsync(NewCallback request);

    /// <summary>How a callback that is not over stands.</summary>
    Task<Answer<CallbackStatus>> RetrieveAsync(Guid callbackId);

    /// <summary>Ends a callback on request.</summary>
    Task<Answer<Guid>> CancelAsync(Guid callbackId);

    /// <summary>Notes that the customer is there.</summary>
    Task<Answer<Guid>> ConfirmAsync(Guid callbackId);

    /// <summary>Passes a QUEUED callback over for a while; gives the instant of its return to its place.</summary>
    Task<Answer<DateTimeOffset>> SnoozeAsync(Guid callbackId, TimeSpan pause);

    /// <summary>Moves a callback to another time; gives the time that it got.</summary>
    Task<Answer<DateTimeOffset>> RescheduleAsync(Guid callbackId, DateTimeOffset desired);

    /// <summary>Gives a callback other push targets, by slot.</summary>
    Task<Answer<Guid>> ReplaceTargetsAsync(Guid callbackId, IReadOnlyList<PushTarget?> slots);

    /// <summary>Cancels or purges a callback on behalf of a supervisor.</summary>
    Task<Answer<Guid>> EndBySupervisorAsync(Guid callbackId, bool purge, string by);

    /// <summary>Why a callback has not been called yet.</summary>
    Task<Answer<WhyNotYet>> WhyAsync(Guid callbackId);

    /// <summary>Applies a report of the agent side and gives the wait of a new arrival.</summary>
    Task<Answer<ArrivalEstimate>> ReportAsync(QueueReport report);

    /// <summary>The wait of a new arrival.</summary>
    /// <param name="mode">The mode; null = the queue's own.</param>
    Task<Answer<ArrivalEstimate>> EstimateAsync(EwtMode? mode);

    /// <summary>The slots that can be booked.</summary>
    Task<Answer<SlotList>> AvailabilityAsync(SlotQuery query);

    /// <summary>Seconds until closing, as of <paramref name="at"/>; 0 = closed, <see cref="int.MaxValue"/> = it does not close.</summary>
    /// <param name="at">The instant; null = now.</param>
    Task<Answer<int>> OpenForAsync(DateTimeOffset? at);

    /// <summary>What the queue can offer a customer now.</summary>
    Task<Answer<QueueOffer>> OfferAsync();

    /// <summary>Hands the next callback to a free agent, or null where none came within <paramref name="wait"/>.</summary>
    Task<Answer<AttemptOffer?>> NextAsync(string agent, TimeSpan wait, CancellationToken cancellation);

    /// <summary>The attempt that an agent holds in this queue, or null.</summary>
    Task<Answer<AttemptOffer?>> ResumeAsync(string agent);

    /// <summary>Gives an attempt more time from now on.</summary>
    Task<Answer<AttemptRecord>> ExtendAsync(Guid attemptId, TimeSpan span);

    /// <summary>Takes what became of an attempt.</summary>
    Task<Answer<OutcomeAnswer>> ReportOutcomeAsync(Guid attemptId, AttemptOutcome outcome);

    /// <summary>Gives call-in data for a READY callback, the same ones while they hold.</summary>
    Task<Answer<CallInRecord>> AcceptCallInAsync(Guid callbackId, CallInTerms terms);

    /// <summary>The customer's call came in: the conversation begins.</summary>
    Task<Answer<MatchedCallIn>> MatchCallInAsync(Guid callbackId, Guid callInId);

    /// <summary>A customer called who may have a callback here: begins the conversation of one that waits for the number, or gives null where none does.</summary>
    Task<Answer<MergedCallIn?>> MergeCallInAsync(string phoneNumber, CallInRecord? request);

    /// <summary>Puts the settings that a JSON object names in force at once. Merged here, so that two changes at the same time both count.</summary>
    Task<Answer<StoredQueue>> ChangeSettingsAsync(string patchJson, string changedBy);

    /// <summary>Tells the owner that settings were written past it, as an import does. Older ones than it has are ignored.</summary>
    /// <param name="settingsJson">The settings as <see cref="QueueSettingsJson.Write"/> writes them.</param>
    /// <param name="version">Their version.</param>
    Task<Answer<int>> AdoptSettingsAsync(string settingsJson, int version);

    /// <summary>Deletes the queue, if no callback is in it.</summary>
    Task<Answer<int>> DeleteAsync(string deletedBy);
}

/// <summary>Finds the owner of a queue, here or on another node.</summary>
public interface IQueueOwners
{
    /// <summary>The owner of a queue that exists.</summary>
    IQueueOwner Of(QueueKey queue);
}
