using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.Engine.Queues;

/// <summary>A setting as the text of a cell, and back. An empty cell is the default.</summary>
internal static class SettingsCell
{
    /// <summary>
    /// Spreadsheets run a cell that begins so as a formula (OWASP, CSV injection). A text that does is written behind an apostrophe, as is one that begins with
    /// an apostrophe, and the apostrophe is taken away when it is read.
    /// </summary>
    private const string Guarded = "=+-@\t\r'";

    public static string Write(SettingsField field, JsonNode? value) => value switch
    {
        null => "",
        _ when field.Kind == SettingsFieldKind.Json => value.ToJsonString(QueueSettingsJson.Options),
        _ when value.GetValueKind() == JsonValueKind.String => Guard(value.GetValue<string>()),
        _ => value.ToJsonString(),
    };

    /// <summary>The value, where the cell could be read at all; one that is none of the field's is found by the rules.</summary>
    public static JsonNode? Read(SettingsField field, string cell, out string? mistake)
    {
        mistake = null;
        var text = field.Kind == SettingsFieldKind.Text ? cell : cell.Trim();
        if (text.Length == 0) return null;
        switch (field.Kind)
        {
            case SettingsFieldKind.Number when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                return JsonValue.Create(number);
            case SettingsFieldKind.Flag when bool.TryParse(text, out var flag):
                return JsonValue.Create(flag);
            case SettingsFieldKind.Json:
                return ReadJson(text, out mistake);
            default:
                return JsonValue.Create(Unguard(text));
        }
    }

    /// <summary>The name of a queue is a text like others.</summary>
    public static string Guard(string text) => text.Length > 0 && Guarded.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    public static string Unguard(string cell) => cell.StartsWith('\'') ? cell[1..] : cell;

    private static JsonNode? ReadJson(string text, out string? mistake)
    {
        mistake = null;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 });
            return JsonNode.Parse(document.RootElement.GetRawText());
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            mistake = "must be JSON";
            return null;
        }
    }
}
