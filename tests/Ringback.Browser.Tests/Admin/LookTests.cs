using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>
/// How the pages look: axe finds nothing serious, nothing is wider than the window, and each is photographed, light and dark, wide and narrow, into
/// RINGBACK_SCREENSHOTS or artifacts/screenshots. All pictures by one command: <c>./test.sh Ringback.Browser.Tests</c>
/// </summary>
[Collection(Pages.Name)]
public sealed class LookTests(Chromium chromium) : IAsyncLifetime
{
    private readonly string folder = Environment.GetEnvironmentVariable("RINGBACK_SCREENSHOTS") ?? Path.Combine(Artifacts(), "screenshots");
    private TestSite site = null!;
    private Guid callback;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support", new { pushNotificationThresholdMinutes = 5 });
        await site.Home.ReportAsync("support", waiting: 20);
        callback = await site.Home.CreateCallbackAsync("support", ["phone-1", "unregistered-phone"]);
        // Those of one instant stand in line by chance, and this one must be the first.
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        for (var n = 0; n < 4; n++) await site.Home.CreateCallbackAsync("support");
        await site.Home.CreateCallbackAsync("support", desired: site.Now.AddHours(2));
        await site.Home.ReportAsync("support", waiting: 2, departures: 18);
        await site.AdvanceUntilPushAsync("phone-1", "CALLBACK_UPCOMING", TimeSpan.FromMinutes(1));
        await site.Home.NextAsync("support");
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(360, false)]
    [InlineData(360, true)]
    public async Task Pages_are_sound_in_every_size_and_colour(int width, bool dark)
    {
        var look = $"{(width < 600 ? "narrow" : "wide")}-{(dark ? "dark" : "light")}";
        var user = await site.AddUserAsync(UserRole.Administrator, "anna");
        await using var tab = await chromium.OpenAsync(site.ServerAddress, width, width < 600 ? 740 : 900, dark);
        var faults = new List<string>();
        await tab.Page.GotoAsync("/sign-in");
        await ShootAsync("sign-in");
        await tab.SignInAsync(user);
        await tab.Page.Locator(".rb-table").First.WaitForAsync();
        await ShootAsync("callbacks");
        await tab.GoAsync($"/admin/callbacks/{callback}");
        await tab.Page.Locator(".rb-timeline").WaitForAsync();
        await ShootAsync("callback");
        await SettingsAsync();
        await tab.GoAsync("/admin/deliveries");
        await tab.Page.Locator(".rb-table").WaitForAsync();
        await ShootAsync("deliveries");
        await tab.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open push" }).First.ClickAsync();
        await tab.Page.Locator(".rb-facts").First.WaitForAsync();
        await ShootAsync("delivery");
        await tab.GoAsync("/admin/developer/credentials/push-notification");
        await tab.Page.Locator(".rb-facts").WaitForAsync();
        await ShootAsync("push-notification");
        await tab.Page.Locator("#test-app-id").FillAsync("1:123456789012:android:0a1b2c");
        await tab.Page.Locator("[data-enable] input").CheckAsync();
        await tab.Page.Locator("[data-run]").ClickAsync();
        await tab.Page.Locator("[data-step=fields] .remedy").WaitForAsync();
        await ShootAsync("push-notification-test-failed");
        await tab.Page.Locator("#project-name").FillAsync("another-project");
        await tab.Page.Locator("#client-email").FillAsync("x@y.iam.gserviceaccount.com");
        await tab.Page.Locator("#private-key").FillAsync(FirebaseAccount.Elsewhere.Pem);
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Update", Exact = true }).ClickAsync();
        await tab.Page.Locator("[data-test=confirm]").WaitForAsync();
        await ShootAsync("push-notification-confirm");
        await tab.Page.GotoAsync("/no-such-page");
        await ShootAsync("error");
        // The one request that is meant to fail.
        Assert.Equal([], tab.Complaints.Where(c => !c.Contains("404", StringComparison.Ordinal)));
        Assert.True(faults.Count == 0, string.Join('\n', faults));

        async Task SettingsAsync()
        {
            await tab.GoAsync("/admin/settings");
            await tab.Page.Locator(".rb-table").WaitForAsync();
            await ShootAsync("settings");
            await ImportAsync("queue,maxAttempts,region\nsupport,0,DE\nsales,3,usa\n");
            await tab.Page.Locator("[aria-label='Mistakes of the file']").WaitForAsync();
            await ShootAsync("settings-import-refused");
            await ImportAsync("queue,maxAttempts,language\nsupport,2,de-DE\nsales,3,en\n");
            await tab.Page.Locator("[aria-label='What the import changes']").WaitForAsync();
            await ShootAsync("settings-import");
            await tab.Page.Locator(".rb-table a").First.ClickAsync();
            await tab.Page.Locator("#s-maxAttempts").FillAsync("0");
            await tab.Page.Locator("#s-businessHours").FillAsync("{");
            await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save", Exact = true }).ClickAsync();
            await tab.Page.Locator("[data-test=mistakes]").WaitForAsync();
            await ShootAsync("settings-queue");
            await tab.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Titles and bodies of the pushes" }).ClickAsync();
            await tab.Page.Locator("#t-title").FillAsync("{naem}");
            await tab.Page.Locator("#t-title-help .rb-mistake").WaitForAsync();
            await ShootAsync("settings-texts-mistake");
            await tab.Page.Locator("#t-title").FillAsync("{queue} calls in {minutes} min");
            await Assertions.Expect(tab.Page.Locator("[data-test=preview]")).ToContainTextAsync("support calls in 4 min");
            await ShootAsync("settings-texts");
        }

        Task ImportAsync(string text) => Tab.ChooseFileAsync(tab.Page.Locator("#import input[type=file]"), "settings.csv", "text/csv", text);

        async Task ShootAsync(string name)
        {
            if (width < 600 && await tab.Page.Locator(".mud-drawer--open").CountAsync() > 0) faults.Add($"{name}: the menu covers the narrow page");
            await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{look}.png"), FullPage = true });
            faults.AddRange((await Axe.SeriousAsync(tab.Page)).Select(v => $"{name} {look}: {v}"));
            var wide = await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (wide > width) faults.Add($"{name} {look}: {wide} px wide");
        }
    }

    internal static string Artifacts()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at.Name != "artifacts") at = at.Parent ?? throw new InvalidOperationException("The tests lie outside of artifacts.");
        return at.FullName;
    }
}
