namespace Ringback.Engine.Notifications;

/// <summary>What to do about <c>CALLBACK_UPCOMING</c> at this moment.</summary>
public enum UpcomingVerdict
{
    /// <summary>Not due: the wait is unknown or not below the threshold.</summary>
    NotYet,

    /// <summary>Due, and there is time: decide it now and never again (rule B1).</summary>
    Send,

    /// <summary>Due, but by the present wait the callback would be purged before its turn; judged again later (rule B3).</summary>
    PurgedFirst,

    /// <summary>Due, but by the present wait the queue would close before its turn; judged again later (rule B3).</summary>
    ClosedFirst,
}

/// <summary>Which event is due (rules B1 to B3). Pure: facts in, verdict out.</summary>
public static class NotificationRules
{
    /// <summary>
    /// Whether the wait is below the threshold. The comparison is strict, 0 switches the event off, and an unknown wait is never low.
    /// At the create request a true answer is final: that callback never gets the event (rule B2).
    /// </summary>
    /// <param name="waitSeconds">The wait, or null = unknown.</param>
    /// <param name="threshold">The queue's threshold.</param>
    public static bool IsLow(double? waitSeconds, TimeSpan threshold) => waitSeconds is { } wait && wait < threshold.TotalSeconds;

    /// <summary>The verdict on a callback whose event is still undecided.</summary>
    /// <param name="waitSeconds">The callback's wait, or null = unknown.</param>
    /// <param name="threshold">The queue's threshold.</param>
    /// <param name="now">The instant of the judgement.</param>
    /// <param name="longestAt">When the callback has waited for the longest time that the queue allows.</param>
    /// <param name="closesAt">When the queue closes for it.</param>
    public static UpcomingVerdict Upcoming(double? waitSeconds, TimeSpan threshold, DateTimeOffset now, DateTimeOffset longestAt, DateTimeOffset closesAt)
    {
        // Step 4: the verdict.
        if (!IsLow(waitSeconds, threshold)) return UpcomingVerdict.NotYet;
        var turnAt = now.AddSeconds(waitSeconds!.Value);
        if (turnAt < longestAt && turnAt < closesAt) return UpcomingVerdict.Send;
        return closesAt <= longestAt ? UpcomingVerdict.ClosedFirst : UpcomingVerdict.PurgedFirst;
    }
}
