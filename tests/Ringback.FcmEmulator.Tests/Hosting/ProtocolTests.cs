using System.Net;
using System.Net.Sockets;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Hosting;

public sealed class ProtocolTests
{
    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_one_port_speaks_the_version_that_the_client_begins_with(string version)
    {
        await using var emulator = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("""{"status":"ok"}""", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(version == "2.0" ? HttpVersion.Version20 : HttpVersion.Version11, answer.Version);
    }

    [Fact]
    public async Task Every_url_of_the_application_leads_to_the_emulator()
    {
        await using var emulator = await StartAsync();
        Assert.NotEmpty(emulator.Urls);
        foreach (var url in emulator.Urls)
        {
            Assert.Equal("""{"status":"ok"}""", await emulator.Http.GetStringAsync(new Uri(new Uri(url), "/healthz"), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_connection_carries_many_sends_at_once()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false };
        using var http = new HttpClient(handler)
        {
            BaseAddress = emulator.Http.BaseAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        http.DefaultRequestHeaders.Authorization = emulator.Http.DefaultRequestHeaders.Authorization;
        var sends = Enumerable.Range(0, 300).Select(async index =>
        {
            using var body = new StringContent($$$"""{"message":{"token":"t{{{index}}}"}}""");
            using var answer = await http.PostAsync("/v1/projects/demo/messages:send", body, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        });
        Assert.All(await Task.WhenAll(sends), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(300, (await emulator.InboxAsync()).Count);
    }

    [Fact]
    public async Task The_preface_is_recognised_byte_by_byte_and_a_request_that_resembles_it_too()
    {
        await using var emulator = await StartAsync();
        using var http2 = await ConnectAsync(emulator);
        foreach (var letter in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray())
        {
            await http2.GetStream().WriteAsync(new[] { letter }, TestContext.Current.CancellationToken);
        }
        // An empty SETTINGS frame completes the preface; the server's own begins with its length, then type 4.
        await http2.GetStream().WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 }, TestContext.Current.CancellationToken);
        var frame = new byte[9];
        await http2.GetStream().ReadExactlyAsync(frame, TestContext.Current.CancellationToken);
        Assert.Equal(4, frame[3]);

        using var http1 = await ConnectAsync(emulator);
        await http1.GetStream().WriteAsync("PRINT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(http1.GetStream());
        Assert.StartsWith("HTTP/1.1 405", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_connection_does_not_hold_up_the_end()
    {
        var emulator = await StartAsync();
        using var silent = await ConnectAsync(emulator);
        using var halfPreface = await ConnectAsync(emulator);
        await halfPreface.GetStream().WriteAsync("PRI *"u8.ToArray(), TestContext.Current.CancellationToken);
        // Connections are accepted in order: once this one is answered, the two before it are in.
        Assert.NotEmpty(await emulator.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
        var start = TimeProvider.System.GetTimestamp();
        await emulator.DisposeAsync();
        // Past this the host gives up waiting and aborts the connections.
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
        Assert.Equal(0, await silent.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    private static async Task<TcpClient> ConnectAsync(TestEmulator emulator)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, emulator.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        return client;
    }
}
