using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Web;

/// <summary>What Google's front end has against an API key, and against an app of another project.</summary>
public sealed class ApiKeyTests
{
    [Theory]
    [InlineData("any", 200, null)]
    [InlineData("AIza-anything", 200, null)]
    [InlineData("AIzainvalid-1", 400, "API_KEY_INVALID")]
    [InlineData("invalid-1", 400, "API_KEY_INVALID")]
    [InlineData("AIzaexpired-1", 400, "API_KEY_INVALID")]
    [InlineData("AIzareferrer-1", 403, "API_KEY_HTTP_REFERRER_BLOCKED")]
    [InlineData("AIzaservice-1", 403, "API_KEY_SERVICE_BLOCKED")]
    [InlineData("AIzaapioff-1", 403, "SERVICE_DISABLED")]
    [InlineData("AIzanoregister-1", 200, null)]
    public async Task The_beginning_of_an_API_key_chooses_the_answer_of_installations(string key, int status, string? reason)
    {
        await using var emulator = await StartAsync();
        using var answer = await InstallAsync(emulator, key, "1:123:web:ab");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(reason, ReasonOf(await JsonOf(answer)));
    }

    [Fact]
    public async Task A_key_may_be_good_for_installations_and_not_for_registrations()
    {
        await using var emulator = await StartAsync();
        using var installed = await InstallAsync(emulator, "AIzanoregister-1", "1:123:web:ab");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/projects/demo/registrations") { Content = JsonContent.Create(new { }) };
        request.Headers.Add("x-goog-api-key", "AIzanoregister-1");
        request.Headers.Add("x-goog-firebase-installations-auth", $"FIS {(await JsonOf(installed))["authToken"]!["token"]}");
        using var answer = await emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("API_KEY_SERVICE_BLOCKED", ReasonOf(await JsonOf(answer)));
    }

    [Fact]
    public async Task A_blocked_referrer_is_named_as_it_came()
    {
        await using var emulator = await StartAsync();
        using var without = await InstallAsync(emulator, "AIzareferrer-1", "1:123:web:ab");
        Assert.Equal("Requests from referer <empty> are blocked.", (string?)(await JsonOf(without))["error"]!["message"]);
        emulator.Http.DefaultRequestHeaders.Referrer = new Uri("https://ringback.example/");
        using var with = await InstallAsync(emulator, "AIzareferrer-1", "1:123:web:ab");
        Assert.Equal("Requests from referer https://ringback.example/ are blocked.", (string?)(await JsonOf(with))["error"]!["message"]);
    }

    [Fact]
    public async Task A_web_app_belongs_to_its_project_and_is_the_same_in_every_emulator()
    {
        await using var emulator = await StartAsync();
        await using var another = await StartAsync();
        await emulator.MintAsync("demo");
        await emulator.MintAsync("other");
        var app = await emulator.Http.GetStringAsync("/web-apps/other", TestContext.Current.CancellationToken);
        Assert.Equal(app, await another.Http.GetStringAsync("/web-apps/other", TestContext.Current.CancellationToken));
        var config = JsonNode.Parse(app)!;
        Assert.Matches("^1:[0-9]{12}:web:[0-9a-f]{22}$", (string?)config["appId"]);
        Assert.Matches("^AIza[0-9A-Za-z_-]{35}$", (string?)config["apiKey"]);
        Assert.Equal(((string)config["appId"]!).Split(':')[1], (string?)config["messagingSenderId"]);
        using var own = await InstallAsync(emulator, (string)config["apiKey"]!, (string)config["appId"]!, "other");
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        using var foreign = await InstallAsync(emulator, (string)config["apiKey"]!, (string)config["appId"]!);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal("PERMISSION_DENIED", (string?)(await JsonOf(foreign))["error"]!["status"]);
        using var none = await emulator.Http.GetAsync("/web-apps/No_Project", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    private static Task<HttpResponseMessage> InstallAsync(TestEmulator emulator, string key, string appId, string project = "demo")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/projects/{project}/installations")
        {
            Content = JsonContent.Create(new { fid = "not one", authVersion = "FIS_v2", appId, sdkVersion = "w:1" }),
        };
        request.Headers.Add("x-goog-api-key", key);
        return emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string? ReasonOf(JsonNode answer) =>
        (string?)answer["error"]?["details"]?.AsArray().Select(d => d!["reason"]).FirstOrDefault(r => r is not null);
}
