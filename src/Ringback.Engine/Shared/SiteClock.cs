namespace Ringback.Engine;

/// <summary>
/// The clock that several machines share: local monotonic time, counted from a reading of the database's clock. Until there is a reading, and where the
/// database is on this machine, it is the machine's own clock. Timers are always the machine's.
/// </summary>
/// <param name="machine">The clock of this machine.</param>
public sealed class SiteClock(TimeProvider machine) : TimeProvider
{
    /// <summary>A machine whose own clock is further off than this is not ready: its logs mislead, and whatever made it wrong is still at work.</summary>
    public static readonly TimeSpan MostOff = TimeSpan.FromSeconds(2);

    private Reading? reading;
    private long last;

    /// <summary>How far the machine's own clock is ahead of the database's; null where there was no reading.</summary>
    public TimeSpan? MachineIsAheadBy => Volatile.Read(ref reading) is { } known ? machine.GetUtcNow() - Counted(known) : null;

    /// <inheritdoc/>
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    /// <summary>Counts from this reading on.</summary>
    /// <param name="at">What the other clock said.</param>
    /// <param name="askedAt">Timestamp from before it was asked.</param>
    /// <param name="answeredAt">Timestamp from after it answered; it is taken to have looked half way between.</param>
    public void Follow(DateTimeOffset at, long askedAt, long answeredAt) => Volatile.Write(ref reading, new Reading(at, askedAt + ((answeredAt - askedAt) / 2)));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        if (Volatile.Read(ref reading) is not { } known) return machine.GetUtcNow();
        var now = Counted(known).UtcTicks;
        while (true)
        {
            // A new reading differs by the jitter of the network; nobody is to see time run backwards for that. A clock that was really set back is followed.
            var before = Volatile.Read(ref last);
            if (now <= before && before - now < MostOff.Ticks) return new DateTimeOffset(before, TimeSpan.Zero);
            if (Interlocked.CompareExchange(ref last, now, before) == before) return new DateTimeOffset(now, TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => machine.CreateTimer(callback, state, dueTime, period);

    private DateTimeOffset Counted(Reading known) => known.At + machine.GetElapsedTime(known.Timestamp);

    private sealed record Reading(DateTimeOffset At, long Timestamp);
}
