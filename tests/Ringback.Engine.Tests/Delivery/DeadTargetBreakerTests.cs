using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

public sealed class DeadTargetBreakerTests
{
    private static readonly DateTimeOffset start = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(30, 19, 0, false)] // Too few to say anything.
    [InlineData(30, 20, 0, true)]
    [InlineData(30, 20, 46, true)]
    [InlineData(30, 20, 47, false)] // 20 of 67 are less than 30 %.
    [InlineData(30, 300, 700, false)] // As many as the share is not more.
    [InlineData(30, 301, 700, true)]
    [InlineData(100, 1_000, 0, false)] // 100: never.
    [InlineData(1, 20, 1_000, true)]
    public void It_holds_from_more_than_a_share_of_a_minutes_answers(int percent, int dead, int alive, bool holds)
    {
        var breaker = new DeadTargetBreaker(percent);
        for (var i = 0; i < alive; i++) breaker.Note(start, isDead: false);
        for (var i = 0; i < dead; i++) breaker.Note(start, isDead: true);
        Assert.Equal(holds, breaker.Holds(start));
    }

    [Fact]
    public void It_says_once_that_it_holds_and_lets_go_by_itself_after_a_minute()
    {
        var breaker = new DeadTargetBreaker(30);
        Assert.Equal(1, Enumerable.Range(0, 40).Count(i => breaker.Note(start.AddSeconds(i / 10d), isDead: true)));
        Assert.True(breaker.Holds(start.AddSeconds(50)));
        Assert.False(breaker.Holds(start.AddSeconds(70)));
        Assert.True(Enumerable.Range(0, 40).Count(i => breaker.Note(start.AddSeconds(80), isDead: true)) == 1);
    }

    [Fact]
    public void A_slot_of_long_ago_is_not_counted_again()
    {
        var breaker = new DeadTargetBreaker(30);
        for (var i = 0; i < 40; i++) breaker.Note(start, isDead: true);
        Assert.False(breaker.Holds(start.AddSeconds(60)));
        Assert.False(breaker.Note(start.AddMinutes(2), isDead: true));
        Assert.False(breaker.Holds(start.AddMinutes(2)));
    }
}
