using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>Test Firebase Credentials in Chromium (rule A7): one failing run for each step that needs no push service, each with its remedy.</summary>
[Collection(Pages.Name)]
public sealed class TestPaneTests(Chromium chromium) : IAsyncLifetime
{
    private const string Path = "/admin/developer/credentials/push-notification";
    private const string Console = "Firebase console";

    private TestSite site = null!;
    private TestUser user = null!;
    private JsonObject app = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync();
        user = await site.AddUserAsync(UserRole.Developer, "Dana");
        app = JsonNode.Parse(await site.Phones.WebAppAsync(FirebaseAccount.First.Project))!.AsObject();
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact, Trait("Rule", "A7")]
    public async Task Every_wrong_field_is_named_with_its_remedy_and_nothing_is_tried()
    {
        await using var tab = await OpenAsync();
        foreach (var (field, value, code, remedy) in ((string, string, string, string)[])
        [
            ("appId", "my-app", "fields.app_id_form", Console),
            ("appId", "1:123456789012:android:0a1b2c", "fields.app_id_android", "pick the web app"),
            ("appId", "1:123456789012:ios:0a1b2c", "fields.app_id_ios", "pick the web app"),
            ("messagingSenderId", "999999999999", "fields.sender_id_mismatch", Console),
            ("messagingSenderId", "not a number", "fields.sender_id_form", Console),
            ("apiKey", "AIza-too-short", "fields.api_key_form", Console),
            ("vapidKey", "AAAA", "fields.vapid_form", "leave the field empty"),
        ])
        {
            var config = (JsonObject)app.DeepClone();
            config[field] = value;
            await FillAsync(tab.Page, config);
            await FailsAsync(tab.Page, "fields", code, remedy);
            Assert.Equal("open", await tab.Page.Locator("[data-step=serverCheck]").GetAttributeAsync("data-state"));
        }
        await FillAsync(tab.Page, app);
        await tab.Page.Locator("[data-enable] input").UncheckAsync();
        await FailsAsync(tab.Page, "fields", "fields.not_enabled", "Tick it and run the test again", tick: false);
        Assert.Contains("Not tested since the update", await tab.Page.Locator("[data-test=last-test]").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal([], tab.Complaints);
    }

    [Fact, Trait("Rule", "A7")]
    public async Task Every_fault_of_the_credentials_is_found_by_the_server_check()
    {
        await using var tab = await OpenAsync();
        await FillAsync(tab.Page, app);
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        await FailsAsync(tab.Page, "serverCheck", "credential.api_disabled", "Enable it at https://console.cloud.google.com/apis/library/fcm.googleapis.com");
        await site.Phones.BringBackAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error = "IAM_PERMISSION_DENIED" });
        await FailsAsync(tab.Page, "serverCheck", "credential.role_missing", "roles/firebasecloudmessaging.admin");
        await site.Phones.BringBackAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error = "PROJECT_NOT_FOUND" });
        await FailsAsync(tab.Page, "serverCheck", "credential.wrong_project", "Copy the project ID");
        await site.Phones.BringBackAsync();
        await site.Phones.MoveClockAsync(TimeSpan.FromHours(-2), hidden: true);
        await FailsAsync(tab.Page, "serverCheck", "credential.clock_skew", "let it follow a time server");
        await site.Phones.MoveClockAsync(TimeSpan.Zero, hidden: false);
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        await site.Phones.ReplaceKeyAsync(FirebaseAccount.First, FirebaseAccount.Second);
        await FailsAsync(tab.Page, "serverCheck", "credential.key_revoked", "Generate a new private key");
        await site.Phones.RevokeAsync(FirebaseAccount.First);
        await FailsAsync(tab.Page, "serverCheck", "credential.account", "IAM & Admin > Service Accounts");

        await Assertions.Expect(tab.Page.Locator("[data-test=last-test]")).ToContainTextAsync("Failed at: Server check");
        await Assertions.Expect(tab.Page.Locator("[data-test=last-test]")).ToContainTextAsync("by Dana");
        var last = (await site.Home.SendAsync(HttpMethod.Get, "/management/v1/credentials/firebase", key: site.Home.Keys.Management)).Json["lastTest"]!;
        Assert.Equal(("browser", "refused", "serverCheck", "credential.account"), ((string?)last["kind"], (string?)last["result"], (string?)last["step"], (string?)last["code"]));
        Assert.Equal([], tab.Complaints);
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_blocked_permission_says_how_to_allow_it_in_this_browser()
    {
        await using var tab = await OpenAsync("geolocation"); // What is not granted is denied.
        await FillAsync(tab.Page, app);
        await FailsAsync(tab.Page, "permission", "permission.denied", $"Allow notifications for {site.ServerAddress.Authority}: click the icon left of the address");
        Assert.Equal([], tab.Complaints);
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_blocked_service_worker_is_told_from_a_browser_that_has_none()
    {
        await using var tab = await OpenAsync();
        await tab.Page.AddInitScriptAsync("ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('The operation is insecure.', 'SecurityError'));");
        await tab.GoAsync(Path);
        await FillAsync(tab.Page, app);
        await FailsAsync(tab.Page, "worker", "worker.refused", "Allow this site to store data (cookies)");

        await tab.Page.AddInitScriptAsync("delete PushManager; delete self.PushManager;");
        await tab.GoAsync(Path);
        await FillAsync(tab.Page, app);
        await FailsAsync(tab.Page, "support", "support.push", "Use an ordinary window of a current Firefox");
        Assert.Equal([], tab.Complaints);
    }

    [Fact, Trait("Rule", "A7")]
    public async Task What_Firebase_has_against_the_values_is_told_at_the_installation()
    {
        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        await using var tab = await OpenAsync();
        foreach (var (key, code, remedy) in ((string, string, string)[])
        [
            ("invalid", "installation.api_key_invalid", "Copy the API key anew from the Firebase console"),
            ("referrer", "installation.api_key_referrer", $"add {site.ServerAddress.Authority} to its website restrictions"),
            ("service", "installation.api_key_service", "add \"Firebase Installations API\" to its API restrictions"),
            ("apioff", "installation.api_disabled", "Enable it in the Google Cloud console"),
        ])
        {
            var config = (JsonObject)app.DeepClone();
            config["apiKey"] = $"AIza{key}-".PadRight(39, 'x');
            await FillAsync(tab.Page, config);
            await FailsAsync(tab.Page, "installation", code, remedy);
        }

        var foreign = JsonNode.Parse(await site.Phones.WebAppAsync(FirebaseAccount.Elsewhere.Project))!.AsObject();
        await FillAsync(tab.Page, foreign);
        await FailsAsync(tab.Page, "installation", "installation.wrong_project", $"of project {FirebaseAccount.First.Project}; or store the credentials of the project that the values belong to");
        Assert.Equal([], OwnComplaints(tab));
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_snippet_of_another_project_and_an_unreachable_Firebase_are_found()
    {
        await using var tab = await OpenAsync();
        await PasteAsync(tab.Page, "const firebaseConfig = " + await site.Phones.WebAppAsync(FirebaseAccount.Elsewhere.Project));
        await FailsAsync(tab.Page, "serverCheck", "check.other_project", $"Paste the firebaseConfig of a web app of project {FirebaseAccount.First.Project}");
        await PasteAsync(tab.Page, app.ToJsonString());
        await tab.Page.RouteAsync("**/v1/projects/**", route => route.AbortAsync());
        await FailsAsync(tab.Page, "installation", "installation.network", "no ad blocker, privacy extension, firewall or proxy");
        Assert.Equal([], OwnComplaints(tab));
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_browser_that_gets_no_subscription_says_so()
    {
        // Playwright's contexts are private windows, in which Chromium refuses every push subscription.
        await using var tab = await OpenAsync();
        await FillAsync(tab.Page, app);
        await Assertions.Expect(tab.Page.Locator("[data-test=sample]")).ToContainTextAsync("Pushes of this demo reach only a Firefox started with these preferences");
        await FailsAsync(tab.Page, "subscription", "subscription.", "Pushes of this demo reach only a Firefox started with these preferences");
        var remedy = tab.Page.Locator("[data-step=subscription] .remedy");
        await Assertions.Expect(remedy.Locator("pre")).ToBeVisibleAsync();
        await Assertions.Expect(remedy).ToContainTextAsync($"user_pref(\"dom.push.serverURL\", \"ws://{site.EmulatorAddress.Authority}/push\");");
        await Assertions.Expect(remedy).ToContainTextAsync($"--no-remote {new Uri(site.ServerAddress, Path)}");
        await Assertions.Expect(remedy).Not.ToContainTextAsync("mtalk.google.com");
        Assert.All(await site.Phones.DevicesAsync(), d => Assert.Equal("unregistered", (string)d!["state"]!));
        Assert.Null(await tab.Page.EvaluateAsync<string?>("() => localStorage.getItem('ringback.push-test')"));
        // Chromium says on the console what it refuses.
        Assert.Equal([], OwnComplaints(tab).Where(c => !c.Contains("does not support the Push API", StringComparison.Ordinal)));
    }

    /// <summary>The requests to the emulator are meant, and so are those that it refuses.</summary>
    private IEnumerable<string> OwnComplaints(Tab tab) => tab.Complaints.Where(c =>
        !c.Contains(site.EmulatorAddress.Authority, StringComparison.Ordinal) && !c.Contains("Failed to load resource", StringComparison.Ordinal));

    private async Task<Tab> OpenAsync(string permission = "notifications")
    {
        var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.Page.Context.GrantPermissionsAsync([permission], new BrowserContextGrantPermissionsOptions { Origin = site.ServerAddress.GetLeftPart(UriPartial.Authority) });
        await tab.SignInAsync(user, Path);
        return tab;
    }

    private static async Task FillAsync(IPage page, JsonObject config)
    {
        await page.Locator("#test-app-id").FillAsync((string)config["appId"]!);
        await page.Locator("#test-api-key").FillAsync((string)config["apiKey"]!);
        await page.Locator("#test-sender-id").FillAsync((string)config["messagingSenderId"]!);
        await page.Locator("#test-vapid-key").FillAsync((string?)config["vapidKey"] ?? "");
    }

    private static async Task PasteAsync(IPage page, string snippet)
    {
        await page.Locator("#test-sender-id").EvaluateAsync(
            "(field, text) => { const data = new DataTransfer(); data.setData('text/plain', text); field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); }", snippet);
        await Assertions.Expect(page.Locator("#test-app-id")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^1:[0-9]{12}:web:"));
    }

    /// <summary>Runs the test and finds it failed at that step, with that code and that remedy, and no step after it tried.</summary>
    private static async Task FailsAsync(IPage page, string step, string code, string remedy, bool tick = true)
    {
        if (tick) await page.Locator("[data-enable] input").CheckAsync();
        await page.Locator("[data-run]").ClickAsync();
        var line = page.Locator($"[data-step={step}]");
        await Assertions.Expect(line.Locator(".code")).ToContainTextAsync(code);
        await Assertions.Expect(line).ToHaveAttributeAsync("data-state", "failed");
        await Assertions.Expect(line.Locator(".remedy")).ToContainTextAsync(remedy);
        await Assertions.Expect(page.Locator("[data-test=test-end]")).ToContainTextAsync("Failed at:");
        await Assertions.Expect(page.Locator("[data-run]")).ToBeEnabledAsync();
        Assert.Equal(0, await page.Locator($"[data-step={step}] ~ [data-state=passed], [data-step={step}] ~ [data-state=failed]").CountAsync());
    }
}
