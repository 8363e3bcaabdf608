using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Ringback.Engine.Queues.Calendar;

/// <summary>
/// Business hours as instants (rule D8). A wall-clock time that a change to summer time skips becomes the instant of that change; of one that comes twice, the
/// first opens and the last closes, so that the queue is open whenever the clock on the wall says so. Openings that touch are one.
/// Immutable but for a memo, and safe for concurrent use.
/// </summary>
public sealed class OpeningCalendar
{
    /// <summary>How far a calendar looks, in days and in both directions.</summary>
    public const int HorizonDays = 400;

    private static readonly Opening always = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    private readonly DayInterval[][] week;
    private readonly Dictionary<LocalDate, DayInterval[]> dates = [];
    private readonly bool alwaysOpen;
    private Opening? memo;

    private OpeningCalendar()
    {
        (Zone, week, alwaysOpen, memo) = (DateTimeZone.Utc, [], true, always);
    }

    private OpeningCalendar(BusinessHours hours)
    {
        Zone = DateTimeZoneProviders.Tzdb[hours.TimeZone];
        week = [.. hours.Weekly.Days().Select(Read)];
        foreach (var holiday in hours.Holidays) dates[DateOf(holiday.Date)] = [];
        foreach (var exception in hours.Exceptions) dates[DateOf(exception.Date)] = Read(exception.Open);
    }

    /// <summary>The calendar of a queue without business hours.</summary>
    public static OpeningCalendar AlwaysOpen { get; } = new();

    /// <summary>The zone of the wall clock; UTC where there are no business hours.</summary>
    internal DateTimeZone Zone { get; }

    /// <summary>The calendar of hours that <see cref="BusinessHoursRules"/> has passed; null = always open.</summary>
    public static OpeningCalendar Of(BusinessHours? hours) => hours is null ? AlwaysOpen : new OpeningCalendar(hours);

    /// <summary>Whether the queue is open at an instant.</summary>
    public bool IsOpen(DateTimeOffset at) => NextOpening(at)?.Contains(at) == true;

    /// <summary>The opening that contains the instant, or else the first one after it; null where there is none within the horizon.</summary>
    public Opening? NextOpening(DateTimeOffset at)
    {
        // Most questions are about the opening that the last one was about.
        if (memo is { } known && known.Contains(at)) return known;
        if (Openings(at).FirstOrDefault() is not { } next) return null;
        return memo = next;
    }

    /// <summary>The openings that end after an instant, in order, as far as the horizon. Lazy: the first ones cost little.</summary>
    public IEnumerable<Opening> Openings(DateTimeOffset from)
    {
        if (alwaysOpen)
        {
            yield return always;
            yield break;
        }
        var today = Instant.FromDateTimeOffset(from).InZone(Zone).Date;
        var last = today.PlusDays(HorizonDays);
        Opening? open = null;
        foreach (var next in Between(DayWithGapBefore(today).PlusDays(-2), last))
        {
            if (open is null || next.Start > open.End)
            {
                if (open is not null && open.End > from) yield return open;
                open = next;
            }
            else if (next.End > open.End) open = open with { End = next.End };
        }
        if (open is null || open.End <= from) yield break;
        yield return open.End >= At(last.PlusDays(1), 0, last: true) ? open with { End = DateTimeOffset.MaxValue } : open;
    }

    private static DayInterval[] Read(IReadOnlyList<string> intervals) => [.. intervals.Select(i => DayInterval.TryRead(i)!.Value).OrderBy(i => i.Start)];

    private static LocalDate DateOf(string text) => LocalDatePattern.Iso.Parse(text).Value;

    /// <summary>The last day before today that is not open all day long: whatever is open today has begun after its gap.</summary>
    private LocalDate DayWithGapBefore(LocalDate today)
    {
        var day = today.PlusDays(-1);
        while (day > today.PlusDays(-HorizonDays) && IsOpenAllDay(day)) day = day.PlusDays(-1);
        return day;
    }

    private bool IsOpenAllDay(LocalDate day)
    {
        var (openUntil, midnight) = (At(day, 0, last: false), At(day.PlusDays(1), 0, last: true));
        // An interval lasts two days at the most.
        foreach (var opening in Between(day.PlusDays(-2), day))
        {
            if (opening.Start <= openUntil && opening.End > openUntil) openUntil = opening.End;
        }
        return openUntil >= midnight;
    }

    /// <summary>What begins on the dates from the first to the last, in order of its start, not yet joined.</summary>
    private IEnumerable<Opening> Between(LocalDate first, LocalDate last)
    {
        for (var date = first; date <= last; date = date.PlusDays(1))
        {
            foreach (var opening in On(date)) yield return opening;
        }
    }

    /// <summary>What begins on a date.</summary>
    private IEnumerable<Opening> On(LocalDate date)
    {
        var intervals = dates.TryGetValue(date, out var own) ? own : week[(int)date.DayOfWeek - 1];
        return intervals.Select(i => new Opening(At(date, i.Start, last: false), At(date, i.End, last: true))).Where(o => o.Start < o.End);
    }

    private DateTimeOffset At(LocalDate date, int minutes, bool last)
    {
        var mapping = Zone.MapLocal(date.AtMidnight().PlusMinutes(minutes));
        var instant = mapping.Count switch
        {
            0 => mapping.LateInterval.Start,
            1 => mapping.Single().ToInstant(),
            _ => (last ? mapping.Last() : mapping.First()).ToInstant(),
        };
        return instant.ToDateTimeOffset();
    }
}
