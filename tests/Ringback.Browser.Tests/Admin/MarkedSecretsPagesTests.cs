using System.Text;
using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>
/// A marker in every secret, and every page opened by an administrator, who may see all of them: neither what the page holds nor what came over its connection has one (rule A4). The pages are made over that connection:
/// what a plain GET answers is an empty frame.
/// </summary>
[Collection(Pages.Name)]
public sealed class MarkedSecretsPagesTests(Chromium chromium) : IAsyncLifetime
{
    private const string Token = "marked-push-token-4711";
    private const string BadToken = "unregistered-marked-push-token-4712";
    private const string UserData = "marked-user-data-4713";
    private static readonly string[] secrets =
    [
        FirebaseAccount.First.Email, FirebaseAccount.Second.Email, .. FirebaseAccount.First.KeyLines, .. FirebaseAccount.Second.KeyLines, Token, BadToken, UserData, "ya29.", "eyJhbGci",
    ];

    private TestSite site = null!;

    public async ValueTask InitializeAsync() => site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact, Trait("Rule", "A4")]
    public async Task No_page_shows_a_secret_and_none_comes_over_its_connection()
    {
        var (callback, code) = await PlayAsync();
        var push = (await site.Home.ManageAsync(HttpMethod.Get, "deliveries")).ExpectOk().Json["deliveries"]!.AsArray().First(p => p!["state"]!.GetValue<string>() == "TARGET_DEAD")!["notificationId"]!;
        var callInPush = (await site.Home.ManageAsync(HttpMethod.Get, "deliveries?event=CALLBACK_CALL_IN")).ExpectOk().Json["deliveries"]![0]!["notificationId"]!;
        var queue = site.Query("select queue_id from queues where name = 'support'", r => r.GetInt32(0))[0];
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var received = new List<byte[]>();
        tab.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => received.Add(frame.Binary is { Length: > 0 } binary ? binary : Encoding.UTF8.GetBytes(frame.Text ?? ""));
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Administrator), "/admin/callbacks");
        foreach (var (path, shows) in ((string, string)[])
        [
            ("/admin/developer/credentials/push-notification", FirebaseAccount.First.Project), ("/admin/deliveries", "TARGET_DEAD"), ($"/admin/deliveries/{push}", "UNREGISTERED"), ($"/admin/deliveries/{callInPush}", "CALLBACK_CALL_IN"),
            ("/admin/callbacks", "Callbacks"), ($"/admin/callbacks/{callback}", "Firebase does not know the target any more"), ("/admin/settings", "support"), ($"/admin/settings/{queue}", "support"), ($"/admin/settings/{queue}/texts", "support"),
        ])
        {
            await tab.GoAsync(path);
            await Assertions.Expect(tab.Page.Locator("body")).ToContainTextAsync(shows);
            var held = await tab.Page.ContentAsync() + await tab.Page.EvaluateAsync<string>("[...document.querySelectorAll('input, textarea')].map(field => field.value).join(' ')");
            Assert.Equal([], Found(held, [.. secrets, code]).Select(secret => $"{path} shows {secret}"));
        }
        var came = received.Select(Encoding.UTF8.GetString).ToList();
        Assert.Contains(came, text => text.Contains("support", StringComparison.Ordinal)); // The frames were read.
        Assert.Equal([], came.SelectMany(text => Found(text, secrets)));
    }

    private static List<string> Found(string text, IEnumerable<string> searched) => [.. searched.Where(secret => text.Contains(secret, StringComparison.Ordinal))];

    /// <summary>A key that was replaced and one that waits, a test that was refused, a callback with a dead target, and call-in data.</summary>
    private async Task<(Guid Callback, string Code)> PlayAsync()
    {
        var home = site.Home;
        await home.CreateQueueAsync("support", new { retrySeconds = new { noAnswer = 5 } });
        await home.CreateCallInQueueAsync("callin");
        (await home.ProvisionFirebaseAsync(FirebaseAccount.Second)).Expect(System.Net.HttpStatusCode.Conflict);
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        (await home.ProvisionFirebaseAsync(FirebaseAccount.Second, app: "partner")).ExpectOk();
        (await home.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).ExpectOk();
        var body = TenantClient.CreateBody("support", [Token, BadToken]);
        body["userData"] = new System.Text.Json.Nodes.JsonObject { ["name"] = UserData };
        var callback = (await home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<Guid>();
        await home.OutcomeAsync((await home.DialAsync("support")).AttemptId, "NO_ANSWER");
        await site.WaitForPushAsync(Token, "CALLBACK_ATTEMPT_FAILED");
        await site.SettleAsync();
        await home.ReportAsync("callin", ready: 1);
        var callIn = await home.CreateCallbackAsync("callin", [Token]);
        await site.WaitForPushAsync(Token, "CALLBACK_READY");
        var code = (await home.CallInAsync(callIn)).ExpectOk().Data["accessCode"]!.GetValue<string>();
        await site.WaitForPushAsync(Token, "CALLBACK_CALL_IN");
        return (callback, code);
    }
}
