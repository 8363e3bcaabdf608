using System.Collections;
using System.Globalization;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Server.Callbacks.Admin;

/// <summary>Puts timeline entries into words (rule D10). A kind that this version has no words for is shown as it is.</summary>
internal static class TimelineText
{
    private static readonly Dictionary<string, string> reasons = new(StringComparer.Ordinal)
    {
        ["LOW_AT_CREATE"] = "the wait was below the threshold already as the request arrived",
        ["NO_TIME_BEFORE_CLOSING"] = "by the present wait the queue would close before the request reaches the front",
        ["NO_TIME_BEFORE_PURGE"] = "by the present wait the request would be purged before it reaches the front",
    };

    public static bool IsPush(TimelineEntry entry) => entry.Kind.StartsWith("push.", StringComparison.Ordinal);

    public static string Title(TimelineEntry entry) => entry.Kind switch
    {
        "created" => "Request accepted",
        "arrived" => "Desired time reached, takes its place in line",
        "rescheduled" => Text(entry, "reason") == "CUSTOMER" ? "Moved to another time at the customer's wish" : "Moved to another opening instead of being purged",
        "slot.moved" => "The slot of the desired time was full: moved to the next free one",
        "returned" => "Back at its place in line",
        "ready" => "At the front: the customer may call in",
        "ready.expired" => "The customer did not call in in time",
        "callin.given" => "Call-in data given out",
        "callin.matched" => "The customer's call came in",
        "attempt.started" => "Attempt started",
        "attempt.extended" => "Attempt given more time",
        "attempt.outcome" => "Outcome of the attempt reported",
        "attempt.unknown" => "No outcome reported in time: needs attention",
        "confirmed" => "The customer confirmed",
        "snoozed" => "Passed over for a while at the customer's wish",
        "targets.replaced" => "The app gave other push targets",
        "cancelled.by_supervisor" => "Cancelled by a supervisor",
        "purged.by_supervisor" => "Purged by a supervisor",
        "completed" => "Over",
        _ => IsPush(entry) ? PushTitle(entry) : entry.Kind,
    };

    public static string PushTitle(TimelineEntry entry) => entry.Kind switch
    {
        "push.decided" => "Push decided",
        "push.suppressed" => "Push not sent",
        "push.accepted" => "Firebase accepted the push",
        "push.retrying" when entry.Detail.TryGetValue("code", out var code) && Equals(code, DeliveryPauses.Code) => "Push held: deliveries are paused",
        "push.retrying" => "Push not through yet, will be tried again",
        "push.expired" => "Push given up: its time to live passed",
        "push.cancelled" => "Push withdrawn: a later event made it pointless",
        "push.target_dead" => "Firebase does not know the target any more",
        "push.target_suspect" => "Firebase did not take the target, which may live all the same",
        "push.target_foreign" => "The target belongs to another Firebase project",
        "push.rejected" => "Firebase rejected the push",
        _ => entry.Kind,
    };

    public static string CssClass(TimelineEntry entry) => entry.Kind switch
    {
        "push.accepted" => "good",
        "push.rejected" or "push.expired" or "push.target_dead" or "push.target_suspect" or "push.target_foreign" or "attempt.unknown" or "ready.expired" => "bad",
        "push.suppressed" or "push.cancelled" or "push.retrying" => "quiet",
        _ => "",
    };

    /// <summary>The figures of the decision, in words where we have any.</summary>
    public static IEnumerable<(string Name, string Value)> Details(TimelineEntry entry) =>
        entry.Detail.Where(pair => pair.Value is not null).Select(pair => (Name(pair.Key), Value(pair.Key, pair.Value)));

    public static string? Text(TimelineEntry entry, string name) => entry.Detail.TryGetValue(name, out var value) && value is not null ? Value(name, value) : null;

    private static string Name(string name) => name switch
    {
        "waitSeconds" => "estimated wait",
        "ewtMode" => "estimated by",
        "attemptId" => "attempt id",
        "leaseEndsAt" => "lease ends",
        "agentsReady" => "agents ready",
        "endsAt" => "ends",
        "expiresAt" => "expires",
        "heldUntil" => "held until",
        "callInId" => "call-in id",
        "callbacksAhead" => "callbacks ahead",
        "liveAhead" => "live interactions ahead",
        "inLine" => "in line",
        "waitedSeconds" => "waited",
        "inFlight" => "in flight",
        "purgeAt" => "is purged at",
        "closesAt" => "closes at",
        "code" => "answer",
        "sentAgain" => "sent again by hand, number",
        _ => name,
    };

    private static string Value(string name, object? value) => (name, value) switch
    {
        ("reason", string reason) => reasons.TryGetValue(reason, out var words) ? $"{words} ({reason})" : reason,
        ("waitSeconds" or "waitedSeconds" or "thresholdSeconds", IConvertible seconds) when TryInt(seconds, out var whole) => PageText.Wait(whole),
        (_, DateTimeOffset at) => PageText.Time(at),
        (_, string text) when text.Length >= 20 && DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ss.fff'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => PageText.Time(at),
        (_, string text) => text,
        (_, bool flag) => flag ? "yes" : "no",
        (_, IEnumerable list) => string.Join(", ", list.Cast<object?>()),
        (_, IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    private static bool TryInt(IConvertible value, out int whole)
    {
        try
        {
            whole = value.ToInt32(CultureInfo.InvariantCulture);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            whole = 0;
            return false;
        }
    }
}
