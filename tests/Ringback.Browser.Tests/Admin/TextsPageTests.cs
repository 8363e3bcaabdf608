using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>The page on which titles and bodies of the pushes are written (rule B12).</summary>
[Collection(Pages.Name)]
public sealed class TextsPageTests(Chromium chromium) : IAsyncLifetime
{
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support");
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact, Trait("Rule", "B12")]
    public async Task A_text_is_written_with_its_preview_saved_sent_and_dropped_again()
    {
        await using var tab = await OpenAsync(UserRole.Administrator);
        var page = tab.Page;
        await page.Locator("#t-event").SelectOptionAsync(Final);
        await page.Locator("#t-language").SelectOptionAsync("de");
        await Assertions.Expect(page.Locator("#t-title")).ToHaveValueAsync("Wir konnten Sie nicht erreichen");
        await Assertions.Expect(page.Locator("[data-test=source]")).ToHaveTextAsync("The text that comes with Ringback.");
        await Assertions.Expect(Save(page)).ToBeDisabledAsync();

        await page.Locator("#t-title").FillAsync("{queue}: {naem}");
        await Assertions.Expect(page.Locator("#t-title-help")).ToContainTextAsync("has the unknown placeholder {naem}. CALLBACK_FINAL_ATTEMPT_FAILED knows {queue}, {attempt}, {maxAttempts}");
        await Assertions.Expect(page.Locator("#t-title")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.Locator("[data-test=preview]")).ToContainTextAsync("cannot be shown");
        await Assertions.Expect(Save(page)).ToBeDisabledAsync();

        await page.Locator("#t-title").FillAsync("{queue}: <b>leider</b>");
        await page.Locator("#t-body").FillAsync("Versuch {attempt} von {maxAttempts}.");
        await Assertions.Expect(page.Locator("[data-test=preview]")).ToContainTextAsync("support: <b>leider</b>");
        await Assertions.Expect(page.Locator("[data-test=preview]")).ToContainTextAsync("Versuch 3 von 3.");
        await Save(page).ClickAsync();
        await Assertions.Expect(page.Locator(".mud-snackbar")).ToContainTextAsync("Saved");
        await Assertions.Expect(page.Locator("[data-test=source]")).ToHaveTextAsync("This queue's own text.");
        Assert.Equal(("support: <b>leider</b>", "Versuch 1 von 3."), await FailAsync("phone-1", "de-CH"));

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Drop the queue's own text" }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-test=source]")).ToHaveTextAsync("The text that comes with Ringback.");
        await Assertions.Expect(page.Locator("#t-title")).ToHaveValueAsync("Wir konnten Sie nicht erreichen");
        Assert.Equal("Wir konnten Sie nicht erreichen", (await FailAsync("phone-2", "de-CH")).Title);
        Assert.Equal([], tab.Complaints);
    }

    [Fact, Trait("Rule", "B12")]
    public async Task Another_language_begins_with_the_text_that_its_customers_get_now_and_one_that_is_none_is_refused()
    {
        await using var tab = await OpenAsync(UserRole.Administrator);
        var page = tab.Page;
        await page.Locator("#t-event").SelectOptionAsync(Final);
        await AddAsync("de-AT");
        await Assertions.Expect(page.Locator("[data-test=source]")).ToHaveTextAsync("There is none in de-AT; customers get the one in de.");
        await Assertions.Expect(page.Locator("#t-title")).ToHaveValueAsync("Wir konnten Sie nicht erreichen");
        await page.Locator("#t-title").FillAsync("Servus");
        await Save(page).ClickAsync();
        await Assertions.Expect(page.Locator("#t-language")).ToHaveValueAsync("de-AT");
        await Assertions.Expect(page.Locator("[data-test=source]")).ToHaveTextAsync("This queue's own text.");
        Assert.Equal("Servus", (await FailAsync("phone-1", "de_AT")).Title);
        Assert.Equal("Wir konnten Sie nicht erreichen", (await FailAsync("phone-2", "de-DE")).Title);

        await AddAsync("DEUTSC");
        await Save(page).ClickAsync();
        await Assertions.Expect(page.Locator(".mud-snackbar").Last).ToContainTextAsync("must stand under a language such as de or de-AT");
        Assert.Equal([], tab.Complaints);

        async Task AddAsync(string language)
        {
            await page.Locator("#t-other").FillAsync(language);
            await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Write in it" }).ClickAsync();
            await Assertions.Expect(page.Locator("#text-title")).ToContainTextAsync(language);
        }
    }

    [Fact, Trait("Rule", "B12")]
    public async Task A_supervisor_reads_texts_and_writes_none()
    {
        await using var tab = await OpenAsync(UserRole.Supervisor);
        await Assertions.Expect(tab.Page.Locator("#t-title")).ToHaveAttributeAsync("readonly", "");
        await Assertions.Expect(tab.Page.Locator("#t-other")).ToHaveCountAsync(0);
        await Assertions.Expect(Save(tab.Page)).ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("[data-test=preview]")).ToContainTextAsync("Your call from support is expected within 4 min.");
        Assert.Equal([], tab.Complaints);
    }

    private async Task<Tab> OpenAsync(UserRole role)
    {
        var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(await site.AddUserAsync(role), "/admin/settings");
        await tab.Page.Locator(".rb-table a").First.ClickAsync();
        await tab.Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Titles and bodies of the pushes" }).ClickAsync();
        await tab.Page.Locator("#t-title").WaitForAsync();
        return tab;
    }

    private static ILocator Save(IPage page) => page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save", Exact = true });

    /// <summary>A customer of that language who cannot be called: the push that tells so.</summary>
    private async Task<(string Title, string Body)> FailAsync(string phone, string language)
    {
        await site.Home.CreateCallbackAsync("support", [phone], language: language);
        await site.Home.OutcomeAsync((await site.Home.DialAsync("support")).AttemptId, "INVALID_NUMBER");
        var shown = (await site.WaitForPushAsync(phone, Final)).Message["notification"]!;
        return (Text(shown, "title"), Text(shown, "body"));
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
