using System.Text.Json;
using System.Text.Json.Serialization;
using Ringback.Engine.Queues;

namespace Ringback.Storage.Queues;

/// <summary>The live side of a queue as its row holds it.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveState))]
internal sealed partial class LiveStateJson : JsonSerializerContext
{
    public static string Write(LiveState live) => JsonSerializer.Serialize(live, Default.LiveState);
}
