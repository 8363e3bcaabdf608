using CsCheck;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Queues;

/// <summary>D2 and D4: what reports do to the live side of a queue.</summary>
public sealed class LiveStateTests
{
    private static readonly DateTimeOffset noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Later_live_calls_never_push_a_callback_back() =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 5]).List[1, 40].Sample(reports =>
        {
            var live = new LiveState().After(Report(waiting: 12), noon);
            var ticket = live.TicketForArrival;
            var before = live.LiveAhead(ticket);
            var departed = 0;
            foreach (var (arrived, left) in reports)
            {
                // A consistent switch: nobody leaves who was not there.
                var leaving = Math.Min(left, live.InteractionsWaiting);
                departed += leaving;
                live = live.After(Report(waiting: live.InteractionsWaiting - leaving + arrived, departures: leaving), noon);
                var now = live.LiveAhead(ticket);
                if (now > before || now != Math.Clamp(12 - departed, 0, live.InteractionsWaiting)) return false;
                before = now;
            }
            return true;
        });

    [Fact]
    public void The_same_report_id_is_applied_once()
    {
        var once = new LiveState().After(Report(departures: 3, id: "r1"), noon);
        Assert.Same(once, once.After(Report(departures: 3, id: "r1"), noon.AddSeconds(5)));
        Assert.Equal(6, once.After(Report(departures: 3, id: "r2"), noon.AddSeconds(5)).DeparturesTotal);
    }

    [Fact]
    public void A_report_that_is_older_than_the_last_one_is_ignored()
    {
        var present = new LiveState().After(Report(waiting: 4, at: noon), noon);
        Assert.Same(present, present.After(Report(waiting: 9, at: noon.AddSeconds(-1)), noon.AddSeconds(2)));
        Assert.Equal(9, present.After(Report(waiting: 9, at: noon), noon).InteractionsWaiting);
    }

    [Fact]
    public void Departures_are_spread_over_the_time_since_the_report_before_and_only_the_last_32_are_kept()
    {
        var live = new LiveState().After(Report(), noon).After(Report(departures: 4), noon.AddSeconds(40));
        Assert.Equal([10, 20, 30, 40], live.RecentDepartures.Select(d => (d - noon).TotalSeconds));
        var later = live.After(Report(departures: 1_000), noon.AddSeconds(1_040));
        Assert.Equal(LiveState.DeparturesKept, later.RecentDepartures.Count);
        Assert.Equal(1_009, (later.RecentDepartures[0] - noon).TotalSeconds);
        Assert.Equal(1_040, (later.RecentDepartures[^1] - noon).TotalSeconds);
    }

    private static QueueReport Report(int waiting = 0, int departures = 0, string? id = null, DateTimeOffset? at = null) => new()
    {
        AgentsLoggedIn = 1,
        AgentsReady = 0,
        InteractionsWaiting = waiting,
        MeanHandlingSeconds = 60,
        Departures = departures,
        ReportId = id,
        ReportedAt = at,
    };
}
