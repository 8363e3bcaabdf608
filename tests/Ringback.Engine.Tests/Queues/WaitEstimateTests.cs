using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Queues;

/// <summary>D3: the three modes and what is unknown.</summary>
public sealed class WaitEstimateTests
{
    private static readonly DateTimeOffset noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(EwtMode.Mode2, 5, 240.0, 13, 624)]
    [InlineData(EwtMode.Mode2, 1, 240.0, 1, 240)]
    [InlineData(EwtMode.Mode2, 3, 100.0, 1, 33)]
    public void Mode2_is_places_times_handling_by_agents(EwtMode mode, int agents, double handling, int position, int seconds)
    {
        var live = new LiveState { AgentsLoggedIn = agents, MeanHandlingSeconds = handling, ReportedAt = noon };
        Assert.Equal(seconds, WaitEstimate.Of(live, mode, 0).WholeSecondsAt(position));
    }

    [Fact]
    public void Mode1_is_places_times_the_mean_gap_of_the_last_departures()
    {
        var live = new LiveState { ReportedAt = noon, RecentDepartures = [noon, noon.AddSeconds(10), noon.AddSeconds(40)] };
        Assert.Equal(60, WaitEstimate.Of(live, EwtMode.Mode1, 0).WholeSecondsAt(3));
    }

    [Fact]
    public void Mode3_scales_the_reported_wait_of_a_new_arrival_to_the_position()
    {
        var live = new LiveState { ReportedAt = noon, ReportedEwtSeconds = 600, InteractionsWaiting = 4 };
        Assert.Equal(600, WaitEstimate.Of(live, EwtMode.Mode3, callbacksInLine: 5).WholeSecondsAt(10));
        Assert.Equal(120, WaitEstimate.Of(live, EwtMode.Mode3, callbacksInLine: 5).WholeSecondsAt(2));
    }

    [Theory]
    [InlineData(EwtMode.Mode1, 5, 240.0, -1)]
    [InlineData(EwtMode.Mode2, 0, 240.0, -2)]
    [InlineData(EwtMode.Mode2, 5, 0.0, -1)]
    [InlineData(EwtMode.Mode3, 5, 240.0, -1)]
    public void What_cannot_be_known_is_minus_one_with_its_reason(EwtMode mode, int agents, double handling, int code)
    {
        var estimate = WaitEstimate.Of(new LiveState { AgentsLoggedIn = agents, MeanHandlingSeconds = handling, ReportedAt = noon }, mode, 0);
        Assert.Equal(code, estimate.ResultCode);
        Assert.Equal(-1, estimate.WholeSecondsAt(7));
        Assert.Equal(0, estimate.PositionsBelow(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public void Before_the_first_report_nothing_is_known() =>
        Assert.Equal(new WaitEstimate(null, 1, -1), WaitEstimate.Of(new LiveState(), EwtMode.Mode2, 0));

    [Fact]
    public void A_queue_that_empties_in_no_time_is_below_every_threshold_but_the_one_that_is_off()
    {
        var estimate = new WaitEstimate(0, 1, 0);
        Assert.Equal(double.PositiveInfinity, estimate.PositionsBelow(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, estimate.PositionsBelow(TimeSpan.Zero));
    }
}
