using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.Engine.Queues;

/// <summary>Settings of a queue as texts by column: what stands in the cells of a file and in the fields of the page.</summary>
public static class SettingsSheet
{
    /// <summary>The text of every column.</summary>
    public static IReadOnlyDictionary<string, string> Texts(QueueSettings settings)
    {
        var values = QueueSettingsJson.ToObject(settings);
        return SettingsFields.All.ToDictionary(field => field.Name, field => SettingsCell.Write(field, Value(values, field.Name)), StringComparer.Ordinal);
    }

    /// <summary>The patch that sets columns to texts; an empty text puts a setting back to its default.</summary>
    /// <param name="texts">Texts by the names of columns.</param>
    /// <param name="mistakes">Gets those that cannot be read at all.</param>
    public static JsonElement Patch(IEnumerable<KeyValuePair<string, string>> texts, ICollection<FieldMistake> mistakes)
    {
        var patch = new JsonObject();
        foreach (var (name, text) in texts)
        {
            var field = SettingsFields.Find(name) ?? throw new ArgumentException($"There is no column {name}.", nameof(texts));
            var value = SettingsCell.Read(field, text, out var mistake);
            if (mistake is not null) mistakes.Add(new FieldMistake(name, mistake));
            else Set(patch, name, value);
        }
        return JsonSerializer.SerializeToElement(patch);
    }

    private static void Set(JsonObject patch, string name, JsonNode? value)
    {
        if (name.Split('.') is not [var group, var inner]) patch[name] = value;
        else
        {
            if (patch[group] is not JsonObject fields) patch[group] = fields = [];
            fields[inner] = value;
        }
    }

    private static JsonNode? Value(JsonObject settings, string name) => name.Split('.') is [var group, var inner] ? settings[group]?[inner] : settings[name];
}
