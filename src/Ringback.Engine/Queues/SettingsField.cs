using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ringback.Engine.Queues;

/// <summary>What kind of value a setting holds: how it is checked, stands in a cell of a CSV file, and is edited on the page.</summary>
public enum SettingsFieldKind
{
    /// <summary>A whole number within a range.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>One of a few words.</summary>
    Word,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A list of words without spaces, which part them in a cell and on the page.</summary>
    List,

    /// <summary>A structure of its own, written as JSON and judged by rules of its own.</summary>
    Json,
}

/// <summary>One column of the settings table (rule C1): the single source for checks, import, export and the page.</summary>
public sealed record SettingsField
{
    internal SettingsField(string name, SettingsFieldKind kind, SettingsSection section, string label) => (Name, Kind, Section, Label) = (name, kind, section, label);

    /// <summary>The name in the API and in CSV files, dotted where it is nested: <c>retrySeconds.noAnswer</c>.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public SettingsFieldKind Kind { get; }

    /// <summary>Where it stands on the page.</summary>
    public SettingsSection Section { get; }

    /// <summary>The name for people.</summary>
    public string Label { get; }

    /// <summary>Least number allowed, or least length of a text.</summary>
    public int Least { get; internal init; }

    /// <summary>Greatest number allowed, greatest length of a text, or most entries of a list.</summary>
    public int Most { get; internal init; }

    /// <summary>What a number must be beyond its range, with the words for it.</summary>
    internal (Func<int, bool> Holds, string Words)? NumberRule { get; init; }

    /// <summary>The words that are allowed.</summary>
    public IReadOnlyList<string> Words { get; internal init; } = [];

    /// <summary>The form of a text, with the words for it, where its length is not all.</summary>
    internal (Regex Form, string Words)? Form { get; init; }

    /// <summary>What an entry of a list must be, with the words for all of them.</summary>
    internal (Func<string, bool> Fits, string Words)? Entry { get; init; }

    /// <summary>The rule in words, as it stands behind "must be" and in the documentation.</summary>
    public string Allowed => Kind switch
    {
        SettingsFieldKind.Number when NumberRule is { } rule => rule.Words,
        SettingsFieldKind.Number => string.Create(CultureInfo.InvariantCulture, $"a whole number from {Least} to {Most}"),
        SettingsFieldKind.Flag => "true or false",
        SettingsFieldKind.Word => $"one of {string.Join(", ", Words)}",
        SettingsFieldKind.Text when Form is { } form => form.Words,
        SettingsFieldKind.Text => string.Create(CultureInfo.InvariantCulture, $"a text of {Least} to {Most} characters"),
        SettingsFieldKind.List => string.Create(CultureInfo.InvariantCulture, $"at most {Most} {Entry?.Words}"),
        _ => "a JSON object",
    };

    /// <summary>What is wrong with a value of this field, or null. Structures are judged elsewhere.</summary>
    internal string? MistakeOf(JsonNode value) => IsAllowed(value) ? null : $"must be {Allowed}";

    private bool IsAllowed(JsonNode value) => Kind switch
    {
        SettingsFieldKind.Number => value.GetValueKind() == JsonValueKind.Number && JsonElementOf(value).TryGetInt32(out var number) && number >= Least && number <= Most && NumberRule?.Holds(number) != false,
        SettingsFieldKind.Flag => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        SettingsFieldKind.Word => TextOf(value) is { } word && Words.Contains(word, StringComparer.OrdinalIgnoreCase),
        // PostgreSQL stores no null character, and a line break in a number or a name is a mistake.
        SettingsFieldKind.Text => TextOf(value) is { } text && text.Length >= Least && text.Length <= Most && !text.Any(char.IsControl) && Form?.Form.IsMatch(text) != false,
        SettingsFieldKind.List => value is JsonArray entries && entries.Count <= Most && entries.All(entry => entry is not null && TextOf(entry) is { } text && Entry!.Value.Fits(text)),
        _ => true,
    };

    /// <summary>A node that was made in memory knows its number by one type only; as an element it can be asked.</summary>
    private static JsonElement JsonElementOf(JsonNode value) => value.AsValue().TryGetValue(out JsonElement element) ? element : JsonSerializer.SerializeToElement(value);

    private static string? TextOf(JsonNode value)
    {
        try
        {
            return value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        }
        catch (InvalidOperationException)
        {
            // An escape that stands for half a character.
            return null;
        }
    }
}

/// <summary>The parts of the page that edits a queue's settings.</summary>
public enum SettingsSection
{
    /// <summary>What the queue is and takes.</summary>
    Queue,

    /// <summary>Outbound attempts and their retries.</summary>
    Attempts,

    /// <summary>Time limits and place in line.</summary>
    Waiting,

    /// <summary>Push notifications.</summary>
    Pushes,

    /// <summary>Numbers and routing.</summary>
    Routing,
}
