namespace Ringback.Engine.Callbacks;

/// <summary>Instants of the last while, so that at most so many come within any span of that length. Not safe for concurrent use.</summary>
/// <param name="span">The length.</param>
internal sealed class SlidingWindow(TimeSpan span)
{
    // Of a million numbers nearly all have one instant: only the others need a queue.
    private DateTimeOffset? oldest;
    private Queue<DateTimeOffset>? later;

    private int Count => oldest is null ? 0 : 1 + (later?.Count ?? 0);

    /// <summary>Notes an instant, not before those noted so far.</summary>
    public void Add(DateTimeOffset at)
    {
        if (oldest is null) oldest = at;
        else (later ??= new()).Enqueue(at);
    }

    /// <summary>Forgets what is over, and says whether nothing is left.</summary>
    public bool IsEmptyAt(DateTimeOffset now)
    {
        while (oldest <= now - span) oldest = later is not null && later.TryDequeue(out var next) ? next : null;
        return oldest is null;
    }

    /// <summary>How long it takes until one more is within a limit; null = it is so now.</summary>
    /// <param name="most">The limit; 0 = none.</param>
    /// <param name="now">The present instant.</param>
    public TimeSpan? WaitFor(int most, DateTimeOffset now)
    {
        if (IsEmptyAt(now) || most == 0 || Count < most) return null;
        // One beyond the limit stands in the way for each that a lower limit has left over.
        var inTheWay = Count - most;
        return (inTheWay == 0 ? oldest!.Value : later!.ElementAt(inTheWay - 1)) + span - now;
    }
}
