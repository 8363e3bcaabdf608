using CsCheck;
using NodaTime;
using Ringback.Engine.Queues.Calendar;
using Xunit;

namespace Ringback.Engine.Tests.Queues.Calendar;

/// <summary>Whatever the hours, the zone and the time of the year (rule D8).</summary>
public sealed class OpeningCalendarPropertyTests
{
    private static readonly string[] zones =
        ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "America/St_Johns", "Africa/Cairo", "Pacific/Apia"];

    private static readonly int[] lengths = [5, 15, 30, 60, 90, 240, 1_440];

    private static readonly DateTimeOffset year = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Up to two intervals a day, of which the second may pass midnight but never reaches the first one of the next day.</summary>
    private static readonly Gen<IReadOnlyList<string>> day =
        Gen.Select(Gen.Int[0, 3], Gen.Int[4, 11], Gen.Int[12, 18], Gen.Int[18, 23], Gen.Int[24, 28], Gen.Int[0, 3], (kind, a, b, c, d, quarter) =>
            kind == 0 ? (IReadOnlyList<string>)[]
            : kind == 1 ? [$"{a:00}:{quarter * 15:00}-{b:00}:45"]
            : kind == 2 ? [$"{c:00}:00-{d:00}:00"]
            : [$"{a:00}:{quarter * 15:00}-{b:00}:00", $"{b:00}:00-{d:00}:00"]);

    private static readonly Gen<BusinessHours> hours =
        Gen.Select(Gen.Int[0, zones.Length - 1].Select(i => zones[i]), day.Array[7], Gen.Int[0, 364].Array[0, 6], Gen.Select(Gen.Int[0, 364], day).Array[0, 6], (zone, week, holidays, exceptions) => new BusinessHours
        {
            TimeZone = zone,
            Weekly = new WeeklyHours { Monday = week[0], Tuesday = week[1], Wednesday = week[2], Thursday = week[3], Friday = week[4], Saturday = week[5], Sunday = week[6] },
            Holidays = [.. holidays.Distinct().Select(n => new Holiday { Date = Date(n) })],
            Exceptions = [.. exceptions.DistinctBy(e => e.Item1).Where(e => !holidays.Contains(e.Item1)).Select(e => new DateHours { Date = Date(e.Item1), Open = e.Item2 })],
        });

    /// <summary>Days of the year on which one of the zones changes its clocks.</summary>
    private static readonly int[] changes = [45, 66, 80, 87, 94, 113, 276, 297, 302, 304];

    private static readonly Gen<DateTimeOffset> instants = Gen.Select(Gen.Int[0, 365 * 24 * 60], Gen.Int[0, changes.Length], Gen.Int[-2 * 24 * 60, 24 * 60],
        (minute, change, near) => year.AddMinutes(change == changes.Length ? minute : (changes[change] * 24 * 60) + near));

    [Fact, Trait("Rule", "D8")]
    public void The_generated_hours_are_ones_that_the_settings_take() =>
        hours.Sample(h => Assert.Empty(BusinessHoursRules.MistakesOf(h)), iter: 200);

    [Fact, Trait("Rule", "D8")]
    public void It_is_open_exactly_within_its_openings() => Gen.Select(hours, instants).Sample((h, from) =>
    {
        var calendar = OpeningCalendar.Of(h);
        var openings = calendar.Openings(from).TakeWhile(o => o.Start < from.AddDays(2)).ToList();
        for (var at = from; at < from.AddDays(2); at = at.AddMinutes(15))
            Assert.Equal(openings.Exists(o => o.Contains(at)), OpeningCalendar.Of(h).IsOpen(at));
    }, iter: 60);

    [Fact, Trait("Rule", "D8")]
    public void It_is_open_when_the_clock_on_the_wall_says_so_and_else_closed_but_for_the_hour_that_comes_twice() =>
        Gen.Select(hours, instants).Sample((h, from) =>
        {
            var calendar = OpeningCalendar.Of(h);
            for (var at = from; at < from.AddDays(3); at = at.AddMinutes(15))
            {
                var (byWall, twice) = ByWall(h, at);
                var open = calendar.IsOpen(at);
                Assert.True(open || !byWall, $"{at:u} is closed although the clock says open");
                Assert.True(!open || byWall || twice, $"{at:u} is open although the clock says closed");
            }
        }, iter: 60);

    [Fact, Trait("Rule", "D8")]
    public void The_next_opening_is_the_first_and_openings_stand_apart_in_order() => Gen.Select(hours, instants, Gen.Int[0, 10_000]).Sample((h, at, part) =>
    {
        var calendar = OpeningCalendar.Of(h);
        var openings = calendar.Openings(at).Take(12).ToList();
        Assert.Equal(openings.FirstOrDefault(), calendar.NextOpening(at));
        Assert.All(openings, o => Assert.True(o.Start < o.End && o.End > at));
        for (var i = 1; i < openings.Count; i++) Assert.True(openings[i - 1].End < openings[i].Start);
        if (openings is not [var first, ..] || first.Start <= at) return;
        Assert.False(OpeningCalendar.Of(h).IsOpen(at + ((first.Start - at) * part / 10_001)));
        Assert.False(OpeningCalendar.Of(h).IsOpen(first.Start.AddTicks(-1)));
        Assert.True(OpeningCalendar.Of(h).IsOpen(first.Start));
    }, iter: 300);

    [Fact, Trait("Rule", "D8")]
    public void Open_seconds_add_up_however_the_time_is_cut() => Gen.Select(hours, instants, Gen.Int[1, 200], Gen.Int[1, 200]).Sample((h, from, one, other) =>
    {
        var (middle, to) = (from.AddMinutes(one * 37), from.AddMinutes((one + other) * 37));
        Assert.Equal(Open(h, from, to), Open(h, from, middle) + Open(h, middle, to));
        var minutes = 0;
        var calendar = OpeningCalendar.Of(h);
        for (var at = from; at < middle; at = at.AddMinutes(1)) minutes += calendar.IsOpen(at) ? 1 : 0;
        Assert.Equal(Open(h, from, middle), minutes * 60.0);
    }, iter: 40);

    [Fact, Trait("Rule", "D8")]
    public void Each_open_instant_belongs_to_one_slot_and_slots_fill_the_openings() =>
        Gen.Select(hours, instants, Gen.Int[0, lengths.Length - 1].Select(i => lengths[i])).Sample((h, from, length) =>
        {
            var calendar = OpeningCalendar.Of(h);
            var grid = new SlotGrid(calendar, length);
            var until = from;
            foreach (var slot in grid.From(from).TakeWhile(s => s.Start < from.AddDays(2)))
            {
                Assert.True(slot.Start < slot.End && slot.End - slot.Start <= TimeSpan.FromMinutes(length) && slot.End > from);
                Assert.True(slot.Start >= until || slot.Start < from, "slots overlap");
                if (slot.Start > until) Assert.False(calendar.IsOpen(slot.Start.AddTicks(-1)), "a slot is missing");
                var inside = slot.Start + ((slot.End - slot.Start) / 3);
                Assert.Equal((slot, slot, slot), (grid.SlotAt(slot.Start)!.Value, grid.SlotAt(inside)!.Value, grid.SlotAt(slot.End.AddTicks(-1))!.Value));
                until = slot.End;
            }
        }, iter: 100);

    private static double Open(BusinessHours hours, DateTimeOffset from, DateTimeOffset to) =>
        OpeningCalendar.Of(hours).Openings(from).TakeWhile(o => o.Start < to).Sum(o => ((o.End < to ? o.End : to) - (o.Start > from ? o.Start : from)).TotalSeconds);

    private static string Date(int dayOfYear) => year.AddDays(dayOfYear).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What a person reads off clock and sign; and whether the clock shows times of an hour that comes twice, or showed them less than two hours ago.</summary>
    private static (bool Open, bool Twice) ByWall(BusinessHours hours, DateTimeOffset at)
    {
        var zone = DateTimeZoneProviders.Tzdb[hours.TimeZone];
        var local = Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
        var minute = (local.Hour * 60) + local.Minute;
        var open = On(hours, local.Date).Any(i => i.Start <= minute && minute < i.End)
            || On(hours, local.Date.PlusDays(-1)).Any(i => i.Start <= minute + 1_440 && minute + 1_440 < i.End);
        var interval = zone.GetZoneInterval(Instant.FromDateTimeOffset(at));
        var near = Duration.FromHours(2);
        var twice = (interval.HasStart && Instant.FromDateTimeOffset(at) - interval.Start < near) || (interval.HasEnd && interval.End - Instant.FromDateTimeOffset(at) < near);
        return (open, twice);
    }

    private static IEnumerable<DayInterval> On(BusinessHours hours, LocalDate date)
    {
        var text = $"{date.Year:0000}-{date.Month:00}-{date.Day:00}";
        if (hours.Holidays.Any(h => h.Date == text)) return [];
        var intervals = hours.Exceptions.FirstOrDefault(e => e.Date == text)?.Open ?? hours.Weekly.Days()[(int)date.DayOfWeek - 1];
        return intervals.Select(i => DayInterval.TryRead(i)!.Value);
    }
}
