using Ringback.Engine.Notifications;
using Xunit;

namespace Ringback.Engine.Tests.Notifications;

/// <summary>B1 to B3 as a table.</summary>
public sealed class NotificationRulesTests
{
    private static readonly DateTimeOffset noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(299.9, 5, 3_600, 3_600, UpcomingVerdict.Send)]
    [InlineData(300.0, 5, 3_600, 3_600, UpcomingVerdict.NotYet)] // The comparison is strict.
    [InlineData(0.0, 5, 3_600, 3_600, UpcomingVerdict.Send)]
    [InlineData(0.0, 0, 3_600, 3_600, UpcomingVerdict.NotYet)] // 0 = off.
    [InlineData(null, 5, 3_600, 3_600, UpcomingVerdict.NotYet)] // Unknown never triggers.
    [InlineData(200.0, 5, 200, 3_600, UpcomingVerdict.PurgedFirst)]
    [InlineData(199.0, 5, 200, 3_600, UpcomingVerdict.Send)]
    [InlineData(400.0, 5, 200, 3_600, UpcomingVerdict.NotYet)]
    [InlineData(200.0, 5, 3_600, 200, UpcomingVerdict.ClosedFirst)]
    [InlineData(199.0, 5, 3_600, 200, UpcomingVerdict.Send)]
    [InlineData(400.0, 5, 3_600, 200, UpcomingVerdict.NotYet)]
    [InlineData(250.0, 5, 100, 200, UpcomingVerdict.PurgedFirst)] // Both stand in the way: the first one counts.
    [InlineData(250.0, 5, 200, 100, UpcomingVerdict.ClosedFirst)]
    public void Upcoming_is_judged_by_wait_threshold_and_time_left(double? wait, int thresholdMinutes, int secondsToPurge, int secondsToClosing, UpcomingVerdict verdict) =>
        Assert.Equal(verdict, NotificationRules.Upcoming(wait, TimeSpan.FromMinutes(thresholdMinutes), noon, noon.AddSeconds(secondsToPurge), noon.AddSeconds(secondsToClosing)));
}
