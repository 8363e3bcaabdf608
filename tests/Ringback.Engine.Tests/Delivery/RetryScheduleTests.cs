using CsCheck;
using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

/// <summary>ARCHITECTURE.md: the retry schedule is pure and keeps Google's floors.</summary>
public sealed class RetryScheduleTests
{
    private static readonly TimeSpan ages = TimeSpan.FromDays(1);

    [Fact]
    public void The_services_own_wish_is_never_undercut() =>
        Gen.Select(Gen.Int[1, 50], Gen.Bool, Gen.Int[0, 100_000], Gen.Double[0, 1]).Sample((attempts, throttled, seconds, dice) =>
            RetrySchedule.Delay(attempts, throttled, TimeSpan.FromSeconds(seconds), ages, dice) >= TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_wish_for_now_or_for_a_time_that_has_passed_means_a_second_and_a_longer_one_is_taken_as_it_is() =>
        Gen.Select(Gen.Int[1, 50], Gen.Bool, Gen.Int[-5_000, 5_000], Gen.Double[0, 1]).Sample((attempts, throttled, milliseconds, dice) =>
            RetrySchedule.Delay(attempts, throttled, TimeSpan.FromMilliseconds(milliseconds), ages, dice) == TimeSpan.FromMilliseconds(Math.Max(milliseconds, 1_000)));

    [Fact]
    public void Without_a_wish_the_floor_holds_and_five_minutes_of_jitter_are_the_most() =>
        Gen.Select(Gen.Int[1, 5_000], Gen.Bool, Gen.Double[0, 1]).Sample((attempts, throttled, dice) =>
        {
            var delay = RetrySchedule.Delay(attempts, throttled, null, ages, dice);
            var floor = TimeSpan.FromSeconds(throttled ? 60 : 10);
            return delay >= floor && delay <= floor + TimeSpan.FromMinutes(5);
        });

    [Fact]
    public void The_random_part_doubles_with_each_try()
    {
        var delays = Enumerable.Range(1, 4).Select(n => RetrySchedule.Delay(n, false, null, ages, 1).TotalSeconds);
        Assert.Equal([20, 30, 50, 90], delays);
    }

    [Fact]
    public void What_lives_longer_than_the_floor_is_tried_once_more_before_it_expires() =>
        Gen.Select(Gen.Int[1, 50], Gen.Bool, Gen.Int[1, 600_000], Gen.Double[0, 0.999]).Sample((attempts, throttled, milliseconds, dice) =>
        {
            var floor = TimeSpan.FromSeconds(throttled ? 60 : 10);
            var left = floor + TimeSpan.FromMilliseconds(milliseconds);
            var delay = RetrySchedule.Delay(attempts, throttled, null, left, dice);
            return delay >= floor && delay < left;
        });

    [Fact]
    public void What_lives_no_longer_than_the_floor_is_not_tried_before_it() =>
        Gen.Select(Gen.Int[1, 50], Gen.Bool, Gen.Int[-5_000, 10_000], Gen.Double[0, 1]).Sample((attempts, throttled, milliseconds, dice) =>
            RetrySchedule.Delay(attempts, throttled, null, TimeSpan.FromMilliseconds(milliseconds), dice) >= TimeSpan.FromSeconds(throttled ? 60 : 10));
}
