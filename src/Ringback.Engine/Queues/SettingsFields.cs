using System.Text.RegularExpressions;
using Ringback.Engine.Queues.Calendar;
using static Ringback.Engine.Queues.SettingsSection;

namespace Ringback.Engine.Queues;

/// <summary>Every setting of a queue, in the order of the table's columns. A property of <see cref="QueueSettings"/> that is not here fails a test.</summary>
public static partial class SettingsFields
{
    private const int OneDay = 86_400;
    private const int FourWeeks = 2_419_200;

    /// <summary>The columns.</summary>
    public static IReadOnlyList<SettingsField> All { get; } =
    [
        Word("type", Queue, "Type", "USERTERMINATED", "USERORIGINATED"),
        Word("ewtMode", Queue, "EWT mode", "mode1", "mode2", "mode3"),
        Flag("immediateEnabled", Queue, "Immediate callbacks"),
        Flag("scheduledEnabled", Queue, "Scheduled callbacks"),
        Flag("oneActivePerNumber", Queue, "One active callback per number"),
        Number("maxCreatesPerNumberPerHour", Queue, "Most callbacks for a number in an hour", 0, 10_000),
        Number("maxCreatesPerMinute", Queue, "Most callbacks in a minute", 0, 100_000),
        Text("callInGroup", Queue, "Call-in group", 64),
        Number("maxAttempts", Attempts, "Outbound attempts", 1, 20),
        Number("retrySeconds.noAnswer", Attempts, "Retry after no answer (s)", 1, OneDay),
        Number("retrySeconds.busy", Attempts, "Retry after busy (s)", 1, OneDay),
        Number("retrySeconds.declined", Attempts, "Retry after declined (s)", 1, OneDay),
        Number("retrySeconds.machine", Attempts, "Retry after machine (s)", 1, OneDay),
        Number("retrySeconds.trunkError", Attempts, "Retry after trunk error (s)", 1, OneDay),
        Number("inFlightCap", Attempts, "In-flight cap", 1, 10_000),
        Number("attemptLeaseSeconds", Attempts, "Lease of an attempt (s)", 1, 3_600),
        Number("unknownOutcomeHoldSeconds", Attempts, "Hold of an unknown outcome (s)", 1, OneDay),
        Number("maxProcessingSeconds", Attempts, "Longest call (s)", 1, OneDay),
        new("businessHours", SettingsFieldKind.Json, Waiting, "Business hours"),
        new("capacity.slotMinutes", SettingsFieldKind.Number, Waiting, "Length of a slot (min)")
        {
            Least = 5, Most = 1_440, NumberRule = (BusinessHoursRules.IsSlotLength, "a number of minutes that divides the day, such as 5, 10, 15, 20, 30, 60, 120 or 1440"),
        },
        Number("capacity.callbacksPerSlot", Waiting, "Callbacks per slot", 1, 100_000),
        Flag("rescheduleOnPurge", Waiting, "Reschedule instead of purge"),
        Number("maxReschedules", Waiting, "Most moves to another opening", 1, 20),
        Number("maxTimeInQueueSeconds", Waiting, "Maximum time in queue (s)", 1, 2_592_000),
        Number("readyTimeoutSeconds", Waiting, "READY time-out (s)", 1, OneDay),
        Number("priority", Waiting, "Priority", -100, 100),
        Number("prioritySeconds", Waiting, "Priority increment (s)", 0, 3_600),
        Number("priorityLimitSeconds", Waiting, "Priority limit (s)", 0, OneDay),
        Number("pushNotificationThresholdMinutes", Pushes, "Push Notification Threshold (minutes)", 0, 1_440),
        Formed("language", Pushes, "Language", LanguageForm(), "a language such as en or en-US"),
        Text("firebaseApp", Pushes, "Firebase app", 32),
        Word("presentation", Pushes, "Presentation", "notification", "data"),
        new("texts", SettingsFieldKind.Json, Pushes, "Texts"),
        .. PushEvents.All.Select(e => Word($"presentationByEvent.{e}", Pushes, $"Presentation of {e}", "notification", "data")),
        .. PushEvents.All.Select(e => Number($"timeToLiveSeconds.{e}", Pushes, $"Time to live of {e} (s)", 1, FourWeeks)),
        List("permittedCountries", Routing, "Permitted countries", NumberRules.MaxCountries, NumberRules.IsCountry, "country codes of ISO 3166 such as US"),
        List("blockedNumbers", Routing, "Blocked numbers", NumberRules.MaxBlocked, NumberRules.IsBlocked, "numbers in E.164 such as +14155550123, or beginnings of numbers such as +1900*"),
        Formed("region", Routing, "Phone region", RegionForm(), "two capital letters such as US"),
        Text("callerId", Routing, "Caller ID", 64),
        Text("routePoint", Routing, "Route point", 255),
        Text("surveyRoutePoint", Routing, "Survey route point", 255),
    ];

    /// <summary>Settings that are groups of columns: <c>retrySeconds</c> and the like.</summary>
    internal static IReadOnlySet<string> Groups { get; } = All.Where(f => f.Name.Contains('.', StringComparison.Ordinal)).Select(f => f.Name.Split('.')[0]).ToHashSet(StringComparer.Ordinal);

    private static readonly Dictionary<string, SettingsField> byName = All.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The column of that name, or null.</summary>
    public static SettingsField? Find(string name) => byName.GetValueOrDefault(name);

    private static SettingsField Number(string name, SettingsSection section, string label, int least, int most) => new(name, SettingsFieldKind.Number, section, label) { Least = least, Most = most };

    private static SettingsField Flag(string name, SettingsSection section, string label) => new(name, SettingsFieldKind.Flag, section, label);

    private static SettingsField Word(string name, SettingsSection section, string label, params string[] words) => new(name, SettingsFieldKind.Word, section, label) { Words = words };

    private static SettingsField Text(string name, SettingsSection section, string label, int most) => new(name, SettingsFieldKind.Text, section, label) { Least = 1, Most = most };

    private static SettingsField List(string name, SettingsSection section, string label, int most, Func<string, bool> fits, string words) =>
        new(name, SettingsFieldKind.List, section, label) { Most = most, Entry = (fits, words) };

    private static SettingsField Formed(string name, SettingsSection section, string label, Regex form, string words) =>
        new(name, SettingsFieldKind.Text, section, label) { Least = 1, Most = 16, Form = (form, words) };

    [GeneratedRegex("^[A-Z]{2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionForm();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z]{2})?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageForm();
}
