using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using static System.FormattableString;

namespace Ringback.Engine.Tests.Model;

/// <summary>A story in words.</summary>
internal static class Words
{
    public static string Setting<T>(string name, T value) => value is Enum word
        ? $$"""{"{{name}}":"{{Wire(word)}}"}"""
        : $$"""{"{{name}}":{{JsonSerializer.Serialize(value, JsonSerializerOptions.Web)}}}""";

    public static string Of(QueueSettings s) => Invariant(
        $"{s.Type}, {s.EwtMode}, threshold {s.PushNotificationThresholdMinutes} min, {s.MaxAttempts} attempts, purge after {s.MaxTimeInQueueSeconds} s, cap {s.InFlightCap}, one per number {s.OneActivePerNumber}, {s.MaxCreatesPerNumberPerHour} an hour for a number and {s.MaxCreatesPerMinute} a minute, open {(s.BusinessHours is { } hours ? string.Join(' ', hours.Weekly.Monday) : "always")}, moved {(s.RescheduleOnPurge ? s.MaxReschedules : 0)} times");

    public static string Of(QueueReport r) => Invariant(
        $"report {r.AgentsLoggedIn} agents ({r.AgentsReady} ready), {r.InteractionsWaiting} waiting, {r.Departures} left, {r.MeanHandlingSeconds} s each, outside {r.ReportedEwtSeconds}, of {r.ReportedAt:HH:mm:ss}, id {r.ReportId}");

    public static string Of(OutcomeAnswer a) => Outcome(a.CallbackState, a.CallbackReason, a.NextAttemptAt);

    public static string Outcome(CallbackState state, CompletionReason? reason, DateTimeOffset? next) => Invariant($"{state} {reason} next {next:dd HH:mm:ss.ffffff}");

    public static string Of(Crash crash) => crash switch
    {
        Crash.BeforeCommit => " [crash before the commit]",
        Crash.BeforeAnswer => " [crash between commit and answer]",
        Crash.AfterAnswer => " [crash after the answer]",
        _ => "",
    };

    private static string Wire(Enum word) => word switch
    {
        QueueType.UserTerminated => "USERTERMINATED",
        QueueType.UserOriginated => "USERORIGINATED",
        _ => word.ToString().ToLowerInvariant(),
    };
}

/// <summary>Short names for ids: the third callback of a story is "callback 3".</summary>
internal sealed partial class Names
{
    private readonly Dictionary<string, string> known = [];
    private readonly Dictionary<string, int> counts = [];

    public void Add(Guid id, string kind)
    {
        if (known.ContainsKey(id.ToString())) return;
        counts[kind] = counts.GetValueOrDefault(kind) + 1;
        known[id.ToString()] = string.Create(CultureInfo.InvariantCulture, $"{kind} {counts[kind]}");
    }

    /// <summary>The text with names in place of ids.</summary>
    public string In(string text) => Id().Replace(text, id => known.GetValueOrDefault(id.Value, id.Value));

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
