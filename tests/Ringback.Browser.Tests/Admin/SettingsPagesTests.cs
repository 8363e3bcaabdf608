using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>The settings table and the page of a queue's settings (rules C1, C2).</summary>
[Collection(Pages.Name)]
public sealed class SettingsPagesTests(Chromium chromium) : IAsyncLifetime
{
    private const string List = "/admin/settings";
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support", new { maxAttempts = 5 });
        await site.Other.CreateQueueAsync("foreign");
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact, Trait("Rule", "C2")]
    public async Task Every_mistake_stands_at_its_field_nothing_is_saved_and_what_is_right_is_in_force_at_once()
    {
        await site.Home.ReportAsync("support", waiting: 9);
        await site.Home.CreateCallbackAsync("support", ["phone-1"]);
        await using var tab = await OpenAsync(UserRole.Administrator);
        var page = tab.Page;
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Edit support" }).ClickAsync();
        await page.Locator("#s-maxAttempts").FillAsync("0");
        await page.Locator("#s-retrySeconds-busy").FillAsync("soon");
        await page.Locator("#s-businessHours").FillAsync("{");
        await page.Locator("#s-permittedCountries").FillAsync("US XX");
        await page.Locator("#s-pushNotificationThresholdMinutes").FillAsync("12");
        await SaveAsync(page);
        await Assertions.Expect(page.Locator("[data-test=mistakes]")).ToContainTextAsync("Nothing was saved. 4 settings are wrong: Business hours, ");
        await Assertions.Expect(page.Locator("[data-test=mistakes]")).ToBeFocusedAsync();
        await ExpectMistakeAsync(page, "maxAttempts", "must be a whole number from 1 to 20");
        await ExpectMistakeAsync(page, "retrySeconds-busy", "must be a whole number from 1 to 86400");
        await ExpectMistakeAsync(page, "businessHours", "must be JSON");
        await ExpectMistakeAsync(page, "permittedCountries", "must be at most 250 country codes");
        await Assertions.Expect(page.Locator("[aria-invalid=true]")).ToHaveCountAsync(4);
        Assert.Equal((1, 5), ((await SettingsAsync())["version"]!.GetValue<int>(), (await SettingsAsync())["maxAttempts"]!.GetValue<int>()));

        await page.Locator("#s-maxAttempts").FillAsync("4");
        await page.Locator("#s-retrySeconds-busy").FillAsync("");
        await page.Locator("#s-businessHours").FillAsync("""{"timeZone":"Europe/Berlin","weekly":{"monday":["08:00-20:00","07:00-09:00"]}}""");
        await page.Locator("#s-permittedCountries").FillAsync("US");
        await SaveAsync(page);
        await ExpectMistakeAsync(page, "businessHours", "businessHours.weekly.monday overlaps itself");
        await page.Locator("#s-businessHours").FillAsync("""{"timeZone":"Europe/Berlin","weekly":{"monday":["08:00-20:00"]}}""");
        // Meanwhile somebody changes something else: it stays.
        await site.Home.ChangeQueueAsync("support", new { callerId = "+14155550100" });
        await SaveAsync(page);
        await Assertions.Expect(page.Locator(".mud-snackbar")).ToContainTextAsync("Saved. The settings are in force.");
        await site.WaitForPushAsync("phone-1", "CALLBACK_UPCOMING");
        var settings = await SettingsAsync();
        Assert.Equal((3, 4, "+14155550100", 120), (settings["version"]!.GetValue<int>(), settings["maxAttempts"]!.GetValue<int>(), settings["callerId"]!.GetValue<string>(), settings["retrySeconds"]!["busy"]!.GetValue<int>()));
        await Assertions.Expect(page.Locator("#s-callerId")).ToHaveValueAsync("+14155550100");

        var newest = page.Locator("#history tbody tr").First;
        await Assertions.Expect(newest).ToContainTextAsync("maxAttempts: 5 → 4");
        await Assertions.Expect(newest).ToContainTextAsync("pushNotificationThresholdMinutes: 5 → 12");
        await Assertions.Expect(newest).ToContainTextAsync("anna");
        await Assertions.Expect(newest).Not.ToContainTextAsync("callerId");
        await Assertions.Expect(page.Locator("#history tbody tr")).ToHaveCountAsync(3);
        Assert.Equal([], tab.Complaints);
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_queue_is_added_and_one_is_deleted_only_when_nothing_waits_in_it()
    {
        await using var tab = await OpenAsync(UserRole.Administrator);
        var page = tab.Page;
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Add a queue" }).ClickAsync();
        await page.Locator("#s-queue").FillAsync("support");
        await page.Locator("#s-type").SelectOptionAsync("USERORIGINATED");
        await ClickAsync(page, "Add the queue");
        await ExpectMistakeAsync(page, "callInGroup", "is needed where type is USERORIGINATED");
        await page.Locator("#s-type").SelectOptionAsync("USERTERMINATED");
        await page.Locator("#s-immediateEnabled").UncheckAsync();
        await ClickAsync(page, "Add the queue");
        await Assertions.Expect(page.Locator(".mud-snackbar")).ToContainTextAsync("Change its settings with PATCH");
        await page.Locator("#s-queue").FillAsync("sales");
        await ClickAsync(page, "Add the queue");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("sales");
        Assert.False((await SettingsAsync("sales"))["immediateEnabled"]!.GetValue<bool>());
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Add a queue");
        await Assertions.Expect(page.Locator("#s-queue")).ToHaveValueAsync("");
        await page.GoForwardAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("sales");

        var waiting = await site.Home.CreateCallbackAsync("sales", desired: site.Now.AddHours(1));
        await ClickAsync(page, "Delete");
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("Delete sales?");
        await ClickAsync(page, "Delete the queue");
        await Assertions.Expect(page.Locator(".mud-snackbar").Last).ToContainTextAsync("One callback of this queue is not over");
        (await site.Home.CancelAsync(waiting)).ExpectOk();
        await ClickAsync(page, "Delete");
        await ClickAsync(page, "Keep it");
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToHaveCountAsync(0);
        await ClickAsync(page, "Delete");
        await ClickAsync(page, "Delete the queue");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Callback settings");
        await Assertions.Expect(page.Locator(".rb-table tbody tr")).ToHaveCountAsync(1);
        (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/sales")).Expect(System.Net.HttpStatusCode.NotFound);
        Assert.Equal([], tab.Complaints);
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_file_is_exported_checked_line_by_line_and_imported_as_a_whole()
    {
        await using var tab = await OpenAsync(UserRole.Administrator);
        var page = tab.Page;
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Export CSV" }).ClickAsync());
        Assert.Equal("ringback-settings.csv", download.SuggestedFilename);
        var exported = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal((await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/export?format=csv")).ExpectOk().Body, exported);
        Assert.DoesNotContain("foreign", exported, StringComparison.Ordinal);

        await ChooseAsync(page, "wrong.csv", "queue,maxAttempts,region\nsupport,0,DE\nsales,3,usa\n");
        var mistakes = page.GetByRole(AriaRole.Table, new PageGetByRoleOptions { Name = "Mistakes of the file" }).Locator("tbody tr");
        await Assertions.Expect(mistakes).ToHaveCountAsync(2);
        Assert.Equal(["2 maxAttempts must be a whole number from 1 to 20", "3 region must be two capital letters such as US"], await RowsAsync(mistakes));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import", Exact = true })).ToHaveCountAsync(0);

        await ChooseAsync(page, "right.json", """{"queues":[{"queue":"support","maxAttempts":2},{"queue":"sales"}]}""");
        await Assertions.Expect(page.Locator("#import [role=status]")).ToContainTextAsync("right.json: 1 to add, 1 to change, 0 unchanged.");
        await Assertions.Expect(page.Locator("#import")).ToContainTextAsync("maxAttempts: 5 → 2");
        Assert.Equal(5, (await SettingsAsync())["maxAttempts"]!.GetValue<int>());
        await ClickAsync(page, "Import");
        await Assertions.Expect(page.Locator(".mud-snackbar")).ToContainTextAsync("2 queues were written.");
        await Assertions.Expect(page.Locator("[aria-label=Queues] tbody tr")).ToHaveCountAsync(2);
        Assert.Equal(2, (await SettingsAsync())["maxAttempts"]!.GetValue<int>());

        // The same file once more: nothing to do, and nothing to press.
        await ChooseAsync(page, "right.json", """{"queues":[{"queue":"support","maxAttempts":2},{"queue":"sales"}]}""");
        await Assertions.Expect(page.Locator("#import [role=status]")).ToContainTextAsync("there is nothing to import");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Import", Exact = true })).ToHaveCountAsync(0);
        Assert.Equal([], tab.Complaints);
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_supervisor_sees_settings_and_changes_none_and_a_foreign_tenants_queue_is_not_there()
    {
        await using var tab = await OpenAsync(UserRole.Supervisor);
        var page = tab.Page;
        await Assertions.Expect(page.Locator(".rb-table tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Add a queue" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#import")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "View support" }).ClickAsync();
        await Assertions.Expect(page.Locator("#s-maxAttempts")).ToHaveAttributeAsync("readonly", "");
        await Assertions.Expect(page.Locator("#s-type")).ToBeDisabledAsync();
        // The form can be sent by its Enter key all the same, and asks for the right again.
        await page.Locator("#s-maxAttempts").EvaluateAsync("e => { e.readOnly = false; e.value = '9'; e.dispatchEvent(new Event('change', { bubbles: true })); }");
        await page.Locator("#s-maxAttempts").PressAsync("Enter");
        foreach (var name in (string[])["Save", "Delete"]) await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true })).ToHaveCountAsync(0);
        await tab.GoAsync($"{List}/add");
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("Only administrators add queues.");
        await tab.GoAsync($"{List}/{await IdAsync(site.Other, "foreign")}");
        await Assertions.Expect(page.Locator("#content")).Not.ToContainTextAsync("foreign");
        Assert.Equal((1, 5), ((await SettingsAsync())["version"]!.GetValue<int>(), (await SettingsAsync())["maxAttempts"]!.GetValue<int>()));
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task Markup_in_names_and_settings_stays_text()
    {
        const string Attempt = "<img src=x onerror=alert(1)>";
        await site.Home.CreateQueueAsync(Attempt, new { routePoint = Attempt });
        await using var tab = await OpenAsync(UserRole.Administrator);
        await Assertions.Expect(tab.Page.Locator(".rb-table tbody")).ToContainTextAsync(Attempt);
        await ChooseAsync(tab.Page, "<b>.csv", $"queue,maxAttempts,<i>\n{Attempt},0,1\n");
        await Assertions.Expect(tab.Page.Locator("#import")).ToContainTextAsync("<i>");
        await tab.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = $"Edit {Attempt}" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#history")).ToContainTextAsync($"routePoint: default → {Attempt}");
        Assert.Equal(0, await tab.Page.Locator("#content img, #content b, #content i").CountAsync());
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task A_setting_is_changed_without_a_mouse()
    {
        await using var tab = await OpenAsync(UserRole.Administrator);
        await KeyboardTests.ReachAsync(tab.Page, "a[aria-label='Edit support']");
        await tab.Page.Keyboard.PressAsync("Enter");
        await KeyboardTests.ReachAsync(tab.Page, "#s-maxAttempts");
        await tab.Page.Keyboard.PressAsync("Control+A");
        await tab.Page.Keyboard.TypeAsync("7");
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator(".mud-snackbar")).ToContainTextAsync("Saved");
        Assert.Equal(7, (await SettingsAsync())["maxAttempts"]!.GetValue<int>());
        Assert.Equal([], tab.Complaints);
    }

    private async Task<Tab> OpenAsync(UserRole role)
    {
        var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(await site.AddUserAsync(role, "anna"), List);
        await tab.Page.Locator(".rb-table").First.WaitForAsync();
        return tab;
    }

    private async Task<JsonNode> SettingsAsync(string queue = "support") => (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/{queue}")).ExpectOk().Json;

    private static async Task<int> IdAsync(TenantClient tenant, string queue)
    {
        // The cursor of the history is the only place where the API tells a queue's number.
        await tenant.ChangeQueueAsync(queue, new { maxAttempts = 6 });
        var next = (await tenant.ManageAsync(HttpMethod.Get, $"settings/queues/{queue}/history?limit=1")).ExpectOk().Json["next"]!.GetValue<string>();
        return int.Parse(next.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Task SaveAsync(IPage page) => ClickAsync(page, "Save");

    private static Task ClickAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = button, Exact = true }).ClickAsync();

    private static async Task ExpectMistakeAsync(IPage page, string field, string mistake)
    {
        await Assertions.Expect(page.Locator($"#s-{field}")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Locator($"#{await page.Locator($"#s-{field}").GetAttributeAsync("aria-describedby")}")).ToContainTextAsync(mistake);
    }

    private static Task ChooseAsync(IPage page, string name, string text) =>
        Tab.ChooseFileAsync(page.Locator("#import input[type=file]"), name, "text/plain", text);

    private static async Task<IEnumerable<string>> RowsAsync(ILocator rows) =>
        (await rows.EvaluateAllAsync<string[][]>("all => all.map(row => [...row.cells].map(cell => cell.textContent.trim()))")).Select(cells => string.Join(' ', cells));
}
