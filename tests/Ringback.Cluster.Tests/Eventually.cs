using System.Diagnostics;
using Xunit;

namespace Ringback.Cluster.Tests;

/// <summary>Waits for what happens by itself on other threads: asks again and again until a deadline of real time, never for a fixed time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < deadline, "The condition did not come true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
