using Microsoft.Playwright;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>The pages without a mouse: everything is reached with Tab and pressed with Enter or Space.</summary>
[Collection(Pages.Name)]
public sealed class KeyboardTests(Chromium chromium) : IAsyncLifetime
{
    /// <summary>More stops than any page has; past them the thing cannot be reached.</summary>
    private const int MostStops = 60;

    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync(provision: false);
        await site.Phones.RegisterAsync(FirebaseAccount.First);
        await site.Home.CreateQueueAsync("support");
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task Sign_in_menu_credentials_and_sign_out_need_no_mouse()
    {
        var user = await site.AddUserAsync(UserRole.Administrator);
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var (page, keys) = (tab.Page, tab.Page.Keyboard);
        await page.GotoAsync("/");
        await ReachAsync(page, "#tenant");
        await keys.TypeAsync(user.Tenant);
        await ReachAsync(page, "#name");
        await keys.TypeAsync(user.Name);
        await ReachAsync(page, "#password");
        await keys.TypeAsync(user.Password);
        await keys.PressAsync("Enter");
        await tab.HeadingAsync();

        await ReachAsync(page, "a[href$='push-notification']");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#firebase-status")).ToContainTextAsync("Not configured");
        await ReachAsync(page, "#project-name");
        await keys.InsertTextAsync(FirebaseAccount.First.Project);
        await ReachAsync(page, "#client-email");
        await keys.InsertTextAsync(FirebaseAccount.First.Email);
        await ReachAsync(page, "#private-key");
        await keys.InsertTextAsync(FirebaseAccount.First.Pem);
        await ReachAsync(page, "#firebase-update button[type=submit]");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#firebase-status")).ToContainTextAsync("Configured and verified");

        await ReachAsync(page, ".rb-signout");
        await keys.PressAsync("Enter");
        await page.Locator("#password").WaitForAsync();
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task What_has_the_focus_can_be_seen()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.SignInAsync(await site.AddUserAsync(UserRole.Administrator), "/admin/developer/credentials/push-notification");
        await tab.Page.Locator("#project-name").WaitForAsync();
        var unseen = new List<string>();
        for (var stop = 0; stop < MostStops; stop++)
        {
            await tab.Page.Keyboard.PressAsync("Tab");
            // A ring of its own, or a change that one of its parents shows.
            var look = await tab.Page.EvaluateAsync<string>("""
                () => {
                  const at = document.activeElement;
                  if (!at || at === document.body) return 'end';
                  const rings = e => { const s = getComputedStyle(e); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none' || parseFloat(s.borderTopWidth) >= 2; };
                  for (let e = at, up = 0; e && up < 4; e = e.parentElement, up++) if (rings(e) || [...e.children].some(rings)) return 'seen';
                  return at.outerHTML.slice(0, 60) + ' ' + getComputedStyle(at).outline + ' ' + at.matches(':focus-visible') + ' ' + document.hasFocus();
                }
                """);
            if (look == "end") break;
            if (look != "seen") unseen.Add(look);
        }
        Assert.True(unseen.Count == 0, string.Join("\n", unseen));
    }

    /// <summary>Presses Tab until the element has the focus.</summary>
    internal static async Task ReachAsync(IPage page, string selector)
    {
        await page.Locator(selector).First.WaitForAsync();
        for (var stop = 0; stop < MostStops; stop++)
        {
            if (await page.EvaluateAsync<bool>("selector => !!document.activeElement && document.activeElement.matches(selector)", selector)) return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"{selector} is not reached with {MostStops} presses of Tab.");
    }
}
