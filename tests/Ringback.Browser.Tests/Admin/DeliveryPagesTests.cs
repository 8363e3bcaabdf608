using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>The list of pushes and a push's page: filters, why it waits, sending it again, and who may.</summary>
[Collection(Pages.Name)]
public sealed class DeliveryPagesTests(Chromium chromium) : IAsyncLifetime
{
    private const string Path = "/admin/deliveries";
    private const string Token = "a-token-that-is-long-enough-to-show-six-characters-of-it";
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support");
        await site.Other.CreateQueueAsync("support");
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task A_new_push_appears_by_itself_and_filters_leave_out_the_others()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Monitor), Path);
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("No pushes yet");
        await site.Other.FailForGoodAsync("support", Token);
        await site.Home.FailForGoodAsync("support", Token);
        await site.Home.FailForGoodAsync("support", "unavailable-2");
        await site.AdvanceAsync(TimeSpan.FromSeconds(4));
        var rows = page.Locator(".rb-table tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(2);

        await page.GetByLabel("State").SelectOptionAsync("PENDING");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows).ToContainTextAsync("UNAVAILABLE");
        await page.GetByLabel("State").SelectOptionAsync("");
        await page.GetByLabel("Error code").FillAsync("UNAVAILABLE");
        await page.GetByLabel("Error code").PressAsync("Enter");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await page.GetByLabel("Error code").FillAsync("");
        await page.GetByLabel("Project").FillAsync("another-project");
        await page.GetByLabel("Project").PressAsync("Tab");
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("No push fits");
        await page.GetByLabel("Project").FillAsync("Not A Project");
        await page.GetByLabel("Project").PressAsync("Tab");
        await Assertions.Expect(page.Locator(".rb-live")).ToContainTextAsync("must be a Firebase project ID");
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task Its_page_says_what_it_says_why_it_waits_and_nothing_of_the_address_but_its_beginning()
    {
        await site.Phones.TakeAwayAsync(retryAfterSeconds: 45);
        await site.Home.FailForGoodAsync("support", Token);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Developer), Path);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open push" }).ClickAsync();
        var content = page.Locator("#content");
        await Assertions.Expect(content).ToContainTextAsync("Why it waits");
        await Assertions.Expect(content).ToContainTextAsync("The last try met UNAVAILABLE");
        await Assertions.Expect(content).ToContainTextAsync("a-toke…");
        await Assertions.Expect(content).ToContainTextAsync("CALLBACK_FINAL_ATTEMPT_FAILED");
        Assert.DoesNotContain("a-token-that", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal([], await Axe.SeriousAsync(page));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Send again" })).ToHaveCountAsync(0);
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task A_push_that_was_refused_says_what_that_means_and_what_to_do()
    {
        await site.Home.FailForGoodAsync("support", "mismatch-1");
        await site.SettleAsync();
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Developer), Path);
        await tab.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open push" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("#content")).ToContainTextAsync("The address belongs to another Firebase project than the credentials that sent.");
        await Assertions.Expect(tab.Page.Locator("[data-test=what-to-do]")).ToContainTextAsync("Store the credentials of that project");
        Assert.Equal([], tab.Complaints);
    }

    [Theory]
    [InlineData(UserRole.Administrator, true)]
    [InlineData(UserRole.Supervisor, true)]
    [InlineData(UserRole.Developer, false)]
    [InlineData(UserRole.Monitor, false)]
    public async Task Administrators_and_supervisors_send_again_with_two_clicks_and_nobody_else_can(UserRole role, bool offered)
    {
        await site.Home.FailForGoodAsync("support", Token);
        await site.WaitForPushAsync(Token, "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.SettleAsync();
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(await site.AddUserAsync(role), Path);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open push" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rb-facts").First).ToContainTextAsync("ACCEPTED");
        var again = page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Send again" });
        await Assertions.Expect(again).ToHaveCountAsync(offered ? 1 : 0);
        if (!offered) return;
        // Both clicks by the keyboard.
        await again.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("shows it once more");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Send it" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("It is on its way again");
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        var arrived = await site.InboxAsync(Token);
        Assert.Equal((2, 2), (arrived.Count, arrived.Select(p => p.NotificationId).Distinct().Count()));

        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "a push of its own" }).ClickAsync();
        await Assertions.Expect(page.Locator(".rb-facts").First).ToContainTextAsync("sent again by hand, number 1");
        Assert.Equal([], tab.Complaints);
    }

    [Theory]
    [InlineData(UserRole.Supervisor, true)]
    [InlineData(UserRole.Developer, false)]
    public async Task Supervisors_pause_a_queue_and_resume_it_and_others_see_that_it_is_paused(UserRole role, bool offered)
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var page = tab.Page;
        await tab.SignInAsync(await site.AddUserAsync(role), Path);
        var card = page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = "Pauses" });
        await Assertions.Expect(card).ToContainTextAsync("No queue is paused");
        var pause = card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause…" });
        await Assertions.Expect(pause).ToHaveCountAsync(offered ? 1 : 0);
        if (!offered)
        {
            (await site.Home.ManageAsync(HttpMethod.Post, "delivery/pause", new { queue = "support" })).ExpectOk();
            await site.AdvanceAsync(TimeSpan.FromSeconds(4));
            await Assertions.Expect(card).ToContainTextAsync("Queue support · paused by home administrator");
            await Assertions.Expect(card.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
            return;
        }
        await pause.ClickAsync();
        await card.GetByLabel("What to pause").SelectOptionAsync("support");
        Assert.Equal([], await Axe.SeriousAsync(page));
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Pause it" }).ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("Queue support · paused by");
        await site.Home.FailForGoodAsync("support", Token);
        await site.AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.Empty(await site.InboxAsync(Token));
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Open push" }).ClickAsync();
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("paused the pushes of the queue support");
        await page.Locator(".rb-facts .rb-mono a").ClickAsync();
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("Push held: deliveries are paused");
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Deliveries", Exact = true }).First.ClickAsync();

        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Resume queue support" }).ClickAsync();
        await Assertions.Expect(card).ToContainTextAsync("No queue is paused");
        await site.WaitForPushAsync(Token, "CALLBACK_FINAL_ATTEMPT_FAILED");
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task A_foreign_tenants_push_does_not_exist_here()
    {
        await site.Other.FailForGoodAsync("support", Token);
        await site.SettleAsync();
        var id = site.Query("select notification_id from outbox", r => new Guid((byte[])r.GetValue(0), bigEndian: true))[0];
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Administrator), $"{Path}/{id}");
        await Assertions.Expect(tab.Page.Locator("#content")).ToContainTextAsync("No push has that notificationId");
    }
}
