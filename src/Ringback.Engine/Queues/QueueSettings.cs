using System.Text.Json.Serialization;
using Ringback.Engine.Notifications;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Engine.Queues;

/// <summary>Who dials whom.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QueueType>))]
public enum QueueType
{
    /// <summary>The centre calls the customer.</summary>
    [JsonStringEnumMemberName("USERTERMINATED")]
    UserTerminated,

    /// <summary>Click-To-Call-In, delayed: the customer calls the centre once told to.</summary>
    [JsonStringEnumMemberName("USERORIGINATED")]
    UserOriginated,
}

/// <summary>How the wait is estimated (rule D3).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EwtMode>))]
public enum EwtMode
{
    /// <summary>By the rate at which the last interactions left the queue, blind to agents.</summary>
    [JsonStringEnumMemberName("mode1")]
    Mode1,

    /// <summary>By handling time and logged-in agents; the default.</summary>
    [JsonStringEnumMemberName("mode2")]
    Mode2,

    /// <summary>By the figure that an outside statistics source reports.</summary>
    [JsonStringEnumMemberName("mode3")]
    Mode3,
}

/// <summary>Seconds until the next attempt, by what the last one met. Each 1 s to one day.</summary>
public sealed record RetrySeconds
{
    /// <summary>Nobody answered; default 5 min.</summary>
    public int NoAnswer { get; init; } = 300;

    /// <summary>The line was busy; default 2 min.</summary>
    public int Busy { get; init; } = 120;

    /// <summary>The customer refused the call; default 15 min.</summary>
    public int Declined { get; init; } = 900;

    /// <summary>An answering machine; default 15 min.</summary>
    public int Machine { get; init; } = 900;

    /// <summary>The call never left the centre; default 30 s.</summary>
    public int TrunkError { get; init; } = 30;
}

/// <summary>One row of CALLBACK_SETTINGS (rule C1). Immutable: a change is a new version.</summary>
public sealed record QueueSettings
{
    /// <summary>Who dials whom.</summary>
    public QueueType Type { get; init; }

    /// <summary>Which estimate drives <c>CALLBACK_UPCOMING</c> and what retrieve shows.</summary>
    public EwtMode EwtMode { get; init; } = EwtMode.Mode2;

    /// <summary>CALLBACK_UPCOMING is due when the wait is strictly below this; 0 to 1440, 0 = off, default 5.</summary>
    public int PushNotificationThresholdMinutes { get; init; } = 5;

    /// <summary>Outbound attempts before giving up; 1 to 20, default 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Pauses between attempts.</summary>
    public RetrySeconds RetrySeconds { get; init; } = new();

    /// <summary>From arrival (scheduled: desired time) to purge; 1 s to 30 days, default 4 h.</summary>
    public int MaxTimeInQueueSeconds { get; init; } = 14_400;

    /// <summary>How long a READY stands; 1 s to one day, default 5 min.</summary>
    public int ReadyTimeoutSeconds { get; init; } = 300;

    /// <summary>Callbacks in ROUTING at once; 1 to 10 000, default 100.</summary>
    public int InFlightCap { get; init; } = 100;

    /// <summary>How long an attempt without an outcome is held before OUTCOME_UNKNOWN; 1 s to one day, default 15 min.</summary>
    public int UnknownOutcomeHoldSeconds { get; init; } = 900;

    /// <summary>Lease of an attempt until it must be extended or reported; 1 s to 1 h, default 2 min.</summary>
    public int AttemptLeaseSeconds { get; init; } = 120;

    /// <summary>Longest call before ASSUMED_ENDED; 1 s to one day, default 4 h.</summary>
    public int MaxProcessingSeconds { get; init; } = 14_400;

    /// <summary>Name of the call-in group that READY callbacks call in to; needed for USERORIGINATED.</summary>
    public string? CallInGroup { get; init; }

    /// <summary>How pushes of this queue are shown unless <see cref="PresentationByEvent"/> says otherwise.</summary>
    public Presentation Presentation { get; init; } = Presentation.Notification;

    /// <summary>Exceptions to <see cref="Presentation"/>, by event name.</summary>
    public IReadOnlyDictionary<string, Presentation> PresentationByEvent { get; init; } = new Dictionary<string, Presentation>();

    /// <summary>Time to live of a push in seconds by event name, where it differs from the event's own default.</summary>
    public IReadOnlyDictionary<string, int> TimeToLiveSeconds { get; init; } = new Dictionary<string, int>();

    /// <summary>Titles and bodies of this queue's own, by event and language (<c>de</c> or <c>de-AT</c>), in place of those that the program brings.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, PushText>> Texts { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, PushText>>();

    /// <summary>Whether callbacks as soon as possible are taken.</summary>
    public bool ImmediateEnabled { get; init; } = true;

    /// <summary>Whether callbacks for a desired time are taken.</summary>
    public bool ScheduledEnabled { get; init; } = true;

    /// <summary>When the queue is open; not set = around the clock. See below.</summary>
    public BusinessHours? BusinessHours { get; init; }

    /// <summary>How many callbacks can be booked for a time.</summary>
    public SlotCapacity Capacity { get; init; } = new();

    /// <summary>Whether a callback that would be purged at closing or after its longest time moves to the next opening instead. Needs <see cref="BusinessHours"/>.</summary>
    public bool RescheduleOnPurge { get; init; }

    /// <summary>How often one callback is moved so before it is purged after all; 1 to 20, default 3.</summary>
    public int MaxReschedules { get; init; } = 3;

    /// <summary>Whether one number may wait only once in this queue (rule D9).</summary>
    public bool OneActivePerNumber { get; init; } = true;

    /// <summary>Callbacks that are taken for one number in this queue within an hour; 0 = no limit, default 20 (rule D9).</summary>
    public int MaxCreatesPerNumberPerHour { get; init; } = 20;

    /// <summary>Callbacks that are taken in this queue within a minute; 0 = no limit, default 1200 (rule D9).</summary>
    public int MaxCreatesPerMinute { get; init; } = 1_200;

    /// <summary>
    /// ISO 3166 codes of the countries whose numbers are called; none = all. Numbers that belong to no country, such as +800, are then refused too.
    /// </summary>
    public IReadOnlyList<string> PermittedCountries { get; init; } = [];

    /// <summary>Numbers in E.164 that are never called; an entry that ends in <c>*</c> means all numbers that begin so.</summary>
    public IReadOnlyList<string> BlockedNumbers { get; init; } = [];

    /// <summary>Region of numbers without a country code, ISO 3166; default US.</summary>
    public string Region { get; init; } = "US";

    /// <summary>Language of pushes where the request names none, <c>xx-YY</c>.</summary>
    public string Language { get; init; } = "en-US";

    /// <summary>Priority points of every callback here; −100 to 100.</summary>
    public int Priority { get; init; }

    /// <summary>Seconds of earlier arrival that one priority point counts as (rule D2); 0 to 3600, default 60.</summary>
    public int PrioritySeconds { get; init; } = 60;

    /// <summary>The most seconds that priority can move a callback; 0 to one day, default 1 h.</summary>
    public int PriorityLimitSeconds { get; init; } = 3_600;

    /// <summary>Name of the Firebase app whose credentials send the pushes of this queue; none: the default app.</summary>
    public string? FirebaseApp { get; init; }

    /// <summary>Number shown to the customer who is called.</summary>
    public string? CallerId { get; init; }

    /// <summary>Where the PBX routes the connected call.</summary>
    public string? RoutePoint { get; init; }

    /// <summary>Where the PBX routes the call after the agent has left.</summary>
    public string? SurveyRoutePoint { get; init; }

    /// <summary>The UPCOMING threshold as a span.</summary>
    [JsonIgnore]
    public TimeSpan Threshold => TimeSpan.FromMinutes(PushNotificationThresholdMinutes);

    /// <summary>How a push of this event is shown.</summary>
    public Presentation PresentationOf(string pushEvent) => PresentationByEvent.TryGetValue(pushEvent, out var chosen) ? chosen : Presentation;
}
