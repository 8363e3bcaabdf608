using CsCheck;
using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

/// <summary>ARCHITECTURE.md: the retry schedule is pure and keeps Google's floors.</summary>
public sealed class RetryScheduleTests
{
    [Fact]
    public void The_services_own_wish_is_never_undercut() =>
        Gen.Select(Gen.Int[1, 50], Gen.Bool, Gen.Int[0, 100_000], Gen.Double[0, 1]).Sample((attempts, throttled, seconds, dice) =>
            RetrySchedule.Delay(attempts, throttled, TimeSpan.FromSeconds(seconds), dice) >= TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Without_a_wish_the_floor_holds_and_five_minutes_of_jitter_are_the_most() =>
        Gen.Select(Gen.Int[1, 5_000], Gen.Bool, Gen.Double[0, 1]).Sample((attempts, throttled, dice) =>
        {
            var delay = RetrySchedule.Delay(attempts, throttled, null, dice);
            var floor = TimeSpan.FromSeconds(throttled ? 60 : 10);
            return delay >= floor && delay <= floor + TimeSpan.FromMinutes(5);
        });

    [Fact]
    public void The_random_part_doubles_with_each_try()
    {
        var delays = Enumerable.Range(1, 4).Select(n => RetrySchedule.Delay(n, false, null, 1).TotalSeconds);
        Assert.Equal([20, 30, 50, 90], delays);
    }
}
