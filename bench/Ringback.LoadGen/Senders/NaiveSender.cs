using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Ringback.Engine;
using Ringback.Engine.Delivery;

namespace Ringback.LoadGen.Senders;

/// <summary>What one writes first: an HttpClient with its defaults, and an object that JsonContent turns into the same message.</summary>
internal sealed class NaiveSender(Uri address, string token) : ISender
{
    private readonly HttpClient http = new()
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    public string Name => "naive HttpClient + JsonContent";

    public async ValueTask SendAsync(PushMessage message, PushTarget target)
    {
        using var response = await http.PostAsJsonAsync(address, Body(message, target));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsStringAsync();
    }

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The values that every way to write the message needs.</summary>
    internal static MessageFields Fields(PushMessage message)
    {
        var id = message.NotificationId.ToString();
        var left = (long)(message.ExpiresAt - TimeProvider.System.GetUtcNow()).TotalSeconds;
        var data = new Dictionary<string, string>
        {
            ["version"] = "1",
            ["event"] = message.Event,
            ["notificationId"] = id,
            ["callbackId"] = message.CallbackId.ToString(),
            ["serviceName"] = message.ServiceName,
            ["sequence"] = message.Sequence.ToString(CultureInfo.InvariantCulture),
            ["occurredAt"] = WireTime.Of(message.OccurredAt),
            ["expiresAt"] = WireTime.Of(message.ExpiresAt),
        };
        foreach (var (key, value) in message.Extra) data[key] = value;
        var apnsHeaders = new Dictionary<string, string>
        {
            ["apns-push-type"] = "alert",
            ["apns-priority"] = "10",
            ["apns-expiration"] = message.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["apns-collapse-id"] = id,
        };
        var webHeaders = new Dictionary<string, string>
        {
            ["TTL"] = left.ToString(CultureInfo.InvariantCulture),
            ["Urgency"] = "high",
            ["Topic"] = Convert.ToBase64String(message.NotificationId.ToByteArray(bigEndian: true)).TrimEnd('='),
        };
        return new MessageFields(id, left, data, apnsHeaders, webHeaders);
    }

    private static object Body(PushMessage message, PushTarget target)
    {
        var fields = Fields(message);
        return new
        {
            message = new
            {
                token = target.Address,
                notification = new { title = message.Title, body = message.Body },
                data = fields.Data,
                android = new { priority = "high", ttl = $"{fields.SecondsLeft}s", notification = new { tag = fields.Id } },
                apns = new { headers = fields.ApnsHeaders, payload = new { aps = new { sound = "default", category = message.Event } } },
                webpush = new { headers = fields.WebHeaders, notification = new { tag = fields.Id, renotify = false } },
                fcm_options = new { analytics_label = message.Event },
            },
        };
    }

    internal sealed record MessageFields(
        string Id, long SecondsLeft, IReadOnlyDictionary<string, string> Data, IReadOnlyDictionary<string, string> ApnsHeaders, IReadOnlyDictionary<string, string> WebHeaders);
}
