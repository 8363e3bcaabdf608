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

    [Fact]
    public void Every_event_has_a_text_in_every_language_and_no_placeholder_is_left()
    {
        foreach (var name in PushEvents.All)
        {
            foreach (var language in (string[])["en-US", "de-DE", "xx-XX"])
            {
                var (title, body) = NotificationText.Of(name, language, "{minutes}", TimeSpan.FromSeconds(61));
                Assert.DoesNotContain("{queue}", title + body, StringComparison.Ordinal);
                // The queue's own name is not a template, whatever it looks like.
                if (name is not PushEvents.CallIn) Assert.Contains("{minutes}", body, StringComparison.Ordinal);
            }
        }
        Assert.Contains("within 2 min", NotificationText.Of(PushEvents.Upcoming, "en", "q", TimeSpan.FromSeconds(61)).Body, StringComparison.Ordinal);
    }
}
