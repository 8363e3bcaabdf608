using Ringback.Engine.Queues.Calendar;
using Xunit;

namespace Ringback.Engine.Tests.Queues.Calendar;

/// <summary>Where slots begin and end (rule D8).</summary>
public sealed class SlotGridTests
{
    [Theory, Trait("Rule", "D8")]
    [InlineData("Europe/Berlin", "09:15-11:00", 30, "2026-03-02T08:15", "08:15-08:30 08:30-09:00 09:00-09:30 09:30-10:00")]
    [InlineData("Asia/Kolkata", "09:00-11:00", 60, "2026-03-02T03:30", "03:30-04:30 04:30-05:30")]
    [InlineData("UTC", "22:00-26:00", 120, "2026-03-02T23:30", "22:00-00:00 00:00-02:00")]
    // Half an hour comes twice, half an hour is skipped: the slots on both sides are cut there, and those after stand on the full hour again.
    [InlineData("Australia/Lord_Howe", "01:00-04:00", 60, "2026-04-04T14:00", "14:00-15:00 15:00-15:30 15:30-16:30 16:30-17:30")]
    [InlineData("Australia/Lord_Howe", "01:00-04:00", 60, "2026-10-03T14:30", "14:30-15:30 15:30-16:00 16:00-17:00")]
    // An hour comes twice, and both runs have slots of their own.
    [InlineData("America/New_York", "00:00-03:00", 60, "2026-11-01T04:00", "04:00-05:00 05:00-06:00 06:00-07:00 07:00-08:00")]
    public void Slots_stand_where_the_wall_clock_shows_multiples_of_their_length(string zone, string everyDay, int minutes, string from, string slots)
    {
        var grid = new SlotGrid(OpeningCalendar.Of(OpeningCalendarTests.EveryDay(zone, everyDay)), minutes);
        var start = OpeningCalendarTests.Utc(from);
        Assert.Equal(slots, string.Join(' ', grid.From(start).TakeWhile(s => s.Start < start.AddHours(10)).Select(s => $"{s.Start:HH:mm}-{s.End:HH:mm}")));
        Assert.Null(grid.SlotAt(start.AddHours(12)));
    }

    [Fact, Trait("Rule", "D8")]
    public void A_queue_without_hours_has_slots_by_the_clock_of_UTC() =>
        Assert.Equal(new Slot(OpeningCalendarTests.Utc("2026-03-02T10:30"), OpeningCalendarTests.Utc("2026-03-02T10:45")),
            new SlotGrid(OpeningCalendar.AlwaysOpen, 15).SlotAt(OpeningCalendarTests.Utc("2026-03-02T10:44")));
}
