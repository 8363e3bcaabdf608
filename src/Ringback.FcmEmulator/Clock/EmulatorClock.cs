namespace Ringback.FcmEmulator.Clock;

/// <summary>
/// The clock of everything that the emulator decides and writes down: the one it was built with, moved by an offset. Waits are measured by
/// the clock underneath, so that moving the date neither cuts a latency short nor stretches it.
/// </summary>
internal sealed class EmulatorClock(TimeProvider underneath) : TimeProvider
{
    /// <summary>Far enough for every expiry that there is, and no date arithmetic overflows.</summary>
    public static readonly TimeSpan MaxOffset = TimeSpan.FromDays(3650);

    private long _offsetTicks;
    private volatile bool _hidesOffset;

    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    /// <summary>Answers carry the date of the clock underneath, as behind a proxy that writes its own: a sender cannot learn how wrong its clock is.</summary>
    public bool HidesOffset
    {
        get => _hidesOffset;
        set => _hidesOffset = value;
    }

    public override TimeZoneInfo LocalTimeZone => underneath.LocalTimeZone;

    public override long TimestampFrequency => underneath.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => underneath.GetUtcNow() + Offset;

    /// <summary>The time for the <c>Date</c> header.</summary>
    public DateTimeOffset GetDate() => HidesOffset ? underneath.GetUtcNow() : GetUtcNow();

    public override long GetTimestamp() => underneath.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => underneath.CreateTimer(callback, state, dueTime, period);
}
