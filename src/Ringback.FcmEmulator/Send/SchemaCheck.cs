using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ringback.FcmEmulator.Send;

/// <summary>Compares a body with the schema and collects what does not fit, each with the path of its field.</summary>
internal sealed partial class SchemaCheck
{
    /// <summary>The schema itself is no deeper; what may be deeper is free and not looked into.</summary>
    private const int MaxDepth = 16;

    private readonly string[] _names = new string[MaxDepth];
    private int _depth;
    private List<FieldViolation>? _violations;

    /// <summary>The violations; empty for a body that fits.</summary>
    public static IReadOnlyList<FieldViolation> Of(JsonElement body)
    {
        var check = new SchemaCheck();
        check.CheckRecord(body, MessageSchema.Request);
        return check._violations ?? [];
    }

    /// <summary>A protocol buffer duration in seconds; null if it is not one.</summary>
    public static decimal? Seconds(string duration)
        => DurationText().IsMatch(duration) ? decimal.Parse(duration.AsSpan(0, duration.Length - 1), CultureInfo.InvariantCulture) : null;

    private void CheckRecord(JsonElement value, FieldKind.Record record)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (record.Find(property) is not { } field)
            {
                var place = _depth == 0 ? "" : $" at '{Path()}'";
                Add(Path(property.Name), $"Invalid JSON payload received. Unknown name \"{property.Name}\"{place}: Cannot find field.");
            }
            else if (property.Value.ValueKind != JsonValueKind.Null)
            {
                // In the JSON mapping null means that the field is not there.
                _names[_depth++] = field.Name;
                CheckValue(property.Value, field.Kind);
                _depth--;
            }
        }
    }

    private void CheckValue(JsonElement value, FieldKind kind)
    {
        switch (kind)
        {
            case FieldKind.Record record when value.ValueKind == JsonValueKind.Object:
                CheckRecord(value, record);
                break;
            case FieldKind.TextMap when value.ValueKind == JsonValueKind.Object:
                foreach (var entry in value.EnumerateObject())
                {
                    if (entry.Value.ValueKind != JsonValueKind.String)
                    {
                        AddWrongType(Path(entry.Name), kind);
                    }
                }
                break;
            case FieldKind.ListOf list when value.ValueKind == JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    _names[_depth++] = $"[{index++}]";
                    CheckValue(item, list.Item);
                    _depth--;
                }
                break;
            default:
                if (!Fits(value, kind))
                {
                    AddWrongType(Path(), kind);
                }
                break;
        }
    }

    private static bool Fits(JsonElement value, FieldKind kind) => (kind, value.ValueKind) switch
    {
        (FieldKind.Text, JsonValueKind.String) => true,
        (FieldKind.Flag, JsonValueKind.True or JsonValueKind.False) => true,
        (FieldKind.FreeObject, JsonValueKind.Object) => true,
        (FieldKind.WholeNumber, JsonValueKind.Number) => value.TryGetInt32(out _),
        (FieldKind.WholeNumber, JsonValueKind.String) => int.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
        (FieldKind.Fraction, JsonValueKind.Number) => true,
        (FieldKind.Duration, JsonValueKind.String) => Seconds(value.GetString()!) is not null,
        (FieldKind.Timestamp, JsonValueKind.String) => value.TryGetDateTimeOffset(out _),
        (FieldKind.OneOf allowed, JsonValueKind.String) => allowed.Values.Contains(value.GetString()),
        _ => false,
    };

    /// <summary>Google repeats the value here. It may be a token or a text for a customer, and senders log these answers, so this does not.</summary>
    private void AddWrongType(string path, FieldKind kind) => Add(path, $"Invalid value at '{path}' ({kind.TypeName})");

    private void Add(string path, string description) => (_violations ??= []).Add(new FieldViolation(path, description));

    /// <summary>Nanoseconds are the finest part; twelve digits hold the 315 576 000 000 s that a Duration may have.</summary>
    [GeneratedRegex(@"^-?[0-9]{1,12}(\.[0-9]{1,9})?s$", RegexOptions.CultureInvariant)]
    private static partial Regex DurationText();

    /// <summary>Where the check stands, or a place one below. Made only for a violation: almost every message has none.</summary>
    private string Path(string? below = null)
    {
        var path = new StringBuilder();
        foreach (var name in _names.AsSpan(0, _depth)) Append(name);
        if (below is not null) Append(below);
        return path.ToString();

        void Append(string name) => path.Append(path.Length == 0 || name.StartsWith('[') ? "" : ".").Append(name);
    }
}
