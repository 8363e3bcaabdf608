namespace Ringback.TestKit;

/// <summary>
/// Waits for a condition, never for a length of time. What the server does with a fake clock it still does in real time on other threads, so the
/// deadline, and it alone, goes by the real clock. A test that passes never comes near it.
/// </summary>
public static class Eventually
{
    /// <summary>After this much real time a condition counts as never fulfilled.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly TimeProvider realClock = TimeProvider.System;
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Looks until there is something.</summary>
    /// <param name="look">Gives null as long as there is nothing.</param>
    /// <param name="what">What is waited for; stands in the failure.</param>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> look, string what) where T : class
    {
        T? found = null;
        return await TryAsync(async () => (found = await look()) is not null, Deadline) ? found! : throw new TimeoutException($"Waited {Deadline.TotalSeconds} s for {what}.");
    }

    /// <summary>Looks until the condition holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> look, string what)
    {
        if (!await TryAsync(look, Deadline)) throw new TimeoutException($"Waited {Deadline.TotalSeconds} s for {what}.");
    }

    /// <summary>The task's result, if it ends before the deadline.</summary>
    public static Task<T> EndsAsync<T>(Task<T> task) => task.WaitAsync(Deadline, realClock);

    /// <summary>Gives a task that waits for the fake clock a moment to go on; false where it has not ended by then.</summary>
    public static Task<bool> TryStepAsync(Task task) => TryAsync(() => Task.FromResult(task.IsCompleted), TimeSpan.FromMilliseconds(100));

    /// <summary>Looks until the condition holds; false where it did not within <paramref name="patience"/>.</summary>
    /// <param name="look">The condition.</param>
    /// <param name="patience">How long to look.</param>
    /// <param name="between">How long to wait between two looks; some milliseconds where not given.</param>
    internal static async Task<bool> TryAsync(Func<Task<bool>> look, TimeSpan patience, TimeSpan? between = null)
    {
        var start = realClock.GetTimestamp();
        while (!await look())
        {
            if (realClock.GetElapsedTime(start) > patience) return false;
            await Task.Delay(between ?? pause, realClock);
        }
        return true;
    }

    /// <summary>Lets other threads run for a moment.</summary>
    internal static Task YieldAsync() => Task.Delay(pause, realClock);
}
