using System.Buffers;
using System.Buffers.Text;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace Ringback.FcmEmulator.PushService;

/// <summary>
/// One Firefox on the push protocol of Mozilla's autopush: JSON in text frames, see
/// https://mozilla-push-service.readthedocs.io/en/latest/design/#push-user-agent-protocol.
/// </summary>
internal sealed class AutopushConnection(WebSocket socket, PushChannels channels, Func<string, Uri> endpointOf) : IDisposable
{
    private const int MaxFrameBytes = 64 * 1024;

    /// <summary>Frames that wait for a browser that does not read; past this it is cut off and gets them again after its next hello.</summary>
    private const int MaxWaitingFrames = 1_000;

    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(MaxWaitingFrames);
    private readonly CancellationTokenSource _closing = new();
    private string? _userAgent;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, _closing.Token);
        var sending = SendAllAsync(ends.Token);
        try
        {
            while (await ReceiveAsync(ends.Token) is { } frame)
            {
                if (!Handle(frame))
                {
                    break;
                }
            }
        }
        catch (Exception over) when (over is OperationCanceledException or WebSocketException or JsonException)
        {
            // The browser went away, another connection took its place, or it does not speak the protocol: there is nobody to tell.
        }
        finally
        {
            if (_userAgent is not null)
            {
                channels.Detach(_userAgent, this);
            }
            _outgoing.Writer.TryComplete();
            await _closing.CancelAsync();
            await sending;
            socket.Abort();
        }
    }

    public void Dispose() => _closing.Dispose();

    public void Close()
    {
        try
        {
            _closing.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at the same moment.
        }
    }

    public void Notify(PushChannel channel, PushNotice notice)
        => Send(json =>
        {
            json.WriteString("messageType", "notification");
            json.WriteString("channelID", channel.ChannelId);
            json.WriteString("version", notice.Version);
            json.WriteNumber("ttl", notice.TtlSeconds);
            json.WriteString("data", Base64Url.EncodeToString(notice.Body.Span));
            json.WriteStartObject("headers");
            json.WriteString("encoding", "aes128gcm");
            json.WriteEndObject();
        });

    /// <summary>False ends the connection.</summary>
    private bool Handle(byte[] frame)
    {
        using var json = JsonDocument.Parse(frame);
        var message = json.RootElement;
        if (message.ValueKind != JsonValueKind.Object)
        {
            return false;
        }
        switch (Text(message, "messageType"))
        {
            case null or "ping":
                Send(_ => { });
                return true;
            case "hello" when _userAgent is null:
                Greet(message);
                return true;
            case "register" when _userAgent is not null && Text(message, "channelID") is { Length: > 0 and < 100 } channelId:
                Register(channelId, Text(message, "key"));
                return true;
            case "unregister" when _userAgent is not null && Text(message, "channelID") is { } channelId:
                channels.Unregister(_userAgent, channelId);
                Send(answer =>
                {
                    answer.WriteString("messageType", "unregister");
                    answer.WriteString("channelID", channelId);
                    answer.WriteNumber("status", 200);
                });
                return true;
            case "ack" when _userAgent is not null && message.TryGetProperty("updates", out var updates) && updates.ValueKind == JsonValueKind.Array:
                foreach (var update in updates.EnumerateArray())
                {
                    Acknowledge(update, Text(update, "channelID"));
                }
                return true;
            case "nack" when _userAgent is not null:
                Acknowledge(message, null);
                return true;
            case "broadcast_subscribe":
                return true;
            default:
                return false;
        }
    }

    private void Greet(JsonElement hello)
        => _userAgent = channels.Attach(Text(hello, "uaid"), this, (userAgent, pending) =>
        {
            Send(json =>
            {
                json.WriteString("messageType", "hello");
                json.WriteString("uaid", userAgent);
                json.WriteNumber("status", 200);
                json.WriteBoolean("use_webpush", true);
                json.WriteStartObject("broadcasts");
                json.WriteEndObject();
            });
            foreach (var (channel, notice) in pending)
            {
                Notify(channel, notice);
            }
        });

    private void Register(string channelId, string? key)
    {
        var channel = channels.Register(_userAgent!, channelId, key);
        Send(json =>
        {
            json.WriteString("messageType", "register");
            json.WriteString("channelID", channelId);
            json.WriteNumber("status", channel is null ? 500 : 200);
            if (channel is not null)
            {
                json.WriteString("pushEndpoint", endpointOf(channel.EndpointId).ToString());
            }
        });
    }

    private void Acknowledge(JsonElement update, string? channelId)
    {
        if (Text(update, "version") is { } version)
        {
            channels.Acknowledge(_userAgent!, channelId, version, update.TryGetProperty("code", out var code) && code.TryGetInt32(out var number) ? number : 100);
        }
    }

    private void Send(Action<Utf8JsonWriter> fields)
    {
        var frame = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(frame))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }
        if (!_outgoing.Writer.TryWrite(frame.WrittenSpan.ToArray()))
        {
            Close();
        }
    }

    private async Task SendAllAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (var frame in _outgoing.Reader.ReadAllAsync(cancellation))
            {
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, cancellation);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or WebSocketException)
        {
            Close();
        }
    }

    /// <summary>The next whole message; null at the end, or for one that is too long.</summary>
    private async Task<byte[]?> ReceiveAsync(CancellationToken cancellation)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        while (true)
        {
            var read = await socket.ReceiveAsync(message.GetMemory(4096), cancellation);
            message.Advance(read.Count);
            if (read.MessageType != WebSocketMessageType.Text || message.WrittenCount > MaxFrameBytes)
            {
                return null;
            }
            if (read.EndOfMessage)
            {
                return message.WrittenSpan.ToArray();
            }
        }
    }

    private static string? Text(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() : null;
}
