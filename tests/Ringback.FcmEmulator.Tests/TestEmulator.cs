using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Time.Testing;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Tests;

/// <summary>An emulator on a real socket with a clock that only the test moves.</summary>
internal sealed class TestEmulator : IAsyncDisposable
{
    public const string Project = "demo";

    /// <summary>One key for all tests that only need some account: making one takes longer than such a test.</summary>
    private static readonly Lazy<TestAccount> SharedAccount = new(() => TestAccount.Create("firebase-adminsdk-tests@demo.iam.gserviceaccount.com"));

    private readonly WebApplication _app;

    private TestEmulator(WebApplication app, FakeTimeProvider clock)
    {
        _app = app;
        Clock = clock;
        Http = new HttpClient { BaseAddress = EmulatorHost.AddressOf(app), Timeout = TimeSpan.FromSeconds(30) };
    }

    public FakeTimeProvider Clock { get; }

    public HttpClient Http { get; }

    public IEnumerable<string> Urls => _app.Urls;

    public static async Task<TestEmulator> StartAsync(EmulatorOptions? options = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 10, 15, 30, TimeSpan.Zero));
        var app = EmulatorHost.Build(options ?? new EmulatorOptions(), clock);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestEmulator(app, clock);
    }

    public async Task<TestAccount> MintAsync(string project = Project)
    {
        using var answer = await Http.PostAsJsonAsync("/accounts", new { projectId = project }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return new TestAccount((await JsonOf(answer)).AsObject());
    }

    public Task<HttpResponseMessage> ExchangeAsync(string assertion, string grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer")
        => Http.PostAsync("/token", new FormUrlEncodedContent(
            new Dictionary<string, string> { ["grant_type"] = grantType, ["assertion"] = assertion }), TestContext.Current.CancellationToken);

    public async Task<string> BearerAsync(TestAccount account)
    {
        using var answer = await ExchangeAsync(account.Sign(Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (string)(await JsonOf(answer))["access_token"]!;
    }

    /// <summary>Registers an account and uses its bearer token for everything that follows.</summary>
    public async Task SignInAsync()
    {
        using var body = new StringContent($$"""{"serviceAccount":{{SharedAccount.Value.File.ToJsonString()}}}""", Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync("/accounts", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await BearerAsync(SharedAccount.Value));
    }

    public Task<HttpResponseMessage> SendAsync(string body, string project = Project)
        => Http.PostAsync($"/v1/projects/{project}/messages:send", new StringContent(body, Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SendToAsync(string token, string notificationId = "n1")
        => SendAsync($$$$"""{"message":{"token":"{{{{token}}}}","data":{"notificationId":"{{{{notificationId}}}}"}}}""");

    /// <summary>Adds a rule to the faults in force.</summary>
    public async Task<JsonNode> AddRuleAsync(string rule)
    {
        using var body = new StringContent(rule, Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync("/faults/rules", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await JsonOf(answer);
    }

    /// <summary>The protocol of everything that follows.</summary>
    public void UseVersion(string version)
    {
        Http.DefaultRequestVersion = Version.Parse(version);
        Http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
    }

    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async Task<JsonArray> InboxAsync(string query = "")
    {
        using var answer = await Http.GetAsync($"/inbox{query}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await JsonOf(answer))["messages"]!.AsArray();
    }

    /// <summary>Moves the clock a second at a time until the task ends: what waits by the clock may start waiting only after the first move.</summary>
    public async Task<TimeSpan> AdvanceUntilAsync(Task task)
    {
        var start = Clock.GetUtcNow();
        while (!task.IsCompleted && Clock.GetUtcNow() - start < TimeSpan.FromMinutes(10))
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken));
        }
        Assert.True(task.IsCompleted, "Ten minutes by the clock were not enough.");
        return Clock.GetUtcNow() - start;
    }

    public static async Task<JsonNode> JsonOf(HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        // Disposing alone would cut connections off; this is how the program ends.
        await _app.StopAsync(CancellationToken.None);
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
