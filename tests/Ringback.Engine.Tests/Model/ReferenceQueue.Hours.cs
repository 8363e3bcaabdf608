using System.Globalization;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Engine.Tests.Model;

/// <content>
/// Closing, and the move to the next opening (rules D7, D8). The stories keep to UTC and to a week without holidays: what zones, summer time, holidays and
/// slots make of that is the calendar's own, which has tables of its own.
/// </content>
internal sealed partial class ReferenceQueue
{
    private static readonly (DateTimeOffset Start, DateTimeOffset End) always = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    private bool IsOpen(DateTimeOffset at) => Openings(at).Any(o => o.Start <= at && at < o.End);

    private DateTimeOffset LongestAt(ReferenceCallback callback) => callback.DesiredAt.AddSeconds(Settings.MaxTimeInQueueSeconds);

    /// <summary>The first closing after it arrived, by the hours in force.</summary>
    private DateTimeOffset ClosesAt(ReferenceCallback callback) => Openings(callback.DesiredAt).Where(o => o.End > callback.DesiredAt).Select(o => o.End).DefaultIfEmpty(always.End).First();

    private DateTimeOffset PurgeAt(ReferenceCallback callback) => ClosesAt(callback) < LongestAt(callback) ? ClosesAt(callback) : LongestAt(callback);

    /// <summary>Three weeks around an instant, day by day; openings that touch are one.</summary>
    private List<(DateTimeOffset Start, DateTimeOffset End)> Openings(DateTimeOffset around)
    {
        if (Settings.BusinessHours is not { } hours) return [always];
        var joined = new List<(DateTimeOffset Start, DateTimeOffset End)>();
        for (var day = -7; day <= 14; day++)
        {
            var midnight = new DateTimeOffset(around.UtcDateTime.Date, TimeSpan.Zero).AddDays(day);
            foreach (var text in DayOf(hours.Weekly, midnight.DayOfWeek))
            {
                var (start, end) = (midnight + Clock(text[..5]), midnight + Clock(text[6..]));
                if (joined.Count > 0 && joined[^1].End >= start) joined[^1] = (joined[^1].Start, end);
                else joined.Add((start, end));
            }
        }
        return joined;
    }

    private static TimeSpan Clock(string text) =>
        new(int.Parse(text[..2], CultureInfo.InvariantCulture), int.Parse(text[3..], CultureInfo.InvariantCulture), 0);

    private static IReadOnlyList<string> DayOf(WeeklyHours week, DayOfWeek day) => day switch
    {
        DayOfWeek.Monday => week.Monday,
        DayOfWeek.Tuesday => week.Tuesday,
        DayOfWeek.Wednesday => week.Wednesday,
        DayOfWeek.Thursday => week.Thursday,
        DayOfWeek.Friday => week.Friday,
        DayOfWeek.Saturday => week.Saturday,
        _ => week.Sunday,
    };

    /// <summary>Its deadline has passed: moved where the queue says so, else purged (B6: PURGED only then).</summary>
    private void EndWait(ReferenceCallback callback, DateTimeOffset deadline, CompletionReason reason, DateTimeOffset now)
    {
        if (NextTime(callback, deadline, now) is { } at)
        {
            Withdraw(callback, Pointless.OnceSpoken);
            MoveTo(callback, at);
            callback.Reschedules++;
        }
        else Purge(callback, reason, now);
    }

    /// <summary>The first instant of an opening that begins after the deadline, but not before <paramref name="earliest"/>; null = it is not moved.</summary>
    private DateTimeOffset? NextTime(ReferenceCallback callback, DateTimeOffset deadline, DateTimeOffset earliest)
    {
        if (!Settings.RescheduleOnPurge || callback.Reschedules >= Settings.MaxReschedules) return null;
        var next = Openings(earliest).Where(o => o.End > earliest && o.Start > deadline).ToList();
        return next.Count == 0 ? null : next[0].Start > earliest ? next[0].Start : earliest;
    }

    /// <summary>The id, the attempts made and what became of UPCOMING stay; the place is that of the new time.</summary>
    private static void MoveTo(ReferenceCallback callback, DateTimeOffset at)
    {
        callback.Place = at - (callback.DesiredAt - callback.Place);
        (callback.State, callback.DesiredAt, callback.PausedUntil, callback.ReadyEndsAt, callback.CallIn) = (CallbackState.Scheduled, at, null, null, null);
        callback.MetBeforeMove = callback.Met.Count;
        callback.HeldBack = false;
    }
}
