using System.Text.Json.Serialization;

namespace Ringback.Engine.Callbacks;

/// <summary>Where a callback is in its life (rule D1). The names are the wire's.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallbackState>))]
public enum CallbackState
{
    /// <summary>Waits for its desired time.</summary>
    [JsonStringEnumMemberName("SCHEDULED")]
    Scheduled = 0,

    /// <summary>Stands in line, or waits for its next attempt.</summary>
    [JsonStringEnumMemberName("QUEUED")]
    Queued = 1,

    /// <summary>An attempt is under way, or the customer was told to call in.</summary>
    [JsonStringEnumMemberName("ROUTING")]
    Routing = 2,

    /// <summary>Customer and agent speak; cannot be cancelled.</summary>
    [JsonStringEnumMemberName("PROCESSING")]
    Processing = 3,

    /// <summary>Over, with a reason.</summary>
    [JsonStringEnumMemberName("COMPLETED")]
    Completed = 4,
}

/// <summary>States as words.</summary>
public static class CallbackStates
{
    /// <summary>The word of the wire contract, such as <c>QUEUED</c>.</summary>
    public static string Wire(this CallbackState state) => state switch
    {
        CallbackState.Scheduled => "SCHEDULED",
        CallbackState.Queued => "QUEUED",
        CallbackState.Routing => "ROUTING",
        CallbackState.Processing => "PROCESSING",
        CallbackState.Completed => "COMPLETED",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}

/// <summary>Why a callback is over.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CompletionReason>))]
public enum CompletionReason
{
    /// <summary>Customer and agent spoke.</summary>
    [JsonStringEnumMemberName("CONNECTED")]
    Connected = 1,

    /// <summary>Cancelled on request.</summary>
    [JsonStringEnumMemberName("CANCELLED")]
    Cancelled = 2,

    /// <summary>Purged: longest time in queue.</summary>
    [JsonStringEnumMemberName("MAX_WAIT")]
    MaxWait = 3,

    /// <summary>Purged: the queue closed.</summary>
    [JsonStringEnumMemberName("END_OF_BUSINESS")]
    EndOfBusiness = 4,

    /// <summary>Purged: told twice to call in, did not.</summary>
    [JsonStringEnumMemberName("READY_EXPIRED")]
    ReadyExpired = 5,

    /// <summary>Purged by a supervisor.</summary>
    [JsonStringEnumMemberName("ADMINISTRATOR")]
    Administrator = 6,

    /// <summary>The last allowed attempt did not connect.</summary>
    [JsonStringEnumMemberName("NOT_REACHED")]
    NotReached = 7,

    /// <summary>The number does not exist.</summary>
    [JsonStringEnumMemberName("INVALID_NUMBER")]
    InvalidNumber = 8,

    /// <summary>The centre's lines failed too often in a row.</summary>
    [JsonStringEnumMemberName("TRUNK_ERROR")]
    TrunkError = 9,

    /// <summary>No outcome of an attempt was ever reported.</summary>
    [JsonStringEnumMemberName("OUTCOME_UNKNOWN")]
    OutcomeUnknown = 10,

    /// <summary>The end of a call was never reported.</summary>
    [JsonStringEnumMemberName("ASSUMED_ENDED")]
    AssumedEnded = 11,
}

/// <summary>What became of <c>CALLBACK_UPCOMING</c> for a callback.</summary>
public enum UpcomingStatus
{
    /// <summary>Still to be judged.</summary>
    Undecided = 0,

    /// <summary>Decided: once for ever (rule B1).</summary>
    Decided = 1,

    /// <summary>The wait was low as the create request arrived: never (rule B2).</summary>
    LowAtCreate = 2,

    /// <summary>Undecided, and the last judgement found that there is not time enough (rule B3).</summary>
    NoTime = 3,

    /// <summary>There is no push target, or the queue has no such event.</summary>
    NotApplicable = 4,
}

/// <summary>A callback as it is stored: everything that its owner needs to go on after a restart.</summary>
public sealed record CallbackRecord
{
    /// <summary>Its id, given at create.</summary>
    public required Guid Id { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required CallbackState State { get; init; }

    /// <summary>Why it is over; only in <see cref="CallbackState.Completed"/>.</summary>
    public CompletionReason? Reason { get; init; }

    /// <summary>Number to call, E.164.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>Language of its pushes.</summary>
    public required string Language { get; init; }

    /// <summary>How many push targets it has.</summary>
    public required int TargetCount { get; init; }

    /// <summary>Whether the customer named a time.</summary>
    public required bool Scheduled { get; init; }

    /// <summary>When the create request arrived.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The desired time; immediate: <see cref="CreatedAt"/>. The longest time in queue counts from here.</summary>
    public required DateTimeOffset DesiredAt { get; init; }

    /// <summary>Place in line in microseconds (rule D2).</summary>
    public required long SortKey { get; init; }

    /// <summary>Standing among live interactions.</summary>
    public required long LiveTicket { get; init; }

    /// <summary>When it returns to its place; null = it stands there.</summary>
    public DateTimeOffset? ReturnsAt { get; init; }

    /// <summary>Attempts that count.</summary>
    public int AttemptsMade { get; init; }

    /// <summary>Trunk errors since the last attempt that reached the network.</summary>
    public int TrunkErrorsInRow { get; init; }

    /// <summary>What became of UPCOMING.</summary>
    public UpcomingStatus Upcoming { get; init; }

    /// <summary>READY rounds so far.</summary>
    public int ReadyRound { get; init; }

    /// <summary>When the READY ends; only while it stands.</summary>
    public DateTimeOffset? ReadyEndsAt { get; init; }

    /// <summary>When the conversation began.</summary>
    public DateTimeOffset? ProcessingSince { get; init; }

    /// <summary>Number of the last push event.</summary>
    public int EventSequence { get; init; }

    /// <summary>Number of the last timeline entry.</summary>
    public int TimelineSequence { get; init; }

    /// <summary>How often it was moved to another opening instead of being purged.</summary>
    public int Reschedules { get; init; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? CompletedAt { get; init; }
}

/// <summary>What the create request said beyond what the rules need; kept in the database, not in memory.</summary>
public sealed record CallbackDetails
{
    /// <summary>Opaque data of the app, a JSON object. Never logged.</summary>
    public string? UserDataJson { get; init; }

    /// <summary>Overrides the queue's route point.</summary>
    public string? RoutePoint { get; init; }

    /// <summary>Overrides the queue's survey route point.</summary>
    public string? SurveyRoutePoint { get; init; }

    /// <summary>Priority points of this callback.</summary>
    public int? Priority { get; init; }

    /// <summary>Reporting fields of the request as a JSON object: offer type, inbound queue, channel and the like.</summary>
    public string? ReportingJson { get; init; }
}
