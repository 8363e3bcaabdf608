using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.Engine.Queues;

/// <summary>Settings as JSON: <c>{"queues":[{"queue":"support","maxAttempts":3,…},…]}</c>, as the list of the API. A setting that an entry names is taken as a whole. A <c>version</c>, which that list shows, is ignored.</summary>
internal static class SettingsListJson
{
    private static readonly JsonSerializerOptions indented = new(QueueSettingsJson.Options) { WriteIndented = true };

    public static string Write(IEnumerable<StoredQueue> queues) => new JsonObject { ["queues"] = new JsonArray([.. queues.Select(Entry)]) }.ToJsonString(indented) + "\n";

    public static SettingsTable Read(ReadOnlySpan<byte> file)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(file.ToArray(), new JsonDocumentOptions { MaxDepth = 32, AllowDuplicateProperties = false });
            root = document.RootElement.Clone();
        }
        catch (JsonException wrong)
        {
            return new SettingsTable([], [new FieldMistake("The file", "is not well-formed JSON") { Line = (int)(wrong.LineNumber ?? 0) + 1 }]);
        }
        catch (InvalidOperationException)
        {
            return SettingsTable.Unreadable("holds a name that is not Unicode text");
        }
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("queues", out var queues) || queues.ValueKind != JsonValueKind.Array)
            return SettingsTable.Unreadable("must be an object with the array queues");
        if (queues.GetArrayLength() > SettingsTable.MaxRows) return SettingsTable.Unreadable($"has more than {SettingsTable.MaxRows} queues");

        List<SettingsRow> rows = [];
        List<FieldMistake> mistakes = [];
        foreach (var (entry, line) in queues.EnumerateArray().Zip(LinesOfEntries(file)))
        {
            if (NameOf(entry) is { } name) rows.Add(new SettingsRow(line, name, PatchOf(entry), [.. entry.EnumerateObject().Select(field => field.Name)]));
            else mistakes.Add(new FieldMistake(SettingsTable.QueueColumn, "is missing or is no text") { Line = line });
        }
        return new SettingsTable(rows, mistakes);
    }

    private static JsonNode Entry(StoredQueue queue)
    {
        var entry = new JsonObject { [SettingsTable.QueueColumn] = queue.Name };
        var settings = QueueSettingsJson.ToObject(queue.Settings);
        // What is not set stands there as null: imported over other settings, it puts the default back.
        foreach (var name in SettingsFields.All.Select(f => f.Name.Split('.')[0]).Distinct()) entry[name] = settings[name]?.DeepClone();
        return entry;
    }

    private static string? NameOf(JsonElement entry)
    {
        try
        {
            return entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(SettingsTable.QueueColumn, out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonElement PatchOf(JsonElement entry)
    {
        var patch = JsonObject.Create(entry)!;
        patch.Remove(SettingsTable.QueueColumn);
        patch.Remove("version");
        return JsonSerializer.SerializeToElement(patch);
    }

    /// <summary>The line on which each entry of the one array begins. The file was parsed before, so it is well-formed.</summary>
    private static List<int> LinesOfEntries(ReadOnlySpan<byte> file)
    {
        List<int> lines = [];
        var reader = new Utf8JsonReader(file, new JsonReaderOptions { MaxDepth = 32 });
        var (line, counted, inQueues) = (1, 0, false);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName) inQueues = reader.ValueTextEquals("queues"u8);
            if (!inQueues || reader.CurrentDepth != 2 || reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) continue;
            var start = (int)reader.TokenStartIndex;
            line += file[counted..start].Count((byte)'\n');
            counted = start;
            lines.Add(line);
        }
        return lines;
    }
}
