using System.Globalization;
using System.Text.RegularExpressions;

namespace Ringback.Engine.Queues.Calendar;

/// <summary>An interval of a day's wall clock.</summary>
/// <param name="Start">Minutes from the day's midnight; below 1440.</param>
/// <param name="End">Minutes from the same midnight; up to 2880, so that an interval can pass the next midnight.</param>
internal readonly partial record struct DayInterval(int Start, int End)
{
    public const int MinutesOfDay = 1_440;

    /// <summary>The interval that <c>09:00-17:30</c> writes; null where it is no such text. That it ends after its start is for the caller to judge.</summary>
    public static DayInterval? TryRead(string? text)
    {
        if (text is null || Form().Match(text) is not { Success: true } match) return null;
        var interval = new DayInterval(Minutes(match, 1), Minutes(match, 3));
        return interval is { Start: < MinutesOfDay, End: <= 2 * MinutesOfDay } ? interval : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start / 60:00}:{Start % 60:00}-{End / 60:00}:{End % 60:00}");

    private static int Minutes(Match match, int group) =>
        (int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) * 60)
        + int.Parse(match.Groups[group + 1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("^([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
