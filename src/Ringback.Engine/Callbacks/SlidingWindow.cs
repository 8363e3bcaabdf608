namespace Ringback.Engine.Callbacks;

/// <summary>Instants of the last while, so that at most so many come within any span of that length. Not safe for concurrent use.</summary>
/// <param name="span">The length.</param>
internal sealed class SlidingWindow(TimeSpan span)
{
    private readonly Queue<DateTimeOffset> times = new();

    /// <summary>Notes an instant, not before those noted so far.</summary>
    public void Add(DateTimeOffset at) => times.Enqueue(at);

    /// <summary>Forgets what is over, and says whether nothing is left.</summary>
    public bool IsEmptyAt(DateTimeOffset now)
    {
        while (times.TryPeek(out var oldest) && oldest <= now - span) times.Dequeue();
        return times.Count == 0;
    }

    /// <summary>How long it takes until one more is within a limit; null = it is so now.</summary>
    /// <param name="most">The limit; 0 = none.</param>
    /// <param name="now">The present instant.</param>
    public TimeSpan? WaitFor(int most, DateTimeOffset now)
    {
        if (IsEmptyAt(now) || most == 0 || times.Count < most) return null;
        // One beyond the limit stands in the way for each that a lower limit has left over.
        return times.ElementAt(times.Count - most) + span - now;
    }
}
