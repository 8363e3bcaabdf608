using System.Text;
using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>Developer › Credential Management › Push Notification, as a person uses it (rules A1 to A6).</summary>
[Collection(Pages.Name)]
public sealed class PushNotificationPageTests(Chromium chromium) : IAsyncLifetime
{
    private const string Path = "/admin/developer/credentials/push-notification";
    private TestSite site = null!;
    private TestUser user = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync(provision: false);
        user = await site.AddUserAsync(UserRole.Developer, "Dana");
        foreach (var account in (FirebaseAccount[])[FirebaseAccount.First, FirebaseAccount.Second, FirebaseAccount.Elsewhere]) await site.Phones.RegisterAsync(account);
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task Update_toast_mask_reload_mask_rotate()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(user, Path);
        await Assertions.Expect(page.Locator("#firebase-status")).ToContainTextAsync("Not configured");

        await FillAsync(page, FirebaseAccount.First);
        await UpdateAsync(page);
        await ToastAsync(page, "Firebase credentials updated and verified.");
        await MaskedAsync(page, FirebaseAccount.First);
        foreach (var field in (string[])["#project-name", "#client-email", "#private-key"]) await Assertions.Expect(page.Locator(field)).ToHaveValueAsync("");

        await page.ReloadAsync();
        await tab.HeadingAsync();
        await MaskedAsync(page, FirebaseAccount.First);

        await FillAsync(page, FirebaseAccount.Second);
        await UpdateAsync(page);
        await ToastAsync(page, "Firebase credentials updated and verified.");
        await MaskedAsync(page, FirebaseAccount.Second);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check now" }).ClickAsync();
        await ToastAsync(page, "Firebase takes the credentials.");
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task The_file_of_Firebase_fills_all_three_and_the_key_stays_on_the_server()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        var frames = new List<string>();
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) =>
        {
            lock (frames) frames.Add(Encoding.Latin1.GetString(frame.Binary ?? []) + frame.Text);
        };
        await tab.SignInAsync(user, Path);
        await Tab.ChooseFileAsync(page.Locator("input[type=file]"), "key.json", "application/json", FirebaseAccount.First.File().ToJsonString());
        await Assertions.Expect(page.Locator("#project-name")).ToHaveValueAsync(FirebaseAccount.First.Project);
        await Assertions.Expect(page.Locator("#client-email")).ToHaveValueAsync(FirebaseAccount.First.Email);
        await Assertions.Expect(page.Locator("[data-test=key-from-file]")).ToBeVisibleAsync();
        await UpdateAsync(page);
        await ToastAsync(page, "Firebase credentials updated and verified.");
        await MaskedAsync(page, FirebaseAccount.First);
        lock (frames)
        {
            Assert.NotEmpty(frames);
            Assert.DoesNotContain(frames, f => FirebaseAccount.First.KeyLines.Any(line => f.Contains(line, StringComparison.Ordinal)));
        }
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task A_refused_key_and_a_change_of_the_project_must_be_confirmed()
    {
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(user, Path);

        await FillAsync(page, FirebaseAccount.Elsewhere);
        await UpdateAsync(page);
        await Assertions.Expect(page.Locator("[data-test=confirm]")).ToContainTextAsync("SENDER_ID_MISMATCH");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Keep what is stored" }).ClickAsync();
        await Assertions.Expect(page.Locator("#firebase-status")).ToContainTextAsync(FirebaseAccount.First.Project);
        await UpdateAsync(page);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Change the project" }).ClickAsync();
        await ToastAsync(page, "Firebase credentials updated and verified.");
        await Assertions.Expect(page.Locator("#firebase-status")).ToContainTextAsync(FirebaseAccount.Elsewhere.Project);

        await FillAsync(page, FirebaseAccount.New(FirebaseAccount.Elsewhere.Project));
        await UpdateAsync(page);
        await Assertions.Expect(page.Locator("[data-test=confirm]")).ToContainTextAsync("Nothing was changed");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Store them all the same" }).ClickAsync();
        await ToastAsync(page, "Firebase credentials stored, but Firebase refuses them");
        await Assertions.Expect(page.Locator("#firebase-status")).ToContainTextAsync("but Firebase refused them at ");
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task A_check_without_a_decision_does_not_say_that_Firebase_refuses_them_now()
    {
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(user, Path);
        var status = tab.Page.Locator("#firebase-status dd").First;
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        await ClickAsync(tab.Page, "Check now");
        await Assertions.Expect(status).ToContainTextAsync("Configured, but Firebase refused them at ");
        await site.Phones.TakeAwayAsync();
        await ClickAsync(tab.Page, "Check now");
        await Assertions.Expect(status).ToContainTextAsync("Firebase refused them at an earlier check, the last one gave no decision");
        await Assertions.Expect(status.Locator(".rb-state.bad")).ToHaveCountAsync(0);
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task A_key_that_cannot_be_checked_waits_takes_over_and_is_confirmed()
    {
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(user, Path);
        await site.Phones.TakeAwayAsync();
        await FillAsync(page, FirebaseAccount.Second);
        await UpdateAsync(page);
        await ToastAsync(page, "The new key waits, the one in force goes on");
        await Assertions.Expect(page.Locator("[data-test=fingerprint]")).ToHaveTextAsync(FirebaseAccount.First.Fingerprint);
        await Assertions.Expect(page.Locator("[data-test=next]")).ToContainTextAsync(FirebaseAccount.Second.Fingerprint);
        await ClickAsync(page, "Check and take over");
        await ToastAsync(page, "has an outage");

        await site.Phones.BringBackAsync();
        await ClickAsync(page, "Check and take over");
        await ToastAsync(page, "It is in force now.");
        await Assertions.Expect(page.Locator("[data-test=fingerprint]")).ToHaveTextAsync(FirebaseAccount.Second.Fingerprint);
        await Assertions.Expect(page.Locator("[data-test=next]")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("[data-test=previous]")).ToContainTextAsync(FirebaseAccount.First.Fingerprint);
        await ClickAsync(page, "Bring the previous one back…");
        await ClickAsync(page, "Leave it");
        await Assertions.Expect(page.Locator("[data-test=fingerprint]")).ToHaveTextAsync(FirebaseAccount.Second.Fingerprint);
        await ClickAsync(page, "Bring the previous one back…");
        await ClickAsync(page, "Bring it back");
        await ToastAsync(page, "The previous key is in force again.");
        await Assertions.Expect(page.Locator("[data-test=next]")).ToContainTextAsync(FirebaseAccount.Second.Fingerprint);
        // Firebase has refused nothing: somebody has set it aside.
        await Assertions.Expect(page.Locator("[data-test=next] .rb-state")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Set aside by Dana at [0-9: -]+ UTC, not in force$"));
        await Assertions.Expect(page.Locator("[data-test=next]")).Not.ToContainTextAsync("Refused");
        await ClickAsync(page, "Check and take over");
        await ToastAsync(page, "It is in force now.");
        await ClickAsync(page, "Confirm the key in force");
        await ToastAsync(page, "The previous key was forgotten.");
        await Assertions.Expect(page.Locator("[data-test=previous]")).ToHaveCountAsync(0);

        var history = page.Locator("#firebase-history tbody tr");
        await Assertions.Expect(history).ToHaveCountAsync(6);
        await Assertions.Expect(history.First).ToContainTextAsync("Version 2 confirmed");
        await Assertions.Expect(history.First).ToContainTextAsync("Dana");
        Assert.Equal([], tab.Complaints);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("javascript:alert(1)//${{7*7}}")]
    public async Task Markup_in_any_field_stays_text(string attempt)
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(user, Path);
        await page.Locator("#project-name").FillAsync(attempt);
        await page.Locator("#client-email").FillAsync(attempt);
        await page.Locator("#private-key").FillAsync(attempt);
        await UpdateAsync(page);
        await ToastAsync(page, "Project name must consist of lower-case letters");
        await Assertions.Expect(page.Locator("#firebase-update .mud-input-helper-text.mud-input-error")).ToContainTextAsync("Project name must consist of lower-case letters");
        await page.Locator("#project-name").FillAsync(FirebaseAccount.First.Project);
        await UpdateAsync(page);
        await ToastAsync(page, "Client email is no e-mail address");
        await page.Locator("#client-email").FillAsync(FirebaseAccount.First.Email);
        await UpdateAsync(page);
        await ToastAsync(page, "Private key");
        await page.Locator("#private-key").FillAsync("const firebaseConfig = { apiKey: \"AIza-any\", projectId: \"p\", appId: \"1:1:web:1\" };");
        await UpdateAsync(page);
        await ToastAsync(page, "Private key is the web app's configuration (firebaseConfig); the service account's JSON file is needed");
        Assert.Equal(0, await page.Locator("#content script, #content img").CountAsync());
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task An_email_of_another_project_is_pointed_out()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(user, Path);
        await tab.Page.Locator("#project-name").FillAsync(FirebaseAccount.First.Project);
        await tab.Page.Locator("#client-email").FillAsync(FirebaseAccount.Elsewhere.Email);
        await Assertions.Expect(tab.Page.Locator("#firebase-update")).ToContainTextAsync("The client email belongs to another project");
        await tab.Page.Locator("#client-email").FillAsync(FirebaseAccount.First.Email);
        await Assertions.Expect(tab.Page.Locator("#firebase-update")).Not.ToContainTextAsync("The client email belongs to another project");
    }

    private static async Task FillAsync(IPage page, FirebaseAccount account)
    {
        await page.Locator("#project-name").FillAsync(account.Project);
        await page.Locator("#client-email").FillAsync(account.Email);
        await page.Locator("#private-key").FillAsync(account.Pem);
    }

    private static Task ClickAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button }).ClickAsync();

    private static async Task UpdateAsync(IPage page)
    {
        await page.Locator("#private-key, [data-test=key-from-file]").First.DispatchEventAsync("change");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Update", Exact = true }).ClickAsync();
    }

    /// <summary>The toast says it, in the bottom-right corner.</summary>
    private static async Task ToastAsync(IPage page, string text)
    {
        var toast = page.Locator(".mud-snackbar").Filter(new LocatorFilterOptions { HasText = text }).Last;
        await Assertions.Expect(toast).ToBeVisibleAsync();
        // The result before may say the same, and goes as this one comes: then it has no place any more.
        var box = await Eventually.GetAsync(() => toast.BoundingBoxAsync(), $"a toast with {text}");
        var view = page.ViewportSize!;
        Assert.True(box.X + box.Width > view.Width - 60 && box.Y > view.Height / 3f, $"The toast is at {box.X},{box.Y}.");
    }

    private static async Task MaskedAsync(IPage page, FirebaseAccount account)
    {
        await Assertions.Expect(page.Locator("[data-test=mask-email]")).ToHaveTextAsync(account.Email[..3] + "…");
        await Assertions.Expect(page.Locator("[data-test=mask-key]")).ToHaveTextAsync("MII" + account.KeyLines[0][3] + "…");
        await Assertions.Expect(page.Locator("#firebase-status")).ToContainTextAsync("Configured and verified");
        var content = await page.ContentAsync();
        Assert.DoesNotContain(account.Email, content, StringComparison.Ordinal);
        Assert.DoesNotContain(account.KeyLines, line => content.Contains(line, StringComparison.Ordinal));
    }
}
