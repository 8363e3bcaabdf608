using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>What strangers and colleagues write stays text on every page that shows it, and a site whose master key is gone has pages all the same.</summary>
[Collection(Pages.Name)]
public sealed class HostileDataTests(Chromium chromium) : IAsyncLifetime
{
    private TestSite site = null!;

    public async ValueTask InitializeAsync() => site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("</td><script>alert(1)</script>")]
    [InlineData("' onmouseover='alert(1)")]
    public async Task Markup_in_names_of_queues_and_agents_stays_text(string attempt)
    {
        await site.Home.CreateQueueAsync(attempt);
        await site.Home.ReportAsync(attempt, waiting: 1);
        var id = await site.Home.CreateCallbackAsync(attempt, ["phone-1"]);
        await site.Home.NextAsync(attempt, attempt);
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Administrator), "/admin/callbacks");
        await Assertions.Expect(tab.Page.Locator(".rb-table tbody")).ToContainTextAsync(attempt);
        await tab.GoAsync($"/admin/callbacks/{id}");
        await Assertions.Expect(tab.Page.Locator(".rb-timeline")).ToContainTextAsync(attempt);
        Assert.Equal(0, await tab.Page.Locator("#content script, #content img, #content [onmouseover]").CountAsync());
        Assert.Equal([], tab.Complaints);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    public async Task Markup_in_the_fields_of_the_sign_in_page_and_in_addresses_stays_text(string attempt)
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.Page.GotoAsync($"/sign-in?returnUrl={Uri.EscapeDataString(attempt)}");
        await tab.Page.Locator("#tenant").FillAsync(attempt);
        await tab.Page.Locator("#name").FillAsync(attempt);
        await tab.Page.Locator("#password").FillAsync(attempt);
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(tab.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Name or password is wrong");
        await Assertions.Expect(tab.Page.Locator("#name")).ToHaveValueAsync(attempt);
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Administrator), $"/sign-in?returnUrl={Uri.EscapeDataString("javascript:alert(1)")}");
        Assert.Equal(site.ServerAddress.Authority, new Uri(tab.Page.Url).Authority);
        Assert.Equal(0, await tab.Page.Locator("main script, main img").CountAsync());
        Assert.Equal([], tab.Complaints.Where(c => !c.Contains("400", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Under_another_master_key_the_pages_work_and_say_what_is_wrong()
    {
        var user = await site.AddUserAsync(UserRole.Administrator);
        await site.StopServerAsync();
        await File.WriteAllTextAsync(Path.Combine(site.DataDirectory, "master.key"), Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        await site.StartServerAsync();
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(user, "/admin/callbacks");
        await tab.GoAsync("/admin/developer/credentials/push-notification");
        await Assertions.Expect(tab.Page.Locator("#firebase-status")).ToContainTextAsync(FirebaseAccount.First.Project);
        await tab.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check now" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("body")).ToContainTextAsync("master key");
        Assert.Equal([], tab.Complaints);
    }
}
