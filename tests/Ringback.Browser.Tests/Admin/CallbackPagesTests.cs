using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>One browser for all pages, one class after the other: side by side they only wait for each other's processor.</summary>
[CollectionDefinition(Name)]
public sealed class Pages : ICollectionFixture<Chromium>
{
    public const string Name = "pages";
}

/// <summary>The list of callbacks and a callback's page (rule D10), and the shell around them.</summary>
[Collection(Pages.Name)]
public sealed class CallbackPagesTests(Chromium chromium) : IAsyncLifetime
{
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support", new { pushNotificationThresholdMinutes = 5 });
        await site.Other.CreateQueueAsync("foreign");
        await site.Home.ReportAsync("support", waiting: 20);
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task A_new_callback_appears_by_itself_and_its_page_tells_of_its_push()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Supervisor));
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("No callbacks yet");

        await site.Other.CreateCallbackAsync("foreign");
        var id = await site.Home.CreateCallbackAsync("support", ["phone-1"], phone: "+14155557777");
        await site.AdvanceAsync(TimeSpan.FromSeconds(4));
        var row = page.Locator(".rb-table tbody tr");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row).ToContainTextAsync("QUEUED");
        await Assertions.Expect(row).ToContainTextAsync("+14155557777");
        await Assertions.Expect(row).ToContainTextAsync("21 min");

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = $"Open callback {id}" }).ClickAsync();
        await site.Home.ReportAsync("support", waiting: 2, departures: 18);
        await site.AdvanceUntilPushAsync("phone-1", "CALLBACK_UPCOMING", TimeSpan.FromMinutes(1));
        await site.AdvanceAsync(TimeSpan.FromSeconds(4));
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("CALLBACK_UPCOMING");
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("Firebase accepted the push");
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task Only_administrators_and_supervisors_see_whole_numbers()
    {
        var id = await site.Home.CreateCallbackAsync("support", phone: "+14155557777");
        foreach (var role in Enum.GetValues<UserRole>())
        {
            await using var tab = await chromium.OpenAsync(site.ServerAddress);
            await tab.SignInAsync(await site.AddUserAsync(role));
            var shown = role is UserRole.Administrator or UserRole.Supervisor ? "+14155557777" : "+14•••••••77";
            await Assertions.Expect(tab.Page.Locator(".rb-table tbody")).ToContainTextAsync(shown);
            await tab.GoAsync($"/admin/callbacks/{id}");
            await Assertions.Expect(tab.Page.Locator(".rb-facts")).ToContainTextAsync(shown);
            if (shown.Contains('•', StringComparison.Ordinal)) Assert.DoesNotContain("5557777", await tab.Page.ContentAsync(), StringComparison.Ordinal);
            var menu = tab.Page.GetByRole(AriaRole.Navigation, new PageGetByRoleOptions { Name = "Pages", Exact = true });
            Assert.Equal(role is UserRole.Administrator or UserRole.Developer, (await menu.TextContentAsync())!.Contains("Push Notification", StringComparison.Ordinal));
        }
    }

    [Theory, Trait("Rule", "D7")]
    [InlineData(UserRole.Administrator, true)]
    [InlineData(UserRole.Supervisor, true)]
    [InlineData(UserRole.Developer, false)]
    [InlineData(UserRole.Monitor, false)]
    public async Task Administrators_and_supervisors_purge_with_two_clicks_and_nobody_else_can(UserRole role, bool offered)
    {
        var id = await site.Home.CreateCallbackAsync("support", ["phone-1"]);
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(await site.AddUserAsync(role), $"/admin/callbacks/{id}");
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("Why not yet");
        var (cancel, purge) = (page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Cancel the callback" }), page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Purge the callback" }));
        await Assertions.Expect(cancel).ToHaveCountAsync(offered ? 1 : 0);
        await Assertions.Expect(purge).ToHaveCountAsync(offered ? 1 : 0);
        if (!offered) return;
        await purge.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("The customer is told by push");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Keep it" }).ClickAsync();
        await purge.ClickAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Purge it" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rb-facts")).ToContainTextAsync("COMPLETED");
        await site.WaitForPushAsync("phone-1", "CALLBACK_PURGED");
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task A_foreign_tenants_callback_does_not_exist_here()
    {
        var id = await site.Other.CreateCallbackAsync("foreign");
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Administrator), $"/admin/callbacks/{id}");
        await Assertions.Expect(tab.Page.Locator("#content")).ToContainTextAsync("No callback has that id");
    }

    [Fact]
    public async Task The_list_is_filtered_and_paged()
    {
        await site.Home.CreateQueueAsync("sales");
        for (var n = 0; n < 30; n++) await site.Home.CreateCallbackAsync("support");
        await site.Home.CreateCallbackAsync("sales");
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Monitor));
        await Assertions.Expect(page.Locator(".rb-table tbody tr")).ToHaveCountAsync(25);
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Older" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rb-table tbody tr")).ToHaveCountAsync(6);
        await page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "Queue" }).SelectOptionAsync(new SelectOptionValue { Label = "sales" });
        await Assertions.Expect(page.Locator(".rb-table tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Combobox, new PageGetByRoleOptions { Name = "State" }).SelectOptionAsync(new SelectOptionValue { Label = "COMPLETED" });
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("No callback fits");
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task Sign_out_is_one_click_and_the_idle_circuit_ends_too()
    {
        var user = await site.AddUserAsync(UserRole.Administrator);
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(user);
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await tab.Page.WaitForURLAsync("**/sign-in");
        await tab.Page.GotoAsync("/admin/callbacks");
        await tab.Page.WaitForURLAsync("**/sign-in?**");

        await tab.SignInAsync(user);
        site.Clock.Advance(TimeSpan.FromMinutes(21));
        // The circuit looks every 30 s of real time.
        await tab.Page.WaitForURLAsync("**/sign-in?**", new PageWaitForURLOptions { Timeout = 60_000 });
    }
}
