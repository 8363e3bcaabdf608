using CsCheck;
using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

/// <summary>The quota of a credential (fcm.md: 600 000 a minute, ramp up over a minute from idle, slow down on 429).</summary>
public sealed class SendRateTests
{
    private static readonly DateTimeOffset start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private static readonly Gen<(int PerMinute, int RampUp)> buckets = Gen.Select(Gen.Int[1, 5_000], Gen.Int[0, 120]);

    /// <summary>What happens to a bucket: time passes, and then as many sends as given are tried, each answered by a push-back or not.</summary>
    private static readonly Gen<(int Milliseconds, int Tries, bool IsPushBack)[]> steps = Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 400], Gen.Bool).Array[1, 60];

    [Fact]
    public void No_stretch_of_time_has_more_sends_than_the_quota_and_a_second_of_it() => Gen.Select(buckets, steps).Sample((bucket, steps) =>
    {
        var rate = new SendRate(bucket.PerMinute, TimeSpan.FromSeconds(bucket.RampUp));
        var sent = Run(rate, steps);
        var perSecond = bucket.PerMinute / 60d;
        for (var from = 0; from < sent.Count; from += 7)
        {
            for (var to = from; to < sent.Count; to += 11)
                if (to - from + 1 > ((sent[to] - sent[from]).TotalSeconds * perSecond) + Math.Max(1, perSecond) + 1) return false;
        }
        return true;
    }, iter: 300);

    [Fact]
    public void When_it_says_that_it_may_send_again_it_may() => Gen.Select(buckets, steps).Sample((bucket, steps) =>
    {
        var rate = new SendRate(bucket.PerMinute, TimeSpan.FromSeconds(bucket.RampUp));
        Run(rate, steps);
        var now = start.AddDays(1);
        while (rate.TryTake(now))
        {
        }
        var next = rate.NextAt(now);
        return next > now && next <= now + TimeSpan.FromMinutes(64 * 60) && rate.TryTake(next);
    }, iter: 300);

    [Fact]
    public void The_rate_never_leaves_its_bounds() => Gen.Select(buckets, steps).Sample((bucket, steps) =>
    {
        var rate = new SendRate(bucket.PerMinute, TimeSpan.FromSeconds(bucket.RampUp));
        var now = start;
        foreach (var (milliseconds, tries, isPushBack) in steps)
        {
            now = now.AddMilliseconds(milliseconds);
            for (var i = 0; i < tries && rate.TryTake(now); i++) rate.Answered(now, isPushBack);
            var share = rate.PerSecond(now) / (bucket.PerMinute / 60d);
            if (share is < SendRate.LeastShare - 0.000001 or > 1.000001) return false;
        }
        return true;
    }, iter: 300);

    [Fact]
    public void From_idle_it_begins_at_a_tenth_and_reaches_the_whole_within_the_ramp_up()
    {
        var rate = new SendRate(600_000, TimeSpan.FromMinutes(1));
        Assert.Equal(1_000, rate.PerSecond(start));
        Assert.Equal(1_000, Burst(rate, start));
        Assert.Equal(5_500, rate.PerSecond(start.AddSeconds(30)), 0.001);
        Burst(rate, start.AddSeconds(30));
        Assert.Equal(10_000, rate.PerSecond(start.AddSeconds(60)), 0.001);
        Burst(rate, start.AddSeconds(60));
        Assert.Equal(10_000, rate.PerSecond(start.AddSeconds(100)), 0.001);
        Assert.Equal(1_000, rate.PerSecond(start.AddSeconds(120)), 0.001);
    }

    [Fact]
    public void Without_a_ramp_up_the_whole_is_there_at_once() => Assert.Equal(10_000, Burst(new SendRate(600_000, TimeSpan.Zero), start));

    [Fact]
    public void A_service_that_pushes_back_halves_the_rate_once_a_second_and_it_recovers_within_a_minute()
    {
        var rate = new SendRate(60_000, TimeSpan.Zero);
        rate.PerSecond(start);
        for (var i = 0; i < 100; i++) rate.Answered(start, isPushBack: true);
        Assert.Equal(1_000, rate.PerSecond(start.AddMilliseconds(999)));
        Assert.InRange(rate.PerSecond(start.AddMilliseconds(1_000)), 500, 520);
        Assert.Equal(1_000, rate.PerSecond(start.AddSeconds(61)), 0.001);
    }

    [Fact]
    public void A_few_devices_that_are_pushed_back_slow_nobody_down()
    {
        var rate = new SendRate(60_000, TimeSpan.Zero);
        rate.PerSecond(start);
        for (var i = 0; i < 1_000; i++) rate.Answered(start, isPushBack: i % 20 == 0);
        Assert.Equal(1_000, rate.PerSecond(start.AddSeconds(1)));
    }

    private static int Burst(SendRate rate, DateTimeOffset now)
    {
        var sent = 0;
        while (rate.TryTake(now)) sent++;
        return sent;
    }

    private static List<DateTimeOffset> Run(SendRate rate, (int Milliseconds, int Tries, bool IsPushBack)[] steps)
    {
        var now = start;
        var sent = new List<DateTimeOffset>();
        foreach (var (milliseconds, tries, isPushBack) in steps)
        {
            now = now.AddMilliseconds(milliseconds);
            for (var i = 0; i < tries && rate.TryTake(now); i++)
            {
                sent.Add(now);
                rate.Answered(now, isPushBack);
            }
        }
        return sent;
    }
}
