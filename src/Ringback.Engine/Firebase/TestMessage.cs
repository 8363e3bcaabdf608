using System.Buffers;
using System.Text.Json;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>The push of a test: real, short-lived, and marked, so that the browser knows it from any other.</summary>
internal static class TestMessage
{
    /// <summary>The event in its data. An app that does not know it drops it.</summary>
    public const string Event = "RINGBACK_TEST";

    private const string TimeToLive = "60"; // Seconds; the test has given up by then.

    public static ReadOnlyMemory<byte> Write(PushTarget target, string nonce)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartObject("message"u8);
        json.WriteString(target.Type == PushTargetType.Fid ? "fid"u8 : "token"u8, target.Address);
        json.WriteStartObject("notification"u8);
        json.WriteString("title"u8, "Ringback test");
        json.WriteString("body"u8, "Push notifications reach this device.");
        json.WriteEndObject();
        json.WriteStartObject("data"u8);
        json.WriteString("version"u8, "1");
        json.WriteString("event"u8, Event);
        json.WriteString("nonce"u8, nonce);
        json.WriteEndObject();
        json.WriteStartObject("android"u8);
        json.WriteString("priority"u8, "high");
        json.WriteString("ttl"u8, TimeToLive + "s");
        json.WriteEndObject();
        json.WriteStartObject("webpush"u8);
        json.WriteStartObject("headers"u8);
        json.WriteString("TTL"u8, TimeToLive);
        json.WriteString("Urgency"u8, "high");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("fcm_options"u8);
        json.WriteString("analytics_label"u8, Event);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
