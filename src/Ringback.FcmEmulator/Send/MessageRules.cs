using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ringback.FcmEmulator.Send;

/// <summary>FCM's rules for a message that fits the schema.</summary>
internal static partial class MessageRules
{
    private const int MaxPayloadBytes = 4096;
    private const int MaxTopicPayloadBytes = 2048;
    private const int MaxTokenLength = 4096;

    /// <summary>Four weeks.</summary>
    private const int MaxTtlSeconds = 2_419_200;

    private static readonly string[] Targets = ["token", "fid", "topic", "condition"];
    private static readonly string[] Platforms = ["android", "apns", "webpush"];

    /// <summary>The first rule that the message breaks; null if none.</summary>
    public static RpcStatus? Refuse(JsonElement message)
        => RefuseTarget(message, out var isTopic)
            ?? RefuseData(SendRequest.Child(message, "data"), "message.data")
            ?? RefusePlatformData(message)
            ?? RefuseTtl(message)
            ?? RefuseLabels(message)
            ?? RefuseSize(message, isTopic);

    private static RpcStatus? RefuseTarget(JsonElement message, out bool isTopic)
    {
        string? target = null;
        isTopic = false;
        foreach (var name in Targets)
        {
            if (SendRequest.Child(message, name) is null)
            {
                continue;
            }
            if (target is not null)
            {
                return Refusals.Schema([new FieldViolation($"message.{name}",
                    $"Invalid value at 'message' (oneof), oneof field 'target' is already set. Cannot set '{name}'")]);
            }
            target = name;
        }
        if (target is null)
        {
            return Refusals.InvalidArgument(new FieldViolation("message", "Recipient of the message is not set."));
        }
        isTopic = target is "topic" or "condition";
        var value = message.GetProperty(target).GetString()!;
        return target switch
        {
            "topic" when !TopicName().IsMatch(value) => Refusals.InvalidArgument(new FieldViolation("message.topic", "Invalid topic name")),
            "condition" when value.Length == 0 => Refusals.InvalidArgument(new FieldViolation("message.condition", "Invalid condition expression")),
            "token" or "fid" when value.Length is 0 or > MaxTokenLength => Refusals.InvalidToken,
            _ => null,
        };
    }

    private static RpcStatus? RefuseData(JsonElement? data, string path)
    {
        if (data is { } fields)
        {
            foreach (var field in fields.EnumerateObject())
            {
                if (IsReserved(field.Name))
                {
                    return Refusals.InvalidArgument(new FieldViolation($"{path}.{field.Name}", $"Invalid data payload key: {field.Name}"));
                }
            }
        }
        return null;
    }

    private static bool IsReserved(string key)
        => key is "from" or "message_type"
            || key.StartsWith("google.", StringComparison.Ordinal)
            || key.StartsWith("gcm.notification.", StringComparison.Ordinal);

    private static RpcStatus? RefusePlatformData(JsonElement message)
    {
        foreach (var platform in Platforms)
        {
            if (SendRequest.Child(message, platform) is { } config
                && RefuseData(SendRequest.Child(config, "data"), $"message.{platform}.data") is { } refusal)
            {
                return refusal;
            }
        }
        return null;
    }

    private static RpcStatus? RefuseTtl(JsonElement message)
        => SendRequest.Child(message, "android") is { } android
            && SendRequest.Child(android, "ttl") is { } ttl
            && SchemaCheck.Seconds(ttl.GetString()!) is < 0 or > MaxTtlSeconds
                ? Refusals.InvalidArgument(new FieldViolation("message.android.ttl", $"Invalid ttl: it must be from 0s to {MaxTtlSeconds}s"))
                : null;

    private static RpcStatus? RefuseLabels(JsonElement message)
        => RefuseLabel(message, "message") ?? Platforms
            .Select(platform => SendRequest.Child(message, platform) is { } config ? RefuseLabel(config, $"message.{platform}") : null)
            .FirstOrDefault(refusal => refusal is not null);

    private static RpcStatus? RefuseLabel(JsonElement parent, string path)
        => (SendRequest.Child(parent, "fcm_options") ?? SendRequest.Child(parent, "fcmOptions")) is { } options
            && (SendRequest.Child(options, "analytics_label") ?? SendRequest.Child(options, "analyticsLabel")) is { } label
            && !Label().IsMatch(label.GetString()!)
                ? Refusals.InvalidArgument(new FieldViolation($"{path}.fcm_options.analytics_label", "Invalid analytics label"))
                : null;

    private static RpcStatus? RefuseSize(JsonElement message, bool isTopic)
    {
        var bytes = SizeOf(SendRequest.Child(message, "data")) + SizeOf(SendRequest.Child(message, "notification"));
        var limit = isTopic ? MaxTopicPayloadBytes : MaxPayloadBytes;
        return bytes > limit
            ? Refusals.InvalidArgument(new FieldViolation("message", $"Message is too big: its payload has {bytes} bytes, allowed are {limit}"))
            : null;
    }

    /// <summary>Names and values as UTF-8 text. Google does not say how it counts; this is the sum without any framing.</summary>
    private static int SizeOf(JsonElement? fields)
    {
        var bytes = 0;
        if (fields is { } present)
        {
            foreach (var field in present.EnumerateObject())
            {
                bytes += Encoding.UTF8.GetByteCount(field.Name) + (field.Value.ValueKind == JsonValueKind.String ? Utf8Length(field.Value) : 0);
            }
        }
        return bytes;
    }

    private static int Utf8Length(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        return raw.Contains((byte)'\\') ? Encoding.UTF8.GetByteCount(text.GetString()!) : raw.Length - 2;
    }

    [GeneratedRegex("^(/topics/)?[a-zA-Z0-9-_.~%]{1,900}$", RegexOptions.CultureInvariant)]
    private static partial Regex TopicName();

    [GeneratedRegex("^[a-zA-Z0-9-_.~%]{1,50}$", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
