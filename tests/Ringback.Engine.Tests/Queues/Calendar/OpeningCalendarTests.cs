using System.Globalization;
using Ringback.Engine.Queues.Calendar;
using Xunit;

namespace Ringback.Engine.Tests.Queues.Calendar;

/// <summary>Business hours as instants in zones whose clocks change in different ways (rule D8).</summary>
public sealed class OpeningCalendarTests
{
    /// <summary>Intervals of every day · instant of the question · the opening that holds it or follows it, all in UTC.</summary>
    [Theory, Trait("Rule", "D8")]
    // New York: 8 March 2026 jumps from 02:00 to 03:00, 1 November falls from 02:00 to 01:00.
    [InlineData("America/New_York", "09:00-17:00", "2026-03-07T12:00", "2026-03-07T14:00", "2026-03-07T22:00")]
    [InlineData("America/New_York", "09:00-17:00", "2026-03-08T12:00", "2026-03-08T13:00", "2026-03-08T21:00")]
    [InlineData("America/New_York", "02:30-10:00", "2026-03-08T00:00", "2026-03-08T07:00", "2026-03-08T14:00")]
    [InlineData("America/New_York", "01:00-02:30", "2026-03-08T00:00", "2026-03-08T06:00", "2026-03-08T07:00")]
    [InlineData("America/New_York", "02:15-02:45", "2026-03-08T00:00", "2026-03-09T06:15", "2026-03-09T06:45")]
    [InlineData("America/New_York", "00:00-01:30", "2026-11-01T00:00", "2026-11-01T04:00", "2026-11-01T06:30")]
    [InlineData("America/New_York", "01:30-03:00", "2026-11-01T00:00", "2026-11-01T05:30", "2026-11-01T08:00")]
    [InlineData("America/New_York", "22:00-26:00", "2026-10-31T12:00", "2026-11-01T02:00", "2026-11-01T07:00")]
    // Berlin: 29 March 2026 jumps from 02:00 to 03:00, 25 October falls from 03:00 to 02:00.
    [InlineData("Europe/Berlin", "09:00-17:00", "2026-03-28T00:00", "2026-03-28T08:00", "2026-03-28T16:00")]
    [InlineData("Europe/Berlin", "09:00-17:00", "2026-03-29T00:00", "2026-03-29T07:00", "2026-03-29T15:00")]
    [InlineData("Europe/Berlin", "22:00-26:30", "2026-03-28T12:00", "2026-03-28T21:00", "2026-03-29T01:00")]
    [InlineData("Europe/Berlin", "22:00-26:30", "2026-10-24T12:00", "2026-10-24T20:00", "2026-10-25T01:30")]
    [InlineData("Europe/Berlin", "02:00-03:00", "2026-10-25T00:00", "2026-10-25T00:00", "2026-10-25T02:00")]
    // Lord Howe: half an hour. 5 April 2026 falls from 02:00 to 01:30, 4 October jumps from 02:00 to 02:30.
    [InlineData("Australia/Lord_Howe", "01:00-03:00", "2026-04-04T12:00", "2026-04-04T14:00", "2026-04-04T16:30")]
    [InlineData("Australia/Lord_Howe", "01:45-02:15", "2026-04-04T12:00", "2026-04-04T14:45", "2026-04-04T15:45")]
    [InlineData("Australia/Lord_Howe", "01:00-03:00", "2026-10-03T12:00", "2026-10-03T14:30", "2026-10-03T16:00")]
    [InlineData("Australia/Lord_Howe", "02:15-03:00", "2026-10-03T12:00", "2026-10-03T15:30", "2026-10-03T16:00")]
    // Casablanca is an hour ahead but for Ramadan, 15 February to 22 March 2026. Kolkata never changes.
    [InlineData("Africa/Casablanca", "09:00-17:00", "2026-02-14T00:00", "2026-02-14T08:00", "2026-02-14T16:00")]
    [InlineData("Africa/Casablanca", "09:00-17:00", "2026-02-15T04:00", "2026-02-15T09:00", "2026-02-15T17:00")]
    [InlineData("Africa/Casablanca", "09:00-17:00", "2026-03-22T04:00", "2026-03-22T08:00", "2026-03-22T16:00")]
    [InlineData("Asia/Kolkata", "09:30-18:00", "2026-03-29T00:00", "2026-03-29T04:00", "2026-03-29T12:30")]
    // Within, at the edges, several a day, and touching ones.
    [InlineData("UTC", "09:00-17:00", "2026-03-02T16:59", "2026-03-02T09:00", "2026-03-02T17:00")]
    [InlineData("UTC", "09:00-17:00", "2026-03-02T09:00", "2026-03-02T09:00", "2026-03-02T17:00")]
    [InlineData("UTC", "09:00-17:00", "2026-03-02T17:00", "2026-03-03T09:00", "2026-03-03T17:00")]
    [InlineData("UTC", "09:00-12:00,13:00-17:00", "2026-03-02T12:00", "2026-03-02T13:00", "2026-03-02T17:00")]
    [InlineData("UTC", "13:00-17:00,09:00-13:00", "2026-03-02T00:00", "2026-03-02T09:00", "2026-03-02T17:00")]
    [InlineData("UTC", "22:00-30:00", "2026-03-02T03:00", "2026-03-01T22:00", "2026-03-02T06:00")]
    public void An_opening_begins_and_ends_by_the_clock_on_the_wall(string zone, string everyDay, string at, string start, string end) =>
        Assert.Equal(new Opening(Utc(start), Utc(end)), OpeningCalendar.Of(EveryDay(zone, everyDay)).NextOpening(Utc(at)));

    /// <summary>Open 08:00 to 20:00 and Saturdays till two at night, closed on a Sunday, 25 December 2026 (a Friday), and short on the 24th.</summary>
    [Theory, Trait("Rule", "D8")]
    [InlineData("America/New_York", "2026-12-24T12:00", "2026-12-24T13:00", "2026-12-24T17:00")]
    [InlineData("America/New_York", "2026-12-24T17:00", "2026-12-26T13:00", "2026-12-27T07:00")]
    [InlineData("America/New_York", "2026-12-27T08:00", "2026-12-28T13:00", "2026-12-29T01:00")]
    [InlineData("Europe/Berlin", "2026-12-24T00:00", "2026-12-24T07:00", "2026-12-24T11:00")]
    [InlineData("Europe/Berlin", "2026-12-24T11:00", "2026-12-26T07:00", "2026-12-27T01:00")]
    [InlineData("Europe/Berlin", "2026-12-27T00:59", "2026-12-26T07:00", "2026-12-27T01:00")]
    [InlineData("Australia/Lord_Howe", "2026-12-23T12:00", "2026-12-23T21:00", "2026-12-24T01:00")]
    [InlineData("Australia/Lord_Howe", "2026-12-24T01:00", "2026-12-25T21:00", "2026-12-26T15:00")]
    [InlineData("Asia/Kolkata", "2026-12-24T00:00", "2026-12-24T02:30", "2026-12-24T06:30")]
    [InlineData("Asia/Kolkata", "2026-12-24T06:30", "2026-12-26T02:30", "2026-12-26T20:30")]
    public void Holidays_close_a_date_and_exceptions_give_it_hours_of_its_own(string zone, string at, string start, string end)
    {
        string[] day = ["08:00-20:00"];
        var hours = new BusinessHours
        {
            TimeZone = zone,
            Weekly = new WeeklyHours { Monday = day, Tuesday = day, Wednesday = day, Thursday = day, Friday = day, Saturday = ["08:00-26:00"] },
            Holidays = [new Holiday { Date = "2026-12-25", Name = "Christmas Day" }],
            Exceptions = [new DateHours { Date = "2026-12-24", Open = ["08:00-12:00"] }],
        };
        Assert.Equal(new Opening(Utc(start), Utc(end)), OpeningCalendar.Of(hours).NextOpening(Utc(at)));
    }

    /// <summary>Open 09:00 to 17:00 every day but for one on which the clocks change: a holiday, or with hours of its own.</summary>
    [Theory, Trait("Rule", "D8")]
    [InlineData("America/New_York", "2026-03-08", "", "2026-03-08T06:00", "2026-03-09T13:00", "2026-03-09T21:00")]
    [InlineData("America/New_York", "2026-11-01", "01:30-03:00", "2026-11-01T00:00", "2026-11-01T05:30", "2026-11-01T08:00")]
    [InlineData("Europe/Berlin", "2026-03-29", "02:30-04:00", "2026-03-28T20:00", "2026-03-29T01:00", "2026-03-29T02:00")]
    [InlineData("Europe/Berlin", "2026-10-25", "", "2026-10-24T20:00", "2026-10-26T08:00", "2026-10-26T16:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-05", "", "2026-04-04T12:00", "2026-04-05T22:30", "2026-04-06T06:30")]
    [InlineData("Australia/Lord_Howe", "2026-10-04", "01:00-03:00", "2026-10-03T12:00", "2026-10-03T14:30", "2026-10-03T16:00")]
    [InlineData("Africa/Casablanca", "2026-02-15", "01:00-05:00", "2026-02-14T20:00", "2026-02-15T00:00", "2026-02-15T05:00")]
    [InlineData("Africa/Casablanca", "2026-03-22", "", "2026-03-21T20:00", "2026-03-23T08:00", "2026-03-23T16:00")]
    public void A_holiday_or_exception_may_fall_on_the_day_of_a_clock_change(string zone, string date, string open, string at, string start, string end)
    {
        var hours = EveryDay(zone, "09:00-17:00");
        hours = open.Length == 0 ? hours with { Holidays = [new Holiday { Date = date }] } : hours with { Exceptions = [new DateHours { Date = date, Open = [open] }] };
        Assert.Equal(new Opening(Utc(start), Utc(end)), OpeningCalendar.Of(hours).NextOpening(Utc(at)));
    }

    [Fact, Trait("Rule", "D8")]
    public void What_began_on_the_evening_before_a_holiday_runs_to_its_end()
    {
        var hours = EveryDay("Europe/Berlin", "22:00-26:00") with { Holidays = [new Holiday { Date = "2026-12-25" }] };
        var calendar = OpeningCalendar.Of(hours);
        Assert.Equal(new Opening(Utc("2026-12-24T21:00"), Utc("2026-12-25T01:00")), calendar.NextOpening(Utc("2026-12-25T00:30")));
        Assert.Equal(Utc("2026-12-26T21:00"), calendar.NextOpening(Utc("2026-12-25T01:00"))!.Start);
    }

    [Fact, Trait("Rule", "D7")]
    public void Without_hours_or_without_a_gap_it_is_always_open()
    {
        var at = Utc("2026-03-29T00:59");
        Assert.Equal(DateTimeOffset.MaxValue, OpeningCalendar.AlwaysOpen.NextOpening(at)!.End);
        var calendar = OpeningCalendar.Of(EveryDay("Europe/Berlin", "00:00-24:00"));
        Assert.True(calendar.IsOpen(at));
        Assert.Equal(DateTimeOffset.MaxValue, calendar.NextOpening(at)!.End);
        // A single holiday ends it, far ahead.
        var closing = OpeningCalendar.Of(EveryDay("Europe/Berlin", "00:00-24:00") with { Holidays = [new Holiday { Date = "2026-12-25" }] });
        Assert.Equal(Utc("2026-12-24T23:00"), closing.NextOpening(at)!.End);
        Assert.Equal(Utc("2026-12-25T23:00"), closing.NextOpening(Utc("2026-12-24T23:00"))!.Start);
    }

    [Fact, Trait("Rule", "D8")]
    public void A_queue_that_never_opens_has_no_opening()
    {
        var calendar = OpeningCalendar.Of(new BusinessHours { TimeZone = "UTC" });
        Assert.Null(calendar.NextOpening(Utc("2026-03-02T12:00")));
        Assert.False(calendar.IsOpen(Utc("2026-03-02T12:00")));
    }

    internal static BusinessHours EveryDay(string zone, string intervals)
    {
        var day = intervals.Split(',');
        return new BusinessHours
        {
            TimeZone = zone,
            Weekly = new WeeklyHours { Monday = day, Tuesday = day, Wednesday = day, Thursday = day, Friday = day, Saturday = day, Sunday = day },
        };
    }

    internal static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z", CultureInfo.InvariantCulture);
}
