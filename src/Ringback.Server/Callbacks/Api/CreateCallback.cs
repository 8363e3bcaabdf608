using System.Text.Json;
using System.Text.RegularExpressions;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Callbacks.Api;

/// <summary><c>POST /engagement/v3/callbacks/create</c> (docs/api).</summary>
internal static partial class CreateCallback
{
    private const int MaxTargets = 10;
    private const int MaxAddressBytes = 4_096;

    // Step 1: the request is read and judged; only what passes reaches the queue's owner.
    public static async Task<IResult> HandleAsync(HttpContext http, CallbackService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var request = new CreateRequest
        {
            ServiceName = fields.RequiredText("serviceName", QueueName.MaxLength),
            PhoneNumber = fields.RequiredText("phoneNumber", PhoneNumberReader.MaxLength),
            DesiredTime = fields.Instant("desiredTime"),
            // Any other value than true counts as absent: it was never read before, and apps send all kinds of things.
            AlwaysCheckCapacity = fields.Raw("alwaysCheckCapacity") is { ValueKind: JsonValueKind.True },
            Language = Language(fields),
            Targets = Targets(fields),
            Details = new CallbackDetails
            {
                UserDataJson = UserData(fields),
                RoutePoint = fields.Text("routePoint", 255),
                SurveyRoutePoint = fields.Text("surveyRP", 255),
                Priority = fields.Int("priority", -100, 100),
                ReportingJson = Reporting(fields),
            },
        };
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.CreateAsync(http.Caller().Tenant, request), id => new { id });
    }

    private static string? Language(JsonFields fields)
    {
        var language = fields.Text("language", 20);
        if (language is not null && !LanguageForm().IsMatch(language)) fields.Wrong("language", "must be a language such as en-US");
        return language;
    }

    /// <summary>Both generations of the field; duplicates count once.</summary>
    internal static List<PushTarget> Targets(JsonFields fields)
    {
        var targets = new List<PushTarget>();
        var items = fields.Array("pushTargets", int.MaxValue);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].ValueKind != JsonValueKind.Object)
            {
                fields.Wrong($"pushTargets[{i}]", "must be an object with channel and target");
                break;
            }
            var item = new JsonFields(items[i], $"pushTargets[{i}].");
            Add(targets, item, "channel", "target");
            fields.Take(item.Fault);
        }
        if (fields.Raw("pushChannel") is not null || fields.Raw("pushTarget") is not null) Add(targets, fields, "pushChannel", "pushTarget");
        if (targets.Count > MaxTargets) fields.Wrong("pushTargets", $"must have at most {MaxTargets} different targets");
        return targets;
    }

    private static void Add(List<PushTarget> targets, JsonFields item, string channelField, string targetField)
    {
        var target = Target(item, channelField, targetField);
        if (!targets.Contains(target)) targets.Add(target);
    }

    /// <summary>One target, which must be there.</summary>
    internal static PushTarget Target(JsonFields item, string channelField, string targetField)
    {
        if (item.RequiredText(channelField, 20) is { Length: > 0 } channel && channel != "FCM") item.Wrong(channelField, "must be FCM");
        var address = item.RequiredBytes(targetField, MaxAddressBytes);
        var type = item.Text("targetType", 20);
        if (type is not null and not "token" and not "fid") item.Wrong("targetType", "must be token or fid");
        if (address.Any(char.IsControl) || address.Any(char.IsWhiteSpace)) item.Wrong(targetField, "must not contain spaces or control characters");
        return new PushTarget(type == "fid" ? PushTargetType.Fid : PushTargetType.Token, address);
    }

    /// <summary>Keys that are no JavaScript names are dropped silently, as the contract says.</summary>
    private static string? UserData(JsonFields fields) =>
        fields.Object("userData") is { } data ? UserDataJson(data) : null;

    /// <summary>The usable part of app data as a JSON object.</summary>
    internal static string UserDataJson(JsonElement data) =>
        JsonSerializer.Serialize(data.EnumerateObject().Where(p => JavaScriptName().IsMatch(p.Name)).ToDictionary(p => p.Name, p => p.Value));

    /// <summary>Reporting only: never a reason to refuse. The Java client sends a whole sentence as cbOfferType unless it is set.</summary>
    private static string? Reporting(JsonFields fields)
    {
        var reporting = new Dictionary<string, string>();
        foreach (var name in (string[])["inboundVQ", "channel", "cbOriginationIxnId"])
        {
            if (fields.Loose(name, 255) is { } text) reporting[name] = text;
        }
        if (fields.Loose("cbOfferType", 255) is "ASAP" or "SCHEDULED" or "COMBINED_SCHEDULED_AND_ASAP") reporting["cbOfferType"] = fields.Loose("cbOfferType", 255)!;
        if (fields.Loose("offerTiming", 20) is "OFF-HOURS" or "ON-HOURS") reporting["offerTiming"] = fields.Loose("offerTiming", 20)!;
        if (fields.Raw("offerThreshold") is { ValueKind: JsonValueKind.Number } threshold) reporting["offerThreshold"] = threshold.GetRawText();
        return reporting.Count > 0 ? JsonSerializer.Serialize(reporting) : null;
    }

    [GeneratedRegex("^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageForm();

    [GeneratedRegex(@"^[\p{L}_$][\p{L}\p{Nd}_$]*$", RegexOptions.CultureInvariant)]
    private static partial Regex JavaScriptName();
}
