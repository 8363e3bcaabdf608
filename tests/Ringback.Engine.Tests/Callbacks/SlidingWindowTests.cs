using CsCheck;
using Ringback.Engine.Callbacks;
using Xunit;

namespace Ringback.Engine.Tests.Callbacks;

public sealed class SlidingWindowTests
{
    private static readonly DateTimeOffset start = DateTimeOffset.UnixEpoch;
    private static readonly TimeSpan span = TimeSpan.FromSeconds(10);

    [Fact]
    public void D9_it_says_what_a_plain_list_of_all_instants_says() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5], Gen.Bool).Array[0, 60].Sample(steps =>
        {
            var window = new SlidingWindow(span);
            var all = new List<DateTimeOffset>();
            var now = start;
            foreach (var (seconds, most, isAdd) in steps)
            {
                now += TimeSpan.FromSeconds(seconds);
                if (isAdd)
                {
                    window.Add(now);
                    all.Add(now);
                }
                if (window.WaitFor(most, now) != WaitFor(all, most, now)) return false;
                if (window.IsEmptyAt(now) != !all.Exists(at => at > now - span)) return false;
            }
            return true;
        });

    /// <summary>The least wait after which fewer than <paramref name="most"/> of them are left.</summary>
    private static TimeSpan? WaitFor(List<DateTimeOffset> all, int most, DateTimeOffset now)
    {
        if (most == 0 || all.Count(at => at > now - span) < most) return null;
        return all.Where(at => at > now - span).Select(at => at + span - now).First(wait => all.Count(at => at > now + wait - span) < most);
    }
}
