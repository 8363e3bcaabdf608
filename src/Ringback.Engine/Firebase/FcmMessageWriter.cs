using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Writes a push as the body of FCM's <c>messages:send</c>, version 1 of our payload (push-events.md).</summary>
public static class FcmMessageWriter
{
    /// <summary>The topic of the credential check. Nobody subscribes to it; the dry run needs no device.</summary>
    public const string CheckTopic = "ringback-credential-check";

    // FCM takes at most four weeks: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages#AndroidConfig
    private const long MaxTtlSeconds = 2_419_200;

    // The body is no HTML, and FCM counts bytes: é need not travel as \u00E9. What is written has been checked by the compiler and the tests.
    internal static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>One message to one target as UTF-8 JSON. The time to live is what is left of it at <paramref name="now"/>.</summary>
    public static ReadOnlyMemory<byte> Write(PushMessage message, PushTarget target, DateTimeOffset now, bool validateOnly = false)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using var json = new Utf8JsonWriter(buffer, Relaxed);
        Write(json, message, target, now, validateOnly);
        return buffer.WrittenMemory;
    }

    /// <summary>The same into a writer that was made with <see cref="Relaxed"/>.</summary>
    internal static void Write(Utf8JsonWriter json, PushMessage message, PushTarget target, DateTimeOffset now, bool validateOnly = false)
    {
        var id = message.NotificationId.ToString();
        var ttl = Math.Clamp((long)Math.Floor((message.ExpiresAt - now).TotalSeconds), 0, MaxTtlSeconds);
        var shown = message.Presentation == Presentation.Notification;

        json.WriteStartObject();
        if (validateOnly) json.WriteBoolean("validate_only"u8, true);
        json.WriteStartObject("message"u8);
        WriteTarget(json, target);
        if (shown)
        {
            json.WriteStartObject("notification"u8);
            json.WriteString("title"u8, message.Title);
            json.WriteString("body"u8, message.Body);
            json.WriteEndObject();
        }

        WriteData(json, message, id, shown);
        WriteAndroid(json, id, ttl, shown);
        WriteApple(json, message, id, shown);
        WriteWeb(json, message.NotificationId, id, ttl, shown);
        json.WriteStartObject("fcm_options"u8);
        json.WriteString("analytics_label"u8, message.Event);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>A message that a caller wrote, with its target.</summary>
    internal static void Write(Utf8JsonWriter json, DirectMessage message)
    {
        json.WriteStartObject();
        if (message.ValidateOnly) json.WriteBoolean("validate_only"u8, true);
        json.WriteStartObject("message"u8);
        WriteTarget(json, message.Target);
        foreach (var field in message.Fields.EnumerateObject()) field.WriteTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>The dry run of the credential check.</summary>
    public static ReadOnlyMemory<byte> WriteCheck()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteBoolean("validate_only"u8, true);
        json.WriteStartObject("message"u8);
        json.WriteString("topic"u8, CheckTopic);
        json.WriteStartObject("data"u8);
        json.WriteString("version"u8, "1");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteTarget(Utf8JsonWriter json, PushTarget target) => json.WriteString(target.Type == PushTargetType.Fid ? "fid"u8 : "token"u8, target.Address);

    private static void WriteData(Utf8JsonWriter json, PushMessage message, string id, bool shown)
    {
        json.WriteStartObject("data"u8);
        json.WriteString("version"u8, "1");
        json.WriteString("event"u8, message.Event);
        json.WriteString("notificationId"u8, id);
        json.WriteString("callbackId"u8, message.CallbackId);
        json.WriteString("serviceName"u8, message.ServiceName);
        json.WriteString("sequence"u8, message.Sequence.ToString(CultureInfo.InvariantCulture));
        json.WriteString("occurredAt"u8, Instant(message.OccurredAt));
        json.WriteString("expiresAt"u8, Instant(message.ExpiresAt));
        if (!shown)
        {
            json.WriteString("title"u8, message.Title);
            json.WriteString("body"u8, message.Body);
        }

        foreach (var (key, value) in message.Extra) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteAndroid(Utf8JsonWriter json, string id, long ttl, bool shown)
    {
        json.WriteStartObject("android"u8);
        json.WriteString("priority"u8, "high");
        json.WriteString("ttl"u8, string.Create(CultureInfo.InvariantCulture, $"{ttl}s"));
        if (shown) WriteTag(json, id, web: false);
        json.WriteEndObject();
    }

    private static void WriteApple(Utf8JsonWriter json, PushMessage message, string id, bool shown)
    {
        json.WriteStartObject("apns"u8);
        json.WriteStartObject("headers"u8);
        // Apple refuses a background push of any other priority than 5:
        // https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
        json.WriteString("apns-push-type"u8, shown ? "alert" : "background");
        json.WriteString("apns-priority"u8, shown ? "10" : "5");
        json.WriteString("apns-expiration"u8, message.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        json.WriteString("apns-collapse-id"u8, id);
        json.WriteEndObject();
        json.WriteStartObject("payload"u8);
        json.WriteStartObject("aps"u8);
        if (shown)
        {
            json.WriteString("sound"u8, "default");
            json.WriteString("category"u8, message.Event);
        }

        if (!shown || message.WakesApp) json.WriteNumber("content-available"u8, 1);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWeb(Utf8JsonWriter json, Guid notificationId, string id, long ttl, bool shown)
    {
        // RFC 8030, 5.4: at most 32 characters of the base64url alphabet; 16 bytes make 22.
        Span<byte> bytes = stackalloc byte[16];
        notificationId.TryWriteBytes(bytes, bigEndian: true, out _);

        json.WriteStartObject("webpush"u8);
        json.WriteStartObject("headers"u8);
        json.WriteString("TTL"u8, ttl.ToString(CultureInfo.InvariantCulture));
        json.WriteString("Urgency"u8, "high");
        json.WriteString("Topic"u8, Base64Url.EncodeToString(bytes));
        json.WriteEndObject();
        if (shown) WriteTag(json, id, web: true);
        json.WriteEndObject();
    }

    // The tag lets a resend replace what stands on the screen.
    private static void WriteTag(Utf8JsonWriter json, string id, bool web)
    {
        json.WriteStartObject("notification"u8);
        json.WriteString("tag"u8, id);
        if (web) json.WriteBoolean("renotify"u8, false);
        json.WriteEndObject();
    }

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
