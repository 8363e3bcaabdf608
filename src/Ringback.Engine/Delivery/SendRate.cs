namespace Ringback.Engine.Delivery;

/// <summary>
/// How fast one credential may send: a bucket that fills at the push service's quota. After an idle minute it begins at a tenth and reaches the whole within the
/// ramp-up, as Google asks senders to; where the service pushes back it is halved and recovers within a minute. Not thread-safe; every instant comes in.
/// </summary>
public sealed class SendRate
{
    /// <summary>Share of the quota that a ramp-up begins with.</summary>
    public const double FirstShare = 0.1;

    /// <summary>The least share that being pushed back leaves: enough to notice that the service takes messages again.</summary>
    public const double LeastShare = 1d / 64;

    /// <summary>Share of answers of a second from which the service is held to push back. Below, single devices or front ends are in trouble, not the sender.</summary>
    private const double pushBackShare = 0.1;

    private static readonly TimeSpan window = TimeSpan.FromSeconds(1), recovery = TimeSpan.FromMinutes(1), idle = TimeSpan.FromMinutes(1);

    private readonly double quota;
    private readonly TimeSpan rampUp;
    private double tokens, share = 1;
    private DateTimeOffset? filledAt;
    private DateTimeOffset takenAt, rampFrom, windowFrom;
    private int answers, pushedBack;

    /// <summary>A bucket of a credential that has been idle.</summary>
    /// <param name="perMinute">The service's quota: messages a minute, at least 1.</param>
    /// <param name="rampUp">How long from a tenth to the whole; zero for no ramp-up.</param>
    public SendRate(int perMinute, TimeSpan rampUp)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perMinute, 1);
        (quota, this.rampUp) = (perMinute / 60d, rampUp);
    }

    /// <summary>Messages a second at present.</summary>
    public double PerSecond(DateTimeOffset now)
    {
        Fill(now);
        return Rate(now);
    }

    /// <summary>Takes the right to send one message; false where it must wait until <see cref="NextAt"/>.</summary>
    public bool TryTake(DateTimeOffset now)
    {
        Fill(now);
        if (tokens < 1) return false;
        tokens--;
        takenAt = now;
        return true;
    }

    /// <summary>When there will be a right to send one message, if nothing else happens.</summary>
    public DateTimeOffset NextAt(DateTimeOffset now)
    {
        Fill(now);
        // A microsecond more than the division says: what is lost to rounding must not leave the bucket short of one.
        return tokens >= 1 ? now : now + TimeSpan.FromSeconds((1 - tokens) / Rate(now)) + TimeSpan.FromMicroseconds(1);
    }

    /// <summary>Notes an answer of the service.</summary>
    /// <param name="now">When it came.</param>
    /// <param name="isPushBack">Whether it said <i>too much</i> or <i>not now</i>.</param>
    public void Answered(DateTimeOffset now, bool isPushBack)
    {
        Judge(now);
        answers++;
        if (isPushBack) pushedBack++;
    }

    private double Rate(DateTimeOffset at) => quota * Math.Min(share, Ramp(at));

    private double Ramp(DateTimeOffset at) =>
        rampUp <= TimeSpan.Zero ? 1 : Math.Min(1, FirstShare + ((1 - FirstShare) * Math.Max(0, (at - rampFrom) / rampUp)));

    private void Fill(DateTimeOffset now)
    {
        if (filledAt is null || (now - takenAt >= idle && tokens >= 1))
        {
            rampFrom = now;
            if (filledAt is null) tokens = double.MaxValue;
        }
        Judge(now);
        if (filledAt is { } before && now > before)
        {
            share = Math.Min(1, share + ((now - before) / recovery));
            tokens += (now - before).TotalSeconds * Rate(now);
        }
        // What was not used is lost after a second: the quota is one of the minute, and a burst of it all at once is what the ramp-up is to prevent.
        tokens = Math.Min(tokens, Math.Max(1, Rate(now)));
        if (filledAt is null || now > filledAt) filledAt = now;
    }

    /// <summary>Judges by whole seconds, so that the one answer that happens to come first decides nothing.</summary>
    private void Judge(DateTimeOffset now)
    {
        if (now - windowFrom < window) return;
        if (pushedBack > answers * pushBackShare) share = Math.Max(LeastShare, share / 2);
        (answers, pushedBack, windowFrom) = (0, 0, now);
    }
}
