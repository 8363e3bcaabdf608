using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.Engine.Queues;

/// <summary>A setting as the text of a cell or of a field of the page, and back. Empty is the default.</summary>
internal static class SettingsCell
{
    public static string Write(SettingsField field, JsonNode? value) => value switch
    {
        null => "",
        JsonArray entries when field.Kind == SettingsFieldKind.List => string.Join(' ', entries.Select(entry => entry!.GetValue<string>())),
        _ when field.Kind == SettingsFieldKind.Json => value.ToJsonString(QueueSettingsJson.Options),
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    /// <summary>The value, where the text could be read at all; one that is none of the field's is found by the rules.</summary>
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
            case SettingsFieldKind.List:
                return new JsonArray([.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(entry => JsonValue.Create(entry))]);
            case SettingsFieldKind.Json:
                return ReadJson(text, out mistake);
            default:
                return JsonValue.Create(text);
        }
    }

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
