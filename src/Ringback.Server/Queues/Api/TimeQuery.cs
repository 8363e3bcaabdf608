using System.Globalization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Server.Queues.Api;

/// <summary>
/// Reads times from a query string and remembers the first thing that was wrong, by the name of its parameter. An empty parameter counts as absent. Without
/// <c>timezone</c> times are UTC.
/// </summary>
internal sealed class TimeQuery
{
    private static readonly TimeSpan furthest = CallbackService.FurthestDesiredTime;

    private readonly IQueryCollection query;
    private readonly DateTimeOffset now;

    public TimeQuery(IQueryCollection query, DateTimeOffset now)
    {
        (this.query, this.now) = (query, now);
        if (Text("timezone") is not { } id) return;
        if (CallTimeZone.Find(id) is { } zone) Zone = zone;
        else Refuse("timezone", "must be the IANA name of a time zone, such as Europe/Berlin");
    }

    /// <summary>The first mistake, or null.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>The zone of <c>timezone</c>.</summary>
    public CallTimeZone Zone { get; } = CallTimeZone.Utc;

    /// <summary>From <c>start</c> or <c>startMS</c>, else now, to <c>end</c>, <c>endMS</c> or so many days later, else to the same instant.</summary>
    public (DateTimeOffset From, DateTimeOffset To) Range()
    {
        var from = Instant("start", "startMS") ?? now;
        var end = Instant("end", "endMS");
        var days = Int("numberOfDays", 1, AvailabilityService.MostDays);
        if (end is not null && days is not null) Refuse("numberOfDays", "and an end exclude each other. Send one of them");
        var to = end ?? (days is { } count ? Zone.PlusDays(from, count) : from);
        if (to < from) Refuse(query.ContainsKey("endMS") ? "endMS" : "end", "must not be before the start");
        if (to - from > TimeSpan.FromDays(AvailabilityService.MostDays + 1)) Refuse(query.ContainsKey("endMS") ? "endMS" : "end", $"must be at most {AvailabilityService.MostDays} days after the start");
        return (from, to);
    }

    /// <summary>An instant as ISO 8601, or under the other name in milliseconds since 1970; null where neither is there.</summary>
    public DateTimeOffset? Instant(string name, string millisecondsName)
    {
        var (text, milliseconds) = (Text(name), Text(millisecondsName));
        if (text is not null && milliseconds is not null) return Refuse(millisecondsName, $"and {name} exclude each other. Send one of them");
        if (text is not null) return Within(name, Zone.Read(text) ?? Refuse(name, "must be a time such as 2026-11-23T10:15:30.000Z, or without the Z where timezone is given"));
        if (milliseconds is null) return null;
        return long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var since) && since <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? Within(millisecondsName, DateTimeOffset.FromUnixTimeMilliseconds(since))
            : Refuse(millisecondsName, "must be the milliseconds since 1970");
    }

    /// <summary>A whole number within a range.</summary>
    public int? Int(string name, int least, int most)
    {
        if (Text(name) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Refuse(name, $"must be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>True or false; absent is false.</summary>
    public bool Flag(string name)
    {
        switch (Text(name)?.ToLowerInvariant())
        {
            case "true":
                return true;
            case null or "false":
                return false;
            default:
                Refuse(name, "must be true or false");
                return false;
        }
    }

    private string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private DateTimeOffset? Within(string name, DateTimeOffset? at) =>
        at is { } given && (given - now).Duration() > furthest ? Refuse(name, "must be within a year of now") : at;

    private DateTimeOffset? Refuse(string name, string what)
    {
        Fault ??= Problems.InvalidParameters.With($"{name} {what}.");
        return null;
    }
}
