using System.Net;
using Ringback.FcmEmulator.Tests.PushService;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Web;

public sealed class RegistrationTests
{
    [Fact]
    public async Task A_token_lives_from_get_token_to_delete_token()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var browser = new TestBrowser(emulator);
        await ReadyAsync(browser);
        using var registered = await browser.RegisterAsync();
        var token = (string)(await JsonOf(registered))["token"]!;
        Assert.StartsWith($"{browser.Fid}:APA91b", token, StringComparison.Ordinal);
        using var sent = await emulator.SendToAsync(token);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);

        using var deleted = await browser.CallAsync(HttpMethod.Delete, $"/v1/projects/demo/registrations/{token}", null);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        using var gone = await emulator.SendToAsync(token);
        Assert.Equal("UNREGISTERED", (string?)(await JsonOf(gone))["error"]!["details"]![0]!["errorCode"]);
    }

    [Fact]
    public async Task Register_makes_the_installation_id_the_target()
    {
        await using var emulator = await StartAsync(new() { RegisteredOnly = true });
        await emulator.SignInAsync();
        using var browser = new TestBrowser(emulator);
        await ReadyAsync(browser);
        using var registered = await browser.RegisterAsync("12.19.0");
        Assert.Equal($"projects/demo/registrations/{browser.Fid}", (string?)(await JsonOf(registered))["name"]);
        using var sent = await emulator.SendAsync($$$"""{"message":{"fid":"{{{browser.Fid}}}"}}""");
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        using var unregistered = await browser.CallAsync(HttpMethod.Delete, $"/v1/projects/demo/registrations/{browser.Fid}", null);
        using var gone = await emulator.SendAsync($$$"""{"message":{"fid":"{{{browser.Fid}}}"}}""");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task An_installation_gets_new_auth_tokens_for_its_refresh_token_only()
    {
        await using var emulator = await StartAsync();
        using var browser = new TestBrowser(emulator);
        using var created = await browser.CallAsync(HttpMethod.Post, "/v1/projects/demo/installations",
            new { fid = "not one", authVersion = "FIS_v2", appId = "1:1:web:a", sdkVersion = "w:1" });
        var body = await JsonOf(created);
        Assert.Matches("^[cdef][A-Za-z0-9_-]{21}$", (string)body["fid"]!);
        Assert.Equal("604800s", (string?)body["authToken"]!["expiresIn"]);
        var path = $"/v1/projects/demo/installations/{body["fid"]}/authTokens:generate";
        using var renewed = await browser.CallAsync(HttpMethod.Post, path, new { }, $"FIS_v2 {body["refreshToken"]}");
        Assert.NotEmpty((string)(await JsonOf(renewed))["token"]!);
        using var refused = await browser.CallAsync(HttpMethod.Post, path, new { }, $"FIS_v2 {body["authToken"]!["token"]}");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData("1:1:android:a", "FIS_v2")]
    [InlineData("", "FIS_v2")]
    [InlineData("1:1:web:a", "FIS_v1")]
    public async Task An_app_that_is_no_web_app_is_refused(string appId, string authVersion)
    {
        await using var emulator = await StartAsync();
        using var browser = new TestBrowser(emulator);
        using var answer = await browser.CallAsync(HttpMethod.Post, "/v1/projects/demo/installations", new { authVersion, appId, sdkVersion = "w:1" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Registrations_need_the_token_of_their_project_a_key_and_an_endpoint_that_is_allowed()
    {
        await using var emulator = await StartAsync();
        using var browser = new TestBrowser(emulator);
        await ReadyAsync(browser);
        using var foreign = await browser.RegisterAsync(project: "other");
        Assert.Equal(HttpStatusCode.Unauthorized, foreign.StatusCode);
        var web = new { endpoint = "http://192.0.2.1/", p256dh = "AA", auth = "AA" };
        using var outside = await browser.CallAsync(HttpMethod.Post, "/v1/projects/demo/registrations", new { web });
        Assert.Equal("web.endpoint", (string?)(await JsonOf(outside))["error"]!["details"]![1]!["fieldViolations"]![0]!["field"]);
        using var noKey = await browser.CallAsync(HttpMethod.Post, "/v1/projects/demo/registrations", new { web = web with { endpoint = "http://127.0.0.1/" } });
        Assert.Equal("web.p256dh", (string?)(await JsonOf(noKey))["error"]!["details"]![1]!["fieldViolations"]![0]!["field"]);
        emulator.Clock.Advance(TimeSpan.FromDays(7));
        using var expired = await browser.RegisterAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, expired.StatusCode);
    }

    [Theory]
    [InlineData("/v1/projects/demo/registrations", true)]
    [InlineData("/v1/projects/demo/installations", true)]
    [InlineData("/v1/projects/demo/messages:send", false)]
    [InlineData("/accounts", false)]
    public async Task Pages_of_other_origins_may_call_what_the_sdk_calls_and_nothing_else(string path, bool allowed)
    {
        await using var emulator = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", "http://localhost:5000");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-goog-api-key");
        using var answer = await emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(allowed, answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(allowed, answer.StatusCode == HttpStatusCode.NoContent);
    }

    private static async Task ReadyAsync(TestBrowser browser)
    {
        await browser.ConnectAsync();
        await browser.SubscribeAsync();
        await browser.InstallAsync();
    }
}
