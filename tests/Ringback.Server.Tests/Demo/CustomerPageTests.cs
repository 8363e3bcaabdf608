using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Access;

namespace Ringback.Server.Tests.Demo;

/// <summary>The customer's page <c>/demo</c>: off unless it is switched on, and then with a key that may do nothing else.</summary>
public sealed class CustomerPageTests
{
    /// <summary>The first tenant of a site; a key can be made before there is a tenant.</summary>
    private static readonly string key = ApiKey.New(new Engine.TenantId(1));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/demo")]
    [InlineData("/demo/")]
    [InlineData("/demo/config.json")]
    [InlineData("/demo/ringback-push.js")]
    public async Task Where_it_is_not_switched_on_it_is_not_there(string path)
    {
        await using var site = await TestSite.StartAsync(provision: false);
        using var http = Client(site);
        using var answer = await http.GetAsync(path, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Switched_on_it_serves_page_module_and_worker_under_a_policy_that_lets_nothing_else_run()
    {
        await using var site = await StartAsync();
        using var http = Client(site);
        using (var bare = await http.GetAsync("/demo", Cancellation)) Assert.Equal((HttpStatusCode.Found, "/demo/"), (bare.StatusCode, bare.Headers.Location?.OriginalString));
        foreach (var (file, type) in new Dictionary<string, string>
        {
            [""] = "text/html",
            ["sample.css"] = "text/css",
            ["sample.js"] = "text/javascript",
            ["sample-words.js"] = "text/javascript",
            ["ringback-push.js"] = "text/javascript",
            ["ringback-push-sw.js"] = "text/javascript",
            ["firebase.js"] = "text/javascript",
        })
        {
            using var answer = await http.GetAsync($"/demo/{file}", Cancellation);
            Assert.Equal((file, HttpStatusCode.OK, type), (file, answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Equal(await System.IO.File.ReadAllTextAsync(Path.Combine(DemoRun.Root, "clients/web", file.Length == 0 ? "index.html" : file), Cancellation),
                await answer.Content.ReadAsStringAsync(Cancellation));
            using var again = new HttpRequestMessage(HttpMethod.Get, $"/demo/{file}") { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
            using var unchanged = await http.SendAsync(again, Cancellation);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Equal($"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {Origin(site)}; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                policy.Replace($" {Origin(site)} {Origin(site)}", $" {Origin(site)}", StringComparison.Ordinal));
        }
        using var unknown = await http.GetAsync("/demo/README.md", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_page_gets_the_customers_key_the_queues_and_the_web_app()
    {
        await using var site = await StartAsync();
        await AddKeyAsync(site, ApiRights.Engagement);
        var config = (await site.Home.SendAsync(HttpMethod.Get, "/demo/config.json")).ExpectOk().Json;
        Assert.Equal(key, (string?)config["apiKey"]);
        Assert.Equal("""[{"name":"support","callIn":false},{"name":"callin","callIn":true}]""", config["queues"]!.ToJsonString());
        Assert.Equal(("demo-app", "AIzaDemo", "1:2:web:3", Origin(site)), (Text("project"), Text("apiKey"), Text("appId"), Text("installations")?.TrimEnd('/')));
        Assert.Null(config["firebase"]!["vapidKey"]);

        string? Text(string name) => (string?)config["firebase"]![name];
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ApiRights.Management)]
    [InlineData(ApiRights.Engagement | ApiRights.Publish)]
    public async Task A_key_that_is_unknown_or_may_do_more_is_not_given_away(ApiRights? rights)
    {
        await using var site = await StartAsync();
        if (rights is { } more) await AddKeyAsync(site, more);
        var answer = await site.Home.SendAsync(HttpMethod.Get, "/demo/config.json");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "demo.key_unfit"), (answer.Status, (string?)answer.Json["code"]));
        Assert.DoesNotContain(key, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Demo:ApiKey", "", "Demo:ApiKey is missing")]
    [InlineData("Demo:WebApp", """{"projectId":"p","apiKey":"k"}""", "Demo:WebApp must be the firebaseConfig")]
    [InlineData("Demo:Queues", "a", "Demo:Queues is no setting")]
    [InlineData("Demo:Enabled", "perhaps", "Demo:Enabled must be true or false")]
    public async Task A_page_that_cannot_work_keeps_the_server_from_starting(string setting, string value, string words)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync((setting, value)));
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    private static Task<TestSite> StartAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Demo:Enabled"] = "true",
            ["Demo:ApiKey"] = key,
            ["Demo:WebApp"] = """{"projectId":"demo-app","apiKey":"AIzaDemo","appId":"1:2:web:3","messagingSenderId":"2"}""",
        };
        foreach (var (name, value) in more) settings[name] = value;
        return TestSite.StartAsync(provision: false, settings: settings);
    }

    private static async Task AddKeyAsync(TestSite site, ApiRights rights)
    {
        Assert.Equal(new Engine.TenantId(1), site.Home.Keys.Tenant);
        await site.Services.GetRequiredService<IAccessStore>().AddKeyAsync(
            new ApiKeyRecord(site.Home.Keys.Tenant, Guid.CreateVersion7(site.Now), "page", rights, ApiKey.Hash(key), site.Now, null));
    }

    private static HttpClient Client(TestSite site) => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = site.ServerAddress };

    private static string Origin(TestSite site) => site.EmulatorAddress.GetLeftPart(UriPartial.Authority);
}
