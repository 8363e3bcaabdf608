using System.Globalization;
using System.Text;

namespace Ringback.Engine.Notifications;

/// <summary>
/// Fills placeholders in. <c>{name}</c> stands for a value, <c>{{</c> and <c>}}</c> for the braces themselves. A value is never looked at again, so a queue that
/// is called <c>{minutes}</c> is shown by its name.
/// </summary>
public static class PushTemplate
{
    private static readonly Dictionary<string, string[]> placeholders = new(StringComparer.Ordinal)
    {
        [PushEvents.Upcoming] = ["queue", "minutes", "position"],
        [PushEvents.Ready] = ["queue", "minutes"],
        [PushEvents.CallIn] = ["queue", "minutes", "toPhoneNumber"],
        [PushEvents.Purged] = ["queue"],
        [PushEvents.AttemptFailed] = ["queue", "minutes", "attempt", "maxAttempts"],
        [PushEvents.FinalAttemptFailed] = ["queue", "attempt", "maxAttempts"],
    };

    /// <summary>The names of the placeholders that an event's texts may have.</summary>
    public static IReadOnlyList<string> PlaceholdersOf(string pushEvent) => placeholders[pushEvent];

    /// <summary>What is wrong with a text of that event, to be read after its name, or null.</summary>
    internal static string? MistakeOf(string template, string pushEvent)
    {
        var known = PlaceholdersOf(pushEvent);
        foreach (var (isPlaceholder, text) in Parts(template))
        {
            if (text is null) return "has a brace that belongs to no placeholder. A brace that is meant as such is doubled";
            if (isPlaceholder && !known.Contains(text, StringComparer.Ordinal))
                return $"has the unknown placeholder {{{Shown(text)}}}. {pushEvent} knows {string.Join(", ", known.Select(name => $"{{{name}}}"))}";
        }
        return null;
    }

    /// <summary>The text with its placeholders filled in, cut to a number of UTF-8 bytes between two characters as people see them.</summary>
    internal static string Render(string template, Func<string, string> value, int mostBytes)
    {
        var text = new StringBuilder(template.Length + 32);
        foreach (var (isPlaceholder, part) in Parts(template)) text.Append(isPlaceholder ? value(part ?? "") : part);
        return Cut(text.ToString(), mostBytes);
    }

    /// <summary>The text as it stands, or its beginning with an ellipsis where it has too many bytes.</summary>
    internal static string Cut(string text, int mostBytes)
    {
        if (text.Length * 3 <= mostBytes || Encoding.UTF8.GetByteCount(text) <= mostBytes) return text;
        const string ellipsis = "…";
        var (left, at) = (mostBytes - Encoding.UTF8.GetByteCount(ellipsis), 0);
        while (at < text.Length)
        {
            var length = StringInfo.GetNextTextElementLength(text, at);
            left -= Encoding.UTF8.GetByteCount(text.AsSpan(at, length));
            if (left < 0) break;
            at += length;
        }
        return text[..at] + ellipsis;
    }

    /// <summary>Literal texts and names in turn; a null text is a brace out of place.</summary>
    private static IEnumerable<(bool IsPlaceholder, string? Text)> Parts(string template)
    {
        for (var at = 0; at < template.Length;)
        {
            var brace = template.AsSpan(at).IndexOfAny('{', '}');
            if (brace != 0)
            {
                var end = brace < 0 ? template.Length : at + brace;
                yield return (false, template[at..end]);
                at = end;
            }
            else if (at + 1 < template.Length && template[at + 1] == template[at])
            {
                yield return (false, template[at].ToString());
                at += 2;
            }
            else if (template[at] == '{' && template.AsSpan(at + 1).IndexOfAny('{', '}') is > 0 and var length && template[at + 1 + length] == '}')
            {
                yield return (true, template.Substring(at + 1, length));
                at += length + 2;
            }
            else
            {
                yield return (false, null);
                at++;
            }
        }
    }

    private static string Shown(string name) => name.Length <= 40 ? name : name[..39] + "…";
}
