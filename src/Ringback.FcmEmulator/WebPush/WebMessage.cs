using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ringback.FcmEmulator.Send;

namespace Ringback.FcmEmulator.WebPush;

/// <summary>What a browser gets of a message: the payload that the SDK's service worker reads, and the headers for the push service.</summary>
/// <param name="Payload">JSON, not yet encrypted.</param>
/// <param name="Ttl">Seconds that the push service keeps it.</param>
/// <param name="Urgency">RFC 8030, section 5.3; null for the default.</param>
/// <param name="Topic">RFC 8030, section 5.4: a later message replaces a waiting one; null for none.</param>
internal sealed record WebMessage(ReadOnlyMemory<byte> Payload, int Ttl, string? Urgency, string? Topic)
{
    /// <summary>Four weeks, FCM's default.</summary>
    private const int DefaultTtl = 2_419_200;

    public static WebMessage Of(JsonElement message, string from, string messageId)
    {
        var web = SendRequest.Child(message, "webpush");
        var urgency = Header(web, "Urgency");
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            json.WriteString("from", from);
            json.WriteString("fcmMessageId", messageId);
            json.WriteString("priority", urgency == "high" ? "high" : "normal");
            if (Header(web, "Topic") is { } topic)
            {
                json.WriteString("collapse_key", topic);
            }
            WriteMerged(json, "notification", SendRequest.Child(message, "notification"), Child(web, "notification"));
            WriteMerged(json, "data", SendRequest.Child(message, "data"), Child(web, "data"));
            WriteOptions(json, message, web);
            json.WriteEndObject();
        }
        return new WebMessage(payload.WrittenMemory,
            int.TryParse(Header(web, "TTL"), NumberStyles.None, CultureInfo.InvariantCulture, out var ttl) ? ttl : DefaultTtl,
            urgency, Header(web, "Topic"));
    }

    /// <summary>Field by field the platform's wins over the common one.</summary>
    private static void WriteMerged(Utf8JsonWriter json, string name, JsonElement? common, JsonElement? own)
    {
        if (common is null && own is null)
        {
            return;
        }
        json.WriteStartObject(name);
        foreach (var field in common?.EnumerateObject() ?? default)
        {
            if (own is null || !own.Value.TryGetProperty(field.Name, out _))
            {
                field.WriteTo(json);
            }
        }
        foreach (var field in own?.EnumerateObject() ?? default)
        {
            field.WriteTo(json);
        }
        json.WriteEndObject();
    }

    private static void WriteOptions(Utf8JsonWriter json, JsonElement message, JsonElement? web)
    {
        var own = Child(web, "fcm_options") ?? Child(web, "fcmOptions");
        var common = Child(message, "fcm_options") ?? Child(message, "fcmOptions");
        var link = Child(own, "link");
        var label = Child(own, "analytics_label") ?? Child(own, "analyticsLabel") ?? Child(common, "analytics_label") ?? Child(common, "analyticsLabel");
        if (link is null && label is null)
        {
            return;
        }
        json.WriteStartObject("fcmOptions");
        if (link is { } target)
        {
            json.WriteString("link", target.GetString());
        }
        if (label is { } text)
        {
            json.WriteString("analytics_label", text.GetString());
        }
        json.WriteEndObject();
    }

    private static JsonElement? Child(JsonElement? parent, string name) => parent is { } present ? SendRequest.Child(present, name) : null;

    /// <summary>HTTP does not care for the case of a header's name.</summary>
    private static string? Header(JsonElement? web, string name)
        => Child(web, "headers")?.EnumerateObject()
            .Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(field => field.Value.GetString()).FirstOrDefault();
}
