using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ringback.Engine.Queues;

/// <summary>Reads, merges and writes queue settings as JSON; every refusal names all the fields that are wrong.</summary>
public static class QueueSettingsJson
{
    /// <summary>As settings are stored and shown.</summary>
    internal static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter<QueueType>(allowIntegerValues: false),
            new JsonStringEnumConverter<EwtMode>(allowIntegerValues: false),
            new JsonStringEnumConverter<Presentation>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    };

    /// <summary>The settings as stored and as the API shows them.</summary>
    public static string Write(QueueSettings settings) => JsonSerializer.Serialize(settings, Options);

    /// <summary>Settings that were written by <see cref="Write"/>.</summary>
    public static QueueSettings Read(string json) => JsonSerializer.Deserialize<QueueSettings>(json, Options)!;

    /// <summary>
    /// <paramref name="current"/> with the fields that <paramref name="patch"/> names; a null puts a field back to its default. All mistakes are told at once.
    /// </summary>
    public static Answer<QueueSettings> Merge(QueueSettings current, JsonElement patch) => Merge(current, patch, []);

    /// <summary>The same; of <paramref name="replaced"/> what the patch names is taken as a whole instead of field by field.</summary>
    public static Answer<QueueSettings> Merge(QueueSettings current, JsonElement patch, IReadOnlyList<string> replaced)
    {
        if (patch.ValueKind != JsonValueKind.Object) return Problems.MalformedBody.With("Send a JSON object with the settings to change.");
        var merged = ToObject(current);
        foreach (var name in replaced.Where(name => patch.TryGetProperty(name, out _))) merged.Remove(name);
        Overlay(merged, patch);
        return SettingsRules.Check(merged);
    }

    /// <summary>The settings as a JSON object that may be changed.</summary>
    internal static JsonObject ToObject(QueueSettings settings) => JsonSerializer.SerializeToNode(settings, Options)!.AsObject();

    private static void Overlay(JsonObject target, JsonElement patch)
    {
        foreach (var field in patch.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null) target.Remove(field.Name);
            else if (field.Value.ValueKind == JsonValueKind.Object) Overlay(Inner(target, field.Name), field.Value);
            else target[field.Name] = JsonNode.Parse(field.Value.GetRawText());
        }
    }

    private static JsonObject Inner(JsonObject target, string name)
    {
        if (target[name] is JsonObject there) return there;
        var made = new JsonObject();
        target[name] = made;
        return made;
    }
}
