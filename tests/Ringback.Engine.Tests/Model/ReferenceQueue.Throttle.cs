using static System.FormattableString;

namespace Ringback.Engine.Tests.Model;

/// <content>How many callbacks are taken within an hour for a number, and within a minute in all (rule D9).</content>
internal sealed partial class ReferenceQueue
{
    /// <summary>What was taken since somebody counts; null while nobody does.</summary>
    private List<(string Number, DateTimeOffset At)>? taken;

    /// <summary>Another owner has the queue: it knows of no callbacks but those that are not over.</summary>
    public void Restart() => taken = null;

    private void CountWhereThereIsALimit()
    {
        if (Settings is { MaxCreatesPerNumberPerHour: 0, MaxCreatesPerMinute: 0 }) return;
        taken ??= [.. callbacks.Where(c => !c.IsOver || OpenAttempt(c) is not null).Select(c => (c.Number, c.CreatedAt))];
    }

    /// <summary>The refusal with the seconds until it is none any more, or null.</summary>
    private string? TooMany(string number, DateTimeOffset now)
    {
        TimeSpan? Wait(IEnumerable<(string Number, DateTimeOffset At)> among, int most, TimeSpan span)
        {
            var times = among.Select(t => t.At).Where(at => at > now - span).Order().ToList();
            return most > 0 && times.Count >= most ? times[^most] + span - now : null;
        }
        var wait = Wait((taken ?? []).Where(t => t.Number == number), Settings.MaxCreatesPerNumberPerHour, TimeSpan.FromHours(1))
            ?? Wait(taken ?? [], Settings.MaxCreatesPerMinute, TimeSpan.FromMinutes(1));
        return wait is { } span ? TooManyAnswer(span) : null;
    }

    public static string TooManyAnswer(TimeSpan wait) => Invariant($"{Problems.TooManyRequests.Code}@{wait.TotalSeconds:0.000000}");
}
