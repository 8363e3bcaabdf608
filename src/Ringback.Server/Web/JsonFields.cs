using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ringback.Engine;

namespace Ringback.Server.Web;

/// <summary>
/// Reads the fields of a JSON object one by one and remembers the first thing that was wrong, by the name of its field. Null counts as absent.
/// </summary>
internal sealed partial class JsonFields(JsonElement body, string prefix = "")
{
    /// <summary>The first mistake, or null.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>A field as it stands, or null where it is absent.</summary>
    public JsonElement? Raw(string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A text of 1 to <paramref name="most"/> characters. Not the null character, which PostgreSQL stores in no text.</summary>
    public string? Text(string name, int most)
    {
        if (Raw(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) return Refuse<string>(name, "must be a string");
        if (Read(value) is not { } text || text.Contains('\0', StringComparison.Ordinal)) return Refuse<string>(name, "must be Unicode text without the character U+0000");
        return text.Length >= 1 && text.Length <= most ? text : Refuse<string>(name, $"must have 1 to {most} characters");
    }

    /// <summary>A text that must be there.</summary>
    public string RequiredText(string name, int most) => Text(name, most) ?? Missing(name, "");

    /// <summary>A text that is taken as it is and never refused: longer ones are cut, other types count as absent. For reporting fields.</summary>
    public string? Loose(string name, int most)
    {
        if (Raw(name) is not { ValueKind: JsonValueKind.String } value || Read(value)?.Replace("\0", "", StringComparison.Ordinal) is not { Length: > 0 } text) return null;
        if (text.Length <= most) return text;
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    /// <summary>A text of which neither characters nor UTF-8 bytes exceed a limit.</summary>
    public string RequiredBytes(string name, int most)
    {
        var text = RequiredText(name, most);
        return Encoding.UTF8.GetByteCount(text) <= most ? text : Refuse<string>(name, $"must have at most {most} bytes") ?? "";
    }

    /// <summary>A whole number within a range.</summary>
    public int? Int(string name, int least, int most)
    {
        if (Raw(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : RefuseValue<int>(name, $"must be a whole number from {least} to {most}");
    }

    /// <summary>A whole number that must be there.</summary>
    public int RequiredInt(string name, int least, int most) => Int(name, least, most) ?? Missing(name, 0);

    /// <summary>A number within a range.</summary>
    public double? Number(string name, double least, double most)
    {
        if (Raw(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most
            ? number
            : RefuseValue<double>(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
    }

    /// <summary>True or false.</summary>
    public bool? Bool(string name)
    {
        if (Raw(name) is not { } value) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : RefuseValue<bool>(name, "must be true or false");
    }

    /// <summary>An id that must be there.</summary>
    public Guid RequiredId(string name) => Id(name) ?? Missing(name, Guid.Empty);

    /// <summary>A UUID.</summary>
    public Guid? Id(string name)
    {
        if (Raw(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.String && Guid.TryParseExact(Read(value), "D", out var id) ? id : RefuseValue<Guid>(name, "must be a UUID");
    }

    /// <summary>An instant with its offset, ISO 8601; a bare local time would mean another instant on every machine.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Raw(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && Read(value) is { Length: <= 40 } text && InstantForm().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at))
        {
            return Clock.FromMicroseconds(at.ToUniversalTime().ToMicroseconds());
        }
        return RefuseValue<DateTimeOffset>(name, "must be an instant such as 2026-11-23T10:15:30.000Z");
    }

    /// <summary>A JSON object.</summary>
    public JsonElement? Object(string name)
    {
        if (Raw(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object) return RefuseValue<JsonElement>(name, "must be an object");
        return IsUnicode(value) ? value : RefuseValue<JsonElement>(name, "must hold nothing but Unicode text");
    }

    /// <summary>A JSON object that must be there, as it is or as the text of one.</summary>
    public JsonElement? ObjectOrText(string name)
    {
        if (Raw(name) is not { } value) return Missing<JsonElement?>(name, null);
        if (value.ValueKind != JsonValueKind.String) return Object(name);
        return Read(value) is { } text && JsonBody.ReadObject(text) is { } read && IsUnicode(read) ? read : RefuseValue<JsonElement>(name, "must be an object, or the text of one");
    }

    /// <summary>A JSON array of at most <paramref name="most"/> items.</summary>
    public IReadOnlyList<JsonElement> Array(string name, int most)
    {
        if (Raw(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array) return Refuse<IReadOnlyList<JsonElement>>(name, "must be an array") ?? [];
        return value.GetArrayLength() <= most ? [.. value.EnumerateArray()] : Refuse<IReadOnlyList<JsonElement>>(name, $"must have at most {most} items") ?? [];
    }

    /// <summary>Records a mistake of a field.</summary>
    public void Wrong(string name, string what) => Refuse<object>(name, what);

    /// <summary>Takes over the mistake of a nested object.</summary>
    public void Take(Fault? fault) => Fault ??= fault;

    /// <summary>The text, or null where an escape stands for half a character: JSON allows it, no database and no push service does.</summary>
    private static string? Read(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Of the values; the names were read when the parser looked for duplicates.</summary>
    private static bool IsUnicode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Read(value) is not null,
        JsonValueKind.Array => value.EnumerateArray().All(IsUnicode),
        JsonValueKind.Object => value.EnumerateObject().All(p => IsUnicode(p.Value)),
        _ => true,
    };

    private T Missing<T>(string name, T nothing)
    {
        Refuse<object>(name, "is missing");
        return nothing;
    }

    private T? Refuse<T>(string name, string what) where T : class
    {
        Fault ??= Problems.InvalidParameters.With($"{prefix}{name} {what}.");
        return null;
    }

    private T? RefuseValue<T>(string name, string what) where T : struct
    {
        Refuse<object>(name, what);
        return null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:?\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex InstantForm();
}
