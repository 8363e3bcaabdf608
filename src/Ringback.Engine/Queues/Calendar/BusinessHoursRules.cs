using NodaTime;
using NodaTime.Text;

namespace Ringback.Engine.Queues.Calendar;

/// <summary>Judges business hours and capacity as somebody wrote them; every mistake names the place and says what to do.</summary>
internal static class BusinessHoursRules
{
    private const int MostIntervals = 10;
    private const int MostDates = 400;
    private const int LongestName = 100;

    private static readonly string[] dayNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// <summary>What is wrong with the hours: the first mistake of the zone, of the week, and of the dates.</summary>
    public static IEnumerable<FieldMistake> MistakesOf(BusinessHours hours)
    {
        if (JudgeZone(hours.TimeZone) is { } zone) yield return zone;
        if (JudgeWeek(hours.Weekly.Days()) is { } week) yield return week;
        var dates = JudgeDates("businessHours.holidays", hours.Holidays, h => h?.Date, h => h?.Name)
            ?? JudgeDates("businessHours.exceptions", hours.Exceptions, e => e?.Date, e => e?.Name)
            ?? JudgeExceptions(hours);
        if (dates is not null) yield return dates;
    }

    /// <summary>Whether slots of that length fill the day.</summary>
    public static bool IsSlotLength(int minutes) => minutes >= 5 && DayInterval.MinutesOfDay % minutes == 0;

    private static FieldMistake? JudgeZone(string id) =>
        DateTimeZoneProviders.Tzdb.Ids.Contains(id) ? null : Wrong("businessHours.timeZone", "must be the IANA name of a time zone, such as Europe/Berlin or America/New_York");

    private static FieldMistake? JudgeWeek(IReadOnlyList<string>[] days)
    {
        var read = new List<DayInterval>[days.Length];
        for (var day = 0; day < days.Length; day++)
        {
            if (Read($"businessHours.weekly.{dayNames[day]}", days[day], out read[day]) is { } mistake) return mistake;
        }
        for (var day = 0; day < days.Length; day++)
        {
            var next = (day + 1) % days.Length;
            if (read[day] is [.., var last] && read[next] is [var first, ..] && last.End - DayInterval.MinutesOfDay > first.Start)
                return Wrong($"businessHours.weekly.{dayNames[day]}", $"overlaps the next day: {last} runs into {first} of {dayNames[next]}");
        }
        return null;
    }

    private static FieldMistake? JudgeExceptions(BusinessHours hours)
    {
        for (var i = 0; i < hours.Exceptions.Count; i++)
        {
            if (Read($"businessHours.exceptions[{i}].open", hours.Exceptions[i].Open, out _) is { } mistake) return mistake;
        }
        var both = hours.Holidays.Select(h => h.Date).Intersect(hours.Exceptions.Select(e => e.Date), StringComparer.Ordinal).FirstOrDefault();
        return both is null ? null : Wrong("businessHours.exceptions", $"has the date {both}, which is a holiday too. Keep one of them");
    }

    private static FieldMistake? JudgeDates<T>(string field, IReadOnlyList<T> items, Func<T, string?> date, Func<T, string?> name)
    {
        if (items.Count > MostDates) return Wrong(field, $"must have at most {MostDates} dates");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (date(items[i]) is not { } text || !LocalDatePattern.Iso.Parse(text).Success) return Wrong($"{field}[{i}].date", "must be a date such as 2026-12-25");
            if (!seen.Add(text)) return Wrong($"{field}[{i}].date", $"repeats {text}. A date may stand here once");
            if (name(items[i]) is { } given && given.Length is 0 or > LongestName) return Wrong($"{field}[{i}].name", $"must have 1 to {LongestName} characters");
        }
        return null;
    }

    /// <summary>The intervals of a day in order.</summary>
    private static FieldMistake? Read(string field, IReadOnlyList<string> texts, out List<DayInterval> intervals)
    {
        intervals = [];
        if (texts.Count > MostIntervals) return Wrong(field, $"must have at most {MostIntervals} intervals");
        for (var i = 0; i < texts.Count; i++)
        {
            if (DayInterval.TryRead(texts[i]) is not { } interval)
                return Wrong($"{field}[{i}]", "must be an interval of the 24-hour clock such as 09:00-17:30; its end may go up to 48:00");
            if (interval.End <= interval.Start)
                return Wrong($"{field}[{i}]", $"ends before it starts: {interval}. An opening that passes midnight counts on: 22:00-26:00 closes at two in the morning");
            intervals.Add(interval);
        }
        intervals.Sort((one, other) => one.Start.CompareTo(other.Start));
        for (var i = 1; i < intervals.Count; i++)
        {
            if (intervals[i].Start < intervals[i - 1].End) return Wrong(field, $"overlaps itself: {intervals[i - 1]} and {intervals[i]}");
        }
        return null;
    }

    private static FieldMistake Wrong(string field, string what) => new(field, what);
}
