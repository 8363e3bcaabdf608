using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.Browser.Tests;

/// <summary>An emulator with TLS, a site, a browser, and a sender with a bearer token.</summary>
internal sealed class World : IAsyncDisposable
{
    private readonly WebApplication _emulator;
    private readonly HttpClient _http;

    private World(WebApplication emulator, HttpClient http, SdkSite site, Firefox firefox)
    {
        _emulator = emulator;
        _http = http;
        Site = site;
        Firefox = firefox;
    }

    public SdkSite Site { get; }

    public Firefox Firefox { get; }

    public Uri Emulator => _http.BaseAddress!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<World> StartAsync()
    {
        var emulator = EmulatorHost.Build(new EmulatorOptions { TlsPort = 0, AnyAccount = true, RegisteredOnly = true }, TimeProvider.System);
        await emulator.StartAsync(Cancellation);
        var address = EmulatorHost.AddressOf(emulator);
        var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await BearerAsync(http));
        var site = await SdkSite.StartAsync(Cancellation);
        return new World(emulator, http, site, await Firefox.StartAsync(address, EmulatorHost.TlsAddressOf(emulator)!, Cancellation));
    }

    public async Task SendOkAsync(string message)
    {
        using var answer = await SendAsync(message);
        Assert.Equal("", answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync(Cancellation));
    }

    public async Task AssertRefusedAsync(string message, HttpStatusCode status, string errorCode)
    {
        using var answer = await SendAsync(message);
        Assert.Equal(status, answer.StatusCode);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["error"]!;
        Assert.Equal(errorCode, (string?)error["details"]![0]!["errorCode"]);
    }

    public async Task AddRuleAsync(string rule)
    {
        using var body = new StringContent(rule, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync("/faults/rules", body, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    public async Task AddDeviceAsync(string token)
    {
        using var body = new StringContent($$"""{"projectId":"demo","token":"{{token}}"}""", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync("/devices", body, Cancellation);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    /// <summary>The registrations that the emulator knows, each as token and state.</summary>
    public async Task<IReadOnlyList<string>> DevicesAsync() =>
        [.. JsonNode.Parse(await _http.GetStringAsync("/devices", Cancellation))!["devices"]!.AsArray().Select(d => $"{d!["token"]} {d["state"]}")];

    public async Task ClearRulesAsync()
    {
        using var answer = await _http.DeleteAsync("/faults/rules", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>Waits until the browser's last word on some message is this code.</summary>
    public async Task UntilAcknowledgedAsync(int code)
    {
        while (!JsonNode.Parse(await _http.GetStringAsync("/push/channels", Cancellation))!["channels"]!.AsArray()
            .Any(channel => (int?)channel!["lastCode"] == code))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Firefox.DisposeAsync();
        await Site.DisposeAsync();
        _http.Dispose();
        await _emulator.StopAsync();
        await _emulator.DisposeAsync();
    }

    private Task<HttpResponseMessage> SendAsync(string message)
        => _http.PostAsync("/v1/projects/demo/messages:send", new StringContent($$"""{"message":{{message}}}""", Encoding.UTF8, "application/json"), Cancellation);

    private static async Task<string> BearerAsync(HttpClient http)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = $$"""{"iss":"tests@demo.iam.gserviceaccount.com","scope":"https://www.googleapis.com/auth/firebase.messaging","aud":"https://oauth2.googleapis.com/token","iat":{{now}},"exp":{{now + 3600}}}""";
        var signed = Base64Url.EncodeToString("""{"alg":"RS256"}"""u8) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            // --any-account looks at no signature.
            ["assertion"] = $"{signed}.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(256))}",
        });
        using var answer = await http.PostAsync("/token", form, Cancellation);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!["access_token"]!;
    }
}
