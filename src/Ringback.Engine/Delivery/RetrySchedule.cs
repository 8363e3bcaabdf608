namespace Ringback.Engine.Delivery;

/// <summary>When a push is sent again. Pure: the dice come in as a number.</summary>
public static class RetrySchedule
{
    /// <summary>Google asks for at least 10 s between tries, and for 60 s after a 429.</summary>
    private static readonly TimeSpan floor = TimeSpan.FromSeconds(10), floorWhenThrottled = TimeSpan.FromSeconds(60);

    /// <summary>"At once" (a wish of 0 s, or a date that has passed) is no pace: without a floor the push would go out with every sweep until it expires.</summary>
    private static readonly TimeSpan shortestWish = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan widestJitter = TimeSpan.FromMinutes(5);

    /// <summary>How long the pushes of a tenant rest after a credential fault. New credentials end the rest at once.</summary>
    public static readonly TimeSpan CredentialRest = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The service's own wish where it gave one, never less, and a second at least; else a floor plus a random part that doubles with each try, up to 5 min. Where the message lives longer than the floor, the
    /// random part ends before it does: nothing expires untried for want of luck.
    /// </summary>
    /// <param name="attempts">Sends made so far, at least 1.</param>
    /// <param name="isThrottled">Whether the answer was 429.</param>
    /// <param name="retryAfter">What the service asked for.</param>
    /// <param name="left">How long the message still lives.</param>
    /// <param name="dice">A random number from 0 to below 1.</param>
    public static TimeSpan Delay(int attempts, bool isThrottled, TimeSpan? retryAfter, TimeSpan left, double dice)
    {
        if (retryAfter is { } wish) return wish > shortestWish ? wish : shortestWish;
        var least = isThrottled ? floorWhenThrottled : floor;
        var doubled = least * Math.Pow(2, Math.Min(attempts - 1, 10));
        var jitter = doubled < widestJitter ? doubled : widestJitter;
        return least + ((left > least && left - least < jitter ? left - least : jitter) * dice);
    }
}
