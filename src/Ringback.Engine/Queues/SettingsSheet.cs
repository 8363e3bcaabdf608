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

    /// <summary>The patch that leads from one set of texts to another: what is the same in both is not named, and of structures only what differs (RFC 7396).</summary>
    /// <param name="before">Texts by the names of columns.</param>
    /// <param name="after">Texts of the same columns.</param>
    /// <param name="mistakes">Gets those of <paramref name="after"/> that cannot be read at all.</param>
    public static JsonElement Changes(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after, ICollection<FieldMistake> mistakes)
    {
        var changed = after.Where(text => before[text.Key] != text.Value).ToList();
        var patch = JsonObject.Create(Patch(changed, mistakes))!;
        foreach (var name in changed.Select(text => text.Key).Where(name => SettingsFields.Find(name)!.Kind == SettingsFieldKind.Json && patch.ContainsKey(name)))
            patch[name] = Difference(SettingsCell.Read(SettingsFields.Find(name)!, before[name], out _), patch[name]);
        return JsonSerializer.SerializeToElement(patch);
    }

    private static JsonNode? Difference(JsonNode? before, JsonNode? after)
    {
        if (before is not JsonObject old || after is not JsonObject now) return after?.DeepClone();
        var patch = new JsonObject();
        foreach (var (name, _) in old.Where(field => !now.ContainsKey(field.Key))) patch[name] = null;
        foreach (var (name, value) in now) patch[name] = Difference(old[name], value);
        return patch;
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
