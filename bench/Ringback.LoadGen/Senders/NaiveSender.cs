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

    private static object Body(PushMessage message, PushTarget target)
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
        return new
        {
            message = new
            {
                token = target.Address,
                notification = new { title = message.Title, body = message.Body },
                data,
                android = new { priority = "high", ttl = $"{left}s", notification = new { tag = id } },
                apns = new
                {
                    headers = new Dictionary<string, string>
                    {
                        ["apns-push-type"] = "alert",
                        ["apns-priority"] = "10",
                        ["apns-expiration"] = message.ExpiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                        ["apns-collapse-id"] = id,
                    },
                    payload = new { aps = new { sound = "default", category = message.Event } },
                },
                webpush = new
                {
                    headers = new { TTL = left.ToString(CultureInfo.InvariantCulture), Urgency = "high", Topic = Convert.ToBase64String(message.NotificationId.ToByteArray(bigEndian: true)).TrimEnd('=') },
                    notification = new { tag = id, renotify = false },
                },
                fcm_options = new { analytics_label = message.Event },
            },
        };
    }
}
