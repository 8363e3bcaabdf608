using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Ringback.FcmEmulator.Hosting;
using Ringback.FcmEmulator.WebPush;

namespace Ringback.FcmEmulator.PushService;

/// <summary>A push service for Firefox: <c>/push</c> for browsers, <c>/wpush/v2/ID</c> for senders (RFC 8030), <c>/push/channels</c> to look in.</summary>
internal sealed class PushServiceEndpoints(PushChannels channels, WebPushKeys keys, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private const string Subprotocol = "push-notification";

    /// <summary>What RFC 8030, section 7.2, obliges push services to carry, and what Mozilla's carries.</summary>
    private const int MaxBodyBytes = 4096;

    /// <summary>Mozilla keeps messages for a month at most; whatever is asked for beyond is cut to it.</summary>
    private const int MaxTtlSeconds = 30 * 24 * 3600;

    public static void Map(WebApplication app)
    {
        var endpoints = ActivatorUtilities.CreateInstance<PushServiceEndpoints>(app.Services);
        app.MapGet("/push", (RequestDelegate)endpoints.ConnectAsync);
        app.MapPost("/wpush/v2/{id}", (RequestDelegate)endpoints.PushAsync);
        app.MapGet("/push/channels", (RequestDelegate)endpoints.ListAsync);
        app.MapDelete("/push/channels/{id}", (RequestDelegate)endpoints.EndAsync);
    }

    private async Task ConnectAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest || !context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol))
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, $"This is a WebSocket of the subprotocol {Subprotocol}.");
            return;
        }
        var origin = Origin(context.Request);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(Subprotocol);
        using var browser = new AutopushConnection(socket, channels, id => new Uri($"{origin}/wpush/v2/{id}"));
        await browser.RunAsync(lifetime.ApplicationStopping);
    }

    private async Task PushAsync(HttpContext context)
    {
        var request = context.Request;
        if (!channels.TryFind((string)request.RouteValues["id"]!, out var channel))
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status410Gone, "The subscription is gone.");
        }
        else if (channel.Key is not null && !IsAuthorized(request, channel.Key))
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status401Unauthorized, "The VAPID token is not one of the key of this subscription.");
        }
        else if (!int.TryParse(request.Headers["TTL"], NumberStyles.None, CultureInfo.InvariantCulture, out var ttl)
            || request.Headers.ContentEncoding != "aes128gcm")
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "A message needs TTL and Content-Encoding: aes128gcm.");
        }
        else if (await ReadAsync(request.BodyReader, context.RequestAborted) is not { } body)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status413PayloadTooLarge, $"A message has at most {MaxBodyBytes} bytes.");
        }
        else
        {
            channels.Push(channel, body, Math.Min(ttl, MaxTtlSeconds));
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.Location = $"{Origin(request)}{request.Path}";
            context.Response.Headers["TTL"] = Math.Min(ttl, MaxTtlSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    private bool IsAuthorized(HttpRequest request, string key)
        => Vapid.TryRead(request.Headers.Authorization.ToString(), Origin(request), clock.GetUtcNow(), out var signer)
            && (signer == key.TrimEnd('=') || (key.TrimEnd('=') == WebPushKeys.SdkDefault && keys.IsOurs(signer)));

    private Task ListAsync(HttpContext context)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("channels");
            foreach (var channel in channels.List())
            {
                json.WriteStartObject();
                json.WriteString("id", channel.EndpointId);
                json.WriteBoolean("connected", channel.IsConnected);
                json.WriteNumber("pending", channel.Pending);
                json.WriteNumber("acknowledged", channel.Acknowledged);
                if (channel.LastCode is { } code)
                {
                    json.WriteNumber("lastCode", code);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private Task EndAsync(HttpContext context)
    {
        if (!channels.End((string)context.Request.RouteValues["id"]!))
        {
            return JsonAnswer.ErrorAsync(context, StatusCodes.Status404NotFound, "There is no such channel.");
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string Origin(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    private static async Task<byte[]?> ReadAsync(PipeReader reader, CancellationToken aborted)
    {
        while (true)
        {
            var read = await reader.ReadAsync(aborted);
            if (read.Buffer.Length > MaxBodyBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
