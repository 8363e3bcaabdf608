namespace Ringback.Engine;

/// <summary>What the whole program does with a <see cref="TimeProvider"/>.</summary>
public static class Clock
{
    /// <summary>The service key of our clock. The frameworks keep their own, so that a test can hold ours still.</summary>
    public const string ServiceKey = "ringback";

    /// <summary>The instant in UTC, cut to whole microseconds: what a database gives back is then equal to what memory holds.</summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <summary>Microseconds since 1970 in UTC, the form in which instants are stored.</summary>
    public static long ToMicroseconds(this DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The instant that <see cref="ToMicroseconds"/> turned into a number.</summary>
    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}

/// <summary>The one form in which instants stand in our JSON and in pushes.</summary>
public static class WireTime
{
    /// <summary><c>yyyy-MM-ddTHH:mm:ss.fffZ</c>: milliseconds and an offset, which both published clients can read.</summary>
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
