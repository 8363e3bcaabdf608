using System.Buffers.Text;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.FcmEmulator.Tests.PushService;

/// <summary>As much of a Firefox as its push service and the FCM REST paths get to see.</summary>
internal sealed class TestBrowser(TestEmulator emulator) : IDisposable
{
    public const string SdkKey = "BDOU99-h67HcA6JeFXHbSNMu7e2yNNu3RzoMj8TM4W88jITfq7ZmPvIM1Iv-4_l2LxQcYwhqby2xGpWwzjfAnG4";
    public const string ChannelId = "8f3a1c52-5b0e-4d2f-9d3a-0a4f5f6c7d8e";

    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _auth = RandomNumberGenerator.GetBytes(16);
    private ClientWebSocket _socket = new();

    public string UserAgent { get; private set; } = "";

    public Uri? Endpoint { get; private set; }

    public string FisToken { get; private set; } = "";

    public string Fid { get; private set; } = "";

    public async Task ConnectAsync()
    {
        _socket.Dispose();
        _socket = new ClientWebSocket();
        _socket.Options.AddSubProtocol("push-notification");
        var address = new UriBuilder(emulator.Http.BaseAddress!) { Scheme = "ws", Path = "/push" }.Uri;
        await _socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        await SendAsync(new JsonObject { ["messageType"] = "hello", ["use_webpush"] = true, ["uaid"] = UserAgent, ["broadcasts"] = new JsonObject() });
        var hello = await ReceiveAsync();
        Assert.Equal("hello", (string?)hello["messageType"]);
        UserAgent = (string)hello["uaid"]!;
    }

    public async Task SubscribeAsync(string key = SdkKey)
    {
        await SendAsync(new JsonObject { ["messageType"] = "register", ["channelID"] = ChannelId, ["key"] = key });
        Endpoint = new Uri((string)(await ReceiveAsync())["pushEndpoint"]!);
    }

    public Task SendAsync(JsonObject message)
        => _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    public async Task<JsonNode> ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        var read = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.True(read.EndOfMessage);
        return JsonNode.Parse(buffer.AsSpan(0, read.Count))!;
    }

    public Task AcknowledgeAsync(JsonNode notification, int code = 100)
        => SendAsync(new JsonObject
        {
            ["messageType"] = "ack",
            ["updates"] = new JsonArray(new JsonObject { ["channelID"] = ChannelId, ["version"] = (string)notification["version"]!, ["code"] = code }),
        });

    /// <summary>Installs the app, as the SDK does before anything else.</summary>
    public async Task InstallAsync(string project = TestEmulator.Project)
    {
        using var answer = await CallAsync(HttpMethod.Post, $"/v1/projects/{project}/installations",
            new { fid = "cAAAAAAAAAAAAAAAAAAAAA", authVersion = "FIS_v2", appId = "1:123456789:web:abcdef", sdkVersion = "w:0.6.9" });
        var body = await TestEmulator.JsonOf(answer);
        Fid = (string)body["fid"]!;
        FisToken = (string)body["authToken"]!["token"]!;
    }

    /// <summary>What getToken posts; with an SDK version, what register() posts.</summary>
    public Task<HttpResponseMessage> RegisterAsync(string? sdkVersion = null, string project = TestEmulator.Project)
    {
        var web = new { origin = "localhost", endpoint = Endpoint!.ToString(), p256dh = Base64Url.EncodeToString(Point()), auth = Base64Url.EncodeToString(_auth) };
        return CallAsync(HttpMethod.Post, $"/v1/projects/{project}/registrations", sdkVersion is null ? new { web } : new { web, fcm_sdk_version = sdkVersion });
    }

    public async Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, object? body, string? authorization = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("x-goog-api-key", "any");
        request.Headers.Add("x-goog-firebase-installations-auth", $"FIS {FisToken}");
        if (authorization is not null)
        {
            request.Headers.Add("Authorization", authorization);
        }
        return await emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Decrypts a notification by RFC 8291, written independently of the emulator's side.</summary>
    public JsonNode Read(JsonNode notification)
    {
        ReadOnlySpan<byte> body = Base64Url.DecodeFromChars((string)notification["data"]!);
        var senderPoint = body.Slice(21, 65);
        using var sender = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = senderPoint.Slice(1, 32).ToArray(), Y = senderPoint.Slice(33, 32).ToArray() },
        });
        byte[] info = [.. "WebPush: info\0"u8, .. Point(), .. senderPoint];
        var input = HKDF.DeriveKey(HashAlgorithmName.SHA256, _key.DeriveRawSecretAgreement(sender.PublicKey), 32, _auth, info);
        var salt = body[..16].ToArray();
        using var gcm = new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 16, salt, "Content-Encoding: aes128gcm\0"u8.ToArray()), 16);
        var content = new byte[body.Length - 86 - 16];
        gcm.Decrypt(HKDF.DeriveKey(HashAlgorithmName.SHA256, input, 12, salt, "Content-Encoding: nonce\0"u8.ToArray()), body[86..^16], body[^16..], content);
        Assert.Equal(2, content[^1]);
        return JsonSerializer.Deserialize<JsonNode>(content.AsSpan(..^1))!;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _key.Dispose();
    }

    private byte[] Point()
    {
        var key = _key.ExportParameters(false);
        return [4, .. key.Q.X!, .. key.Q.Y!];
    }
}
