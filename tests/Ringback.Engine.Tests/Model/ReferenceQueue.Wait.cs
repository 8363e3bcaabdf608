using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Tests.Model;

/// <summary>A wait as a fraction of whole numbers, so that "below" is exact.</summary>
internal readonly record struct Wait(double Numerator, double Denominator)
{
    public double Seconds => Numerator / Denominator;

    public bool IsBelow(double seconds) => Numerator < seconds * Denominator;
}

/// <content>Rank, wait and UPCOMING (rules B1 to B3, D2, D3).</content>
internal sealed partial class ReferenceQueue
{
    private int LiveNow => reports.Count == 0 ? 0 : reports[^1].Report.InteractionsWaiting;

    /// <summary>Callbacks ahead: those that stand in line with an earlier place. Equal places are told apart by the id, which carries the time of create.</summary>
    public int Ahead(ReferenceCallback callback) => callbacks.Count(other => other.Stands && other != callback && IsBefore(other, callback));

    /// <summary>D2: those waiting when it arrived that have not left since, of those that wait now. One that is yet to arrive has all of them ahead.</summary>
    public int LiveAhead(ReferenceCallback callback)
    {
        if (callback.State == CallbackState.Scheduled) return LiveNow;
        var then = callback.ReportsAtArrival == 0 ? 0 : reports[callback.ReportsAtArrival - 1].Report.InteractionsWaiting;
        var departed = reports.Skip(callback.ReportsAtArrival).Sum(r => r.Report.Departures);
        return Math.Clamp(then - departed, 0, LiveNow);
    }

    public int Position(ReferenceCallback callback) => 1 + Ahead(callback) + LiveAhead(callback);

    /// <summary>What retrieve shows: position and wait in whole seconds.</summary>
    public (int Position, int Wait)? Standing(ReferenceCallback callback, DateTimeOffset now)
    {
        switch (callback.State)
        {
            case CallbackState.Queued:
                var wait = Whole(WaitAt(Position(callback), Settings.EwtMode));
                var pause = callback.PausedUntil is { } until ? (int)Math.Ceiling((until - now).TotalSeconds) : 0;
                return (Position(callback), wait < 0 ? wait : Math.Max(wait, pause));
            case CallbackState.Routing or CallbackState.Processing:
                return (1, 0);
            default:
                return null;
        }
    }

    private static bool IsBefore(ReferenceCallback one, ReferenceCallback other) =>
        one.Place != other.Place ? one.Place < other.Place : string.CompareOrdinal(one.Id.ToString(), other.Id.ToString()) < 0;

    /// <summary>D3; null = unknown.</summary>
    private Wait? WaitAt(int position, EwtMode mode)
    {
        var last = reports.Count == 0 ? null : reports[^1].Report;
        switch (mode)
        {
            case EwtMode.Mode1:
                var left = Departures();
                return left.Count < 2 || left[^1] <= left[0] ? null : new Wait((double)(left[^1] - left[0]).Ticks * position, (left.Count - 1) * (double)TimeSpan.TicksPerSecond);
            case EwtMode.Mode2:
                return last is null || last.AgentsLoggedIn == 0 || last.MeanHandlingSeconds == 0 ? null : new Wait(position * last.MeanHandlingSeconds, last.AgentsLoggedIn);
            default:
                return last?.ReportedEwtSeconds is { } outside ? new Wait(outside * position, callbacks.Count(c => c.Stands) + LiveNow + 1) : null;
        }
    }

    private int ResultCode(EwtMode mode) =>
        mode == EwtMode.Mode2 && reports.Count > 0 && reports[^1].Report.AgentsLoggedIn == 0 ? -2 : WaitAt(1, mode) is null ? -1 : 0;

    /// <summary>The last 32 that left: each report's are spread evenly over the time since the report before it.</summary>
    private List<DateTimeOffset> Departures()
    {
        var all = new List<DateTimeOffset>();
        for (var i = 0; i < reports.Count; i++)
        {
            var (report, at) = reports[i];
            var span = i == 0 ? 0 : (at - reports[i - 1].At).Ticks;
            for (var n = report.Departures - 1; n >= 0; n--) all.Add(at.AddTicks(-(long)Math.Round((double)span * n / report.Departures)));
        }
        return [.. all.TakeLast(32)];
    }

    private static int Whole(Wait? wait) => wait is { } known ? (int)Math.Round(known.Seconds) : -1;

    private bool MayHearUpcoming(ReferenceCallback callback) => callback.Targets > 0 && Settings.Type == QueueType.UserTerminated;

    /// <summary>B1: strictly below the threshold; an unknown wait is not low. The wait of one that is to come is at least the time until then.</summary>
    private bool IsLow(ReferenceCallback callback, DateTimeOffset now)
    {
        var threshold = Settings.PushNotificationThresholdMinutes * 60;
        return WaitAt(Position(callback), Settings.EwtMode) is { } inLine && inLine.IsBelow(threshold) && (callback.DesiredAt - now).TotalSeconds < threshold;
    }

    /// <summary>B3: by the present wait it reaches the top before it is purged, and before business ends; and somebody is there at its desired time.</summary>
    private string? NoTime(ReferenceCallback callback, DateTimeOffset now)
    {
        var inLine = WaitAt(Position(callback), Settings.EwtMode)!.Value;
        bool Reaches(DateTimeOffset deadline) => inLine.IsBelow((deadline - now).TotalSeconds) && callback.DesiredAt < deadline;
        if (callback.State == CallbackState.Scheduled && !IsOpen(callback.DesiredAt)) return "NO_TIME_BEFORE_CLOSING";
        if (Reaches(PurgeAt(callback))) return null;
        return ClosesAt(callback) <= LongestAt(callback) ? "NO_TIME_BEFORE_CLOSING" : "NO_TIME_BEFORE_PURGE";
    }

    private void JudgeUpcoming(DateTimeOffset now)
    {
        foreach (var callback in callbacks.Where(c => (c.Stands || c.State == CallbackState.Scheduled) && AwaitsUpcoming(c)))
        {
            if (!IsLow(callback, now)) continue;
            if (NoTime(callback, now) is not { } reason) Decide(callback, PushEvents.Upcoming, 0, now);
            else if (!callback.HeldBack)
            {
                callback.HeldBack = true;
                callback.Suppressed.Add(reason);
            }
        }
    }

    /// <summary>At most once per callback, ever (B1).</summary>
    private bool AwaitsUpcoming(ReferenceCallback callback) =>
        MayHearUpcoming(callback) && !callback.LowAtCreate && !events.Exists(e => e.Callback == callback && e.Name == PushEvents.Upcoming);
}
