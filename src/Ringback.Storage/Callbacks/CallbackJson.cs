using System.Text.Json;
using System.Text.Json.Serialization;
using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Callbacks;

/// <summary>The parts of callbacks that are stored as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OutcomeAnswer))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class CallbackJson : JsonSerializerContext
{
    // A wait can be infinite. A figure that JSON has no number for must not keep a callback from being written.
    private static readonly JsonSerializerOptions details = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Write(OutcomeAnswer answer) => JsonSerializer.Serialize(answer, Default.OutcomeAnswer);

    /// <summary>The figures of a timeline entry. They are for people to read, so any value that JSON can hold may come.</summary>
    public static string Write(IReadOnlyDictionary<string, object?> detail) => JsonSerializer.Serialize(detail, details);

    /// <summary>The figures as text, whole number, number, truth value or null; what is more than that stays JSON.</summary>
    public static IReadOnlyDictionary<string, object?> ReadDetail(string json) =>
        JsonSerializer.Deserialize(json, Default.DictionaryStringJsonElement)!.ToDictionary(f => f.Key, f => Plain(f.Value));

    private static object? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => value,
    };
}
