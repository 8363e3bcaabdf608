using System.Text.Json;
using System.Text.Json.Serialization;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Delivery;

/// <summary>A message as the outbox keeps it: all of it, so that a resend after any change of settings or texts says the same.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(PushMessage))]
internal sealed partial class PushMessageJson : JsonSerializerContext
{
    public static string Write(PushMessage message) => JsonSerializer.Serialize(message, Default.PushMessage);

    public static PushMessage Read(string json) => JsonSerializer.Deserialize(json, Default.PushMessage)!;
}
