using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.Browser.Tests;

/// <summary>npm's firebase-admin, with Google's hosts mapped to the emulator and nothing else changed.</summary>
public sealed class AdminSdkTests
{
    [Fact(Timeout = 120_000)]
    public async Task Node_signs_in_and_sends_and_reads_the_refusals()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("ringback-admin-");
        await using var emulator = EmulatorHost.Build(new EmulatorOptions { TlsPort = 0 }, TimeProvider.System);
        await emulator.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = EmulatorHost.AddressOf(emulator) };
        var certificate = Path.Combine(folder.FullName, "emulator.pem");
        var account = Path.Combine(folder.FullName, "account.json");
        try
        {
            await File.WriteAllTextAsync(certificate, await http.GetStringAsync("/certificate", cancellation), cancellation);
            using var body = new StringContent("""{"projectId":"demo"}""", Encoding.UTF8, "application/json");
            using var minted = await http.PostAsync("/accounts", body, cancellation);
            await File.WriteAllTextAsync(account, await minted.Content.ReadAsStringAsync(cancellation), cancellation);

            var answers = await RunNodeAsync(emulator, certificate, cancellation, account, "phone-1", "unregistered-1", "mismatch-1", "quota-1");
            Assert.StartsWith("projects/demo/messages/0:", (string?)answers[0], StringComparison.Ordinal);
            Assert.Equal(
                ["messaging/registration-token-not-registered", "messaging/mismatched-credential", "messaging/message-rate-exceeded"],
                answers.Skip(1).Select(answer => (string)answer!));
            var inbox = JsonNode.Parse(await http.GetStringAsync("/inbox", cancellation))!["messages"]!.AsArray();
            Assert.Equal("phone-1", (string?)Assert.Single(inbox)!["message"]!["token"]);
        }
        finally
        {
            folder.Delete(recursive: true);
            await emulator.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<JsonArray> RunNodeAsync(WebApplication emulator, string certificate, CancellationToken cancellation, params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["--require", "./map-hosts.cjs", "admin-send.cjs", .. arguments])
        {
            WorkingDirectory = SdkSite.WebFolder,
            RedirectStandardOutput = true,
            Environment =
            {
                ["FCM_EMULATOR_TLS_PORT"] = EmulatorHost.TlsAddressOf(emulator)!.Port.ToString(CultureInfo.InvariantCulture),
                ["NODE_EXTRA_CA_CERTS"] = certificate,
            },
        })!;
        var output = await node.StandardOutput.ReadToEndAsync(cancellation);
        await node.WaitForExitAsync(cancellation);
        return JsonNode.Parse(output)!.AsArray();
    }
}
