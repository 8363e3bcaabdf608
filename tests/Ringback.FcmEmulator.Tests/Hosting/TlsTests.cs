using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Hosting;

public sealed class TlsTests
{
    [Theory]
    [InlineData("https://fcm.googleapis.com/healthz", "1.1")]
    [InlineData("https://fcmregistrations.googleapis.com/healthz", "2.0")]
    [InlineData("https://firebaseinstallations.googleapis.com/healthz", "1.1")]
    [InlineData("https://oauth2.googleapis.com/healthz", "2.0")]
    public async Task Whoever_trusts_the_certificate_finds_googles_hosts_here(string url, string version)
    {
        await using var emulator = await StartAsync(new() { TlsPort = 0 });
        var port = new Uri(emulator.Urls.Single(address => address.StartsWith("https:", StringComparison.Ordinal))).Port;
        using var trusted = X509Certificate2.CreateFromPem(await emulator.Http.GetStringAsync("/certificate", TestContext.Current.CancellationToken));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck };
        handler.ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var http = new HttpClient(handler) { DefaultRequestVersion = Version.Parse(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        Assert.Equal("""{"status":"ok"}""", await http.GetStringAsync(new Uri(url), TestContext.Current.CancellationToken));
    }
}
