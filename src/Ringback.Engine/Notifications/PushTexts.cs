using System.Text;
using System.Text.RegularExpressions;

namespace Ringback.Engine.Notifications;

/// <summary>Where a text came from.</summary>
/// <param name="Language">The language that was found, <c>xx</c> or <c>xx-YY</c>.</param>
/// <param name="IsOwn">Whether the queue has it of its own, rather than the program.</param>
/// <param name="Text">The text.</param>
public sealed record ChosenText(string Language, bool IsOwn, PushText Text);

/// <summary>
/// Finds the text of an event in a customer's language (rule B12): language and region, then the language, then those of the queue, then English. In each of these a
/// text of the queue goes before one of the program.
/// </summary>
public static partial class PushTexts
{
    /// <summary>Most bytes that the texts of one queue may have together, as JSON.</summary>
    public const int MaxBytes = 32 * 1024;

    /// <summary>Languages that the program brings texts in.</summary>
    public static IReadOnlyList<string> BuiltInLanguages => [.. BuiltInTexts.ByLanguage.Keys];

    /// <summary>The text of an event.</summary>
    /// <param name="own">Texts of the queue, by event and language.</param>
    /// <param name="pushEvent">The event.</param>
    /// <param name="language">Language of the customer in any spelling, <c>de-ch</c> say.</param>
    /// <param name="queueLanguage">Language of the queue.</param>
    public static ChosenText Choose(IReadOnlyDictionary<string, IReadOnlyDictionary<string, PushText>> own, string pushEvent, string language, string queueLanguage)
    {
        var ownTexts = own.GetValueOrDefault(pushEvent);
        foreach (var candidate in Candidates(language, queueLanguage))
        {
            if (ownTexts is not null && ownTexts.TryGetValue(candidate, out var written)) return new ChosenText(candidate, true, written);
            if (BuiltInTexts.ByLanguage.TryGetValue(candidate, out var built)) return new ChosenText(candidate, false, built[pushEvent]);
        }
        throw new InvalidOperationException("English is always there.");
    }

    /// <summary>The program's own text, or null where it has none in exactly that language.</summary>
    public static PushText? BuiltIn(string pushEvent, string language) => BuiltInTexts.ByLanguage.GetValueOrDefault(language)?.GetValueOrDefault(pushEvent);

    /// <summary>Everything that is wrong with the texts of a queue, by field below <c>texts</c>.</summary>
    internal static IEnumerable<FieldMistake> MistakesOf(IReadOnlyDictionary<string, IReadOnlyDictionary<string, PushText>> own)
    {
        foreach (var (pushEvent, texts) in own)
        {
            var field = $"texts.{(pushEvent.Length <= 40 ? pushEvent : pushEvent[..40])}";
            if (!PushEvents.All.Contains(pushEvent, StringComparer.Ordinal))
            {
                yield return new FieldMistake(field, $"is no event. The events are {string.Join(", ", PushEvents.All)}");
                continue;
            }
            foreach (var (language, text) in texts ?? new Dictionary<string, PushText>())
            {
                if (!LanguageForm().IsMatch(language)) yield return new FieldMistake($"{field}.{(language.Length <= 20 ? language : language[..20])}", "must stand under a language such as de or de-AT");
                foreach (var mistake in MistakesOf(text ?? new PushText(), pushEvent, $"{field}.{(language.Length <= 20 ? language : language[..20])}.")) yield return mistake;
            }
        }
        if (own.Sum(e => (e.Value ?? new Dictionary<string, PushText>()).Sum(t => Encoding.UTF8.GetByteCount(t.Value?.Title + t.Value?.Body) + 50)) > MaxBytes)
            yield return new FieldMistake("texts", $"must have at most {MaxBytes / 1024} KiB together");
    }

    /// <summary>What is wrong with one text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pushEvent">Its event.</param>
    /// <param name="prefix">What stands before <c>title</c> and <c>body</c> in the names of the fields.</param>
    public static IEnumerable<FieldMistake> MistakesOf(PushText text, string pushEvent, string prefix)
    {
        if (MistakeOf(text.Title, PushText.MaxTitleLength, pushEvent) is { } wrongTitle) yield return new FieldMistake($"{prefix}title", wrongTitle);
        if (MistakeOf(text.Body, PushText.MaxBodyLength, pushEvent) is { } wrongBody) yield return new FieldMistake($"{prefix}body", wrongBody);
    }

    private static string? MistakeOf(string? text, int most, string pushEvent)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > most) return $"must have 1 to {most} characters";
        return text.Any(c => char.IsControl(c) && c != '\n') ? "must have no control characters but line breaks" : PushTemplate.MistakeOf(text, pushEvent);
    }

    /// <summary>Apps spell languages as their system does: <c>de_at</c>, <c>zh-Hans-CN</c>. Ours are <c>xx</c> and <c>xx-YY</c>.</summary>
    private static IEnumerable<string> Candidates(string language, string queueLanguage) => [.. Spellings(language), .. Spellings(queueLanguage), "en"];

    private static string[] Spellings(string language)
    {
        var parts = language.Split('-', '_');
        var plain = parts[0].ToLowerInvariant();
        return parts.Length > 1 && parts[^1].Length == 2 ? [$"{plain}-{parts[^1].ToUpperInvariant()}", plain] : [plain];
    }

    [GeneratedRegex("^[a-z]{2,3}(-[A-Z]{2})?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageForm();
}
