using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Engine.Queues;

/// <summary>Reads, merges, checks and writes queue settings as JSON; every refusal names the field.</summary>
public static partial class QueueSettingsJson
{
    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        Converters =
        {
            new JsonStringEnumConverter<QueueType>(allowIntegerValues: false),
            new JsonStringEnumConverter<EwtMode>(allowIntegerValues: false),
            new JsonStringEnumConverter<Presentation>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    };

    /// <summary>The settings as stored and as the API shows them.</summary>
    public static string Write(QueueSettings settings) => JsonSerializer.Serialize(settings, options);

    /// <summary>Settings that were written by <see cref="Write"/>.</summary>
    public static QueueSettings Read(string json) => JsonSerializer.Deserialize<QueueSettings>(json, options)!;

    /// <summary>
    /// <paramref name="current"/> with the fields that <paramref name="patch"/> names; a null puts a field back to its default.
    /// </summary>
    public static Answer<QueueSettings> Merge(QueueSettings current, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object) return Problems.MalformedBody.With("Send a JSON object with the settings to change.");
        var merged = JsonSerializer.SerializeToNode(current, options)!.AsObject();
        Overlay(merged, patch);
        try
        {
            var settings = merged.Deserialize<QueueSettings>(options)!;
            return Validate(settings) is { } fault ? fault : settings;
        }
        catch (JsonException wrong)
        {
            var field = wrong.Path is { Length: > 2 } path ? path[2..] : "body";
            return wrong.Message.Contains("could not be mapped", StringComparison.Ordinal)
                ? Problems.InvalidParameters.With($"{field} is no setting of a queue. See GET of the same address for all of them.")
                : Problems.InvalidParameters.With($"{field} has a value of the wrong type or none of the allowed words.");
        }
    }

    /// <summary>The first value out of range, or null.</summary>
    public static Fault? Validate(QueueSettings s) =>
        Range("pushNotificationThresholdMinutes", s.PushNotificationThresholdMinutes, 0, 1_440)
        ?? Range("maxAttempts", s.MaxAttempts, 1, 20)
        ?? Range("retrySeconds.noAnswer", s.RetrySeconds?.NoAnswer, 1, 86_400)
        ?? Range("retrySeconds.busy", s.RetrySeconds?.Busy, 1, 86_400)
        ?? Range("retrySeconds.declined", s.RetrySeconds?.Declined, 1, 86_400)
        ?? Range("retrySeconds.machine", s.RetrySeconds?.Machine, 1, 86_400)
        ?? Range("retrySeconds.trunkError", s.RetrySeconds?.TrunkError, 1, 86_400)
        ?? Range("maxTimeInQueueSeconds", s.MaxTimeInQueueSeconds, 1, 2_592_000)
        ?? Range("readyTimeoutSeconds", s.ReadyTimeoutSeconds, 1, 86_400)
        ?? Range("inFlightCap", s.InFlightCap, 1, 10_000)
        ?? Range("unknownOutcomeHoldSeconds", s.UnknownOutcomeHoldSeconds, 1, 86_400)
        ?? Range("attemptLeaseSeconds", s.AttemptLeaseSeconds, 1, 3_600)
        ?? Range("maxProcessingSeconds", s.MaxProcessingSeconds, 1, 86_400)
        ?? Range("priority", s.Priority, -100, 100)
        ?? Range("prioritySeconds", s.PrioritySeconds, 0, 3_600)
        ?? Range("priorityLimitSeconds", s.PriorityLimitSeconds, 0, 86_400)
        ?? Range("maxReschedules", s.MaxReschedules, 1, 20)
        ?? BusinessHoursRules.Judge(s.Capacity)
        ?? (s.BusinessHours is null ? null : BusinessHoursRules.Judge(s.BusinessHours))
        ?? (s is { RescheduleOnPurge: true, BusinessHours: null }
            ? Problems.InvalidParameters.With("rescheduleOnPurge needs businessHours: a queue that is always open has no next opening.")
            : null)
        ?? Text("callInGroup", s.CallInGroup, 64)
        ?? Text("callerId", s.CallerId, 64)
        ?? Text("routePoint", s.RoutePoint, 255)
        ?? Text("surveyRoutePoint", s.SurveyRoutePoint, 255)
        ?? NumberRules.Validate(s)
        ?? Form("region", s.Region, RegionForm(), "two capital letters such as US")
        ?? Form("language", s.Language, LanguageForm(), "a language and a region such as en-US")
        ?? PerEvent("presentationByEvent", s.PresentationByEvent, _ => null)
        ?? PerEvent("timeToLiveSeconds", s.TimeToLiveSeconds, seconds => Range("timeToLiveSeconds", seconds, 1, 2_419_200))
        ?? (s is { Type: QueueType.UserOriginated, CallInGroup: null }
            ? Problems.InvalidParameters.With("callInGroup is needed where type is USERORIGINATED: it says where customers call in.")
            : null);

    private static void Overlay(JsonObject target, JsonElement patch)
    {
        foreach (var field in patch.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null) target.Remove(field.Name);
            else if (field.Value.ValueKind == JsonValueKind.Object && target[field.Name] is JsonObject inner) Overlay(inner, field.Value);
            else target[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        }
    }

    private static Fault? Range(string field, int? value, int least, int most) =>
        value is { } given && given >= least && given <= most ? null : Problems.InvalidParameters.With($"{field} must be a whole number from {least} to {most}.");

    private static Fault? Text(string field, string? value, int most) =>
        value is null || (value.Length > 0 && value.Length <= most) ? null : Problems.InvalidParameters.With($"{field} must have 1 to {most} characters.");

    private static Fault? Form(string field, string? value, Regex form, string words) =>
        value is not null && form.IsMatch(value) ? null : Problems.InvalidParameters.With($"{field} must be {words}.");

    private static Fault? PerEvent<T>(string field, IReadOnlyDictionary<string, T>? values, Func<T, Fault?> check)
    {
        foreach (var (name, value) in values ?? new Dictionary<string, T>())
        {
            if (!PushEvents.All.Contains(name)) return Problems.InvalidParameters.With($"{field} names an unknown event. The events are {string.Join(", ", PushEvents.All)}.");
            if (check(value) is { } fault) return fault;
        }
        return null;
    }

    [GeneratedRegex("^[A-Z]{2}$", RegexOptions.CultureInvariant)]
    private static partial Regex RegionForm();

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z]{2})?$", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageForm();
}
