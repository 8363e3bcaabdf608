using PhoneNumbers;

namespace Ringback.Engine.Queues;

/// <summary>Which numbers a queue calls (rule D9): of which countries, and which not at all.</summary>
public static class NumberRules
{
    /// <summary>The most entries of <see cref="QueueSettings.PermittedCountries"/>.</summary>
    public const int MaxCountries = 250;

    /// <summary>The most entries of <see cref="QueueSettings.BlockedNumbers"/>; each create looks at all of them.</summary>
    public const int MaxBlocked = 1_000;

    /// <summary>Digits of the longest number that E.164 allows.</summary>
    private const int MaxDigits = 15;

    private const char AnyEnding = '*';

    private static readonly PhoneNumberUtil util = PhoneNumberUtil.GetInstance();

    /// <summary>Why the queue does not call this number, or null.</summary>
    /// <param name="number">The number in E.164.</param>
    /// <param name="settings">The queue's settings.</param>
    public static Fault? Judge(string number, QueueSettings settings)
    {
        // The text does not say which entry it was: the holder of an engagement key is a stranger.
        if (settings.BlockedNumbers.Any(blocked => Covers(blocked, number))) return Problems.CallbackNotAllowed.With("This queue does not call this number.");
        if (settings.PermittedCountries.Count == 0) return null;
        return CountryOf(number) is { } country && settings.PermittedCountries.Contains(country)
            ? null
            : Problems.NumberNotPossible.With("This queue does not call numbers of this country.");
    }

    /// <summary>Whether a text is the code of a country whose numbers are known.</summary>
    internal static bool IsCountry(string code) => util.GetSupportedRegions().Contains(code);

    /// <summary>Whether a text may stand in <see cref="QueueSettings.BlockedNumbers"/>.</summary>
    internal static bool IsBlocked(string entry)
    {
        var digits = entry.AsSpan().TrimEnd(AnyEnding);
        return entry.Length - digits.Length <= 1 && digits is ['+', >= '1' and <= '9', ..] && digits.Length <= MaxDigits + 1 && !digits[1..].ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>Null where the number belongs to no country, as <c>+800</c>, or to none that is known.</summary>
    private static string? CountryOf(string number) => util.GetRegionCodeForNumber(util.Parse(number, null));

    private static bool Covers(string blocked, string number) => blocked[^1] == AnyEnding
        ? number.AsSpan().StartsWith(blocked.AsSpan(0, blocked.Length - 1), StringComparison.Ordinal)
        : string.Equals(blocked, number, StringComparison.Ordinal);
}
