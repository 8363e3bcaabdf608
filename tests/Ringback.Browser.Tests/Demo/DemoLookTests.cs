using Microsoft.Playwright;
using Ringback.Browser.Tests.Admin;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Demo;

/// <summary>
/// How the page <c>/demo</c> looks, by keyboard and in every size and colour, and what a press on a notification does. Chromium, which no push reaches here: the
/// worker is handed its messages by the test. Real pushes are in <see cref="DemoJourneyTests"/>.
/// </summary>
[Collection(Pages.Name)]
public sealed class DemoLookTests(Chromium chromium) : IAsyncLifetime
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(20);
    private static readonly string key = ApiKey.New(new TenantId(1));
    private readonly string folder = Environment.GetEnvironmentVariable("RINGBACK_SCREENSHOTS") ?? Path.Combine(LookTests.Artifacts(), "screenshots");
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Demo:Enabled"] = "true",
            ["Demo:ApiKey"] = key,
            ["Demo:WebApp"] = """{"projectId":"demo","apiKey":"any","appId":"1:1:web:1"}""",
        });
        await ((IAccessStore)site.Services.GetService(typeof(IAccessStore))!).AddKeyAsync(
            new ApiKeyRecord(site.Home.Keys.Tenant, Guid.CreateVersion7(site.Now), "page", ApiRights.Engagement, ApiKey.Hash(key), site.Now, null));
        await site.Home.CreateQueueAsync("support");
        await site.Home.CreateCallInQueueAsync("callin");
        await site.Home.ReportAsync("support", waiting: 12);
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Theory]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(360, false)]
    [InlineData(360, true)]
    public async Task The_page_is_sound_in_every_size_and_colour(int width, bool dark)
    {
        var look = $"{(width < 600 ? "narrow" : "wide")}-{(dark ? "dark" : "light")}";
        await using var tab = await chromium.OpenAsync(site.ServerAddress, width, width < 600 ? 740 : 900, dark);
        var faults = new List<string>();
        await tab.Page.GotoAsync("/demo");
        await tab.Page.Locator("#ask").WaitForAsync();
        await ShootAsync("demo-ask");
        await AskAsync(tab.Page, "12");
        await tab.Page.Locator("#trouble").WaitForAsync();
        await ShootAsync("demo-refused");
        await AskAsync(tab.Page, TenantClient.NewPhone());
        await tab.Page.Locator("#state", new PageLocatorOptions { HasText = "in line" }).WaitForAsync();
        await PushAsync(tab.Page);
        await tab.Page.Locator("#log li").Nth(1).WaitForAsync();
        await ShootAsync("demo-waiting");
        await tab.Page.Locator("#cancel").ClickAsync();
        await tab.Page.Locator("#again").WaitForAsync();
        await ShootAsync("demo-over");
        // The one request that is meant to fail.
        Assert.Equal([], tab.Complaints.Where(c => !c.Contains("400", StringComparison.Ordinal)));
        Assert.True(faults.Count == 0, string.Join('\n', faults));

        async Task ShootAsync(string name)
        {
            await tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{look}.png"), FullPage = true });
            faults.AddRange((await Axe.SeriousAsync(tab.Page)).Select(v => $"{name} {look}: {v}"));
            var wide = await tab.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            if (wide > width) faults.Add($"{name} {look}: {wide} px wide");
        }
    }

    /// <summary>Presses Tab until the element has the focus, which it must get without a pointer.</summary>
    private static async Task TabToAsync(IPage page, string id)
    {
        for (var presses = 0; presses < 30; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string>("() => document.activeElement.id") == id) return;
        }
        Assert.Fail($"{id} cannot be reached by keyboard.");
    }

    [Fact]
    public async Task By_keyboard_alone_a_customer_asks_and_cancels()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.Page.GotoAsync("/demo");
        await tab.Page.Locator("#ask").WaitForAsync();
        await TabToAsync(tab.Page, "phone");
        await tab.Page.Keyboard.TypeAsync(TenantClient.NewPhone());
        await TabToAsync(tab.Page, "notify");
        await tab.Page.Keyboard.PressAsync("Space");
        await TabToAsync(tab.Page, "send");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Locator("#state", new PageLocatorOptions { HasText = "in line" }).WaitForAsync();
        await TabToAsync(tab.Page, "cancel");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.Page.Locator("#place", new PageLocatorOptions { HasText = "You have cancelled it." }).WaitForAsync();
        Assert.Equal([], tab.Complaints);
    }

    /// <summary>The worker's half of it is in <see cref="Clients.WebClientTests"/>.</summary>
    [Fact]
    public async Task What_was_pressed_on_a_notification_is_done_for_the_callback_that_it_belongs_to()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.Page.GotoAsync("/demo");
        await AskAsync(tab.Page, TenantClient.NewPhone());
        await tab.Page.Locator("#state", new PageLocatorOptions { HasText = "in line" }).WaitForAsync();
        var id = await CallbackAsync(tab.Page);
        await ChooseAsync(tab.Page, "cancel", Guid.CreateVersion7(site.Now).ToString());
        await tab.Page.Locator("#trouble", new PageLocatorOptions { HasText = "That message belongs to an earlier callback." }).WaitForAsync();
        await ChooseAsync(tab.Page, "confirm", id);
        await tab.Page.Locator("#place", new PageLocatorOptions { HasText = "We know that you are here." }).WaitForAsync();
        Assert.Equal("QUEUED", await site.Home.StateAsync(Guid.Parse(id)));
        await ChooseAsync(tab.Page, "reschedule", id);
        Assert.Equal("time", await tab.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        await ChooseAsync(tab.Page, "cancel", id);
        await tab.Page.Locator("#place", new PageLocatorOptions { HasText = "You have cancelled it." }).WaitForAsync();
        Assert.Equal("COMPLETED/CANCELLED", await site.Home.StateAsync(Guid.Parse(id)));
        await ChooseAsync(tab.Page, "book", id);
        await tab.Page.Locator("#ask").WaitForAsync();
        Assert.Equal([], tab.Complaints);
    }

    /// <summary>No push reaches this browser: what the page offers comes from the server's state alone.</summary>
    [Fact]
    public async Task A_customer_whose_READY_is_lost_calls_in_all_the_same()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        var id = await site.Home.CreateCallbackAsync("callin", ["phone-of-another-app"]);
        await tab.Page.Clock.SetFixedTimeAsync(site.Now.UtcDateTime); // What is to dial holds by the server's clock.
        await tab.Page.GotoAsync("/demo");
        await tab.Page.EvaluateAsync("id => localStorage.setItem('ringback.sample', JSON.stringify({ id, pushes: true }))", id.ToString());
        await tab.Page.ReloadAsync();
        await tab.Page.Locator("#state", new PageLocatorOptions { HasText = "in line" }).WaitForAsync();
        Assert.True(await tab.Page.Locator("#call-in").IsHiddenAsync());
        // Pressed too early, on a notification that stood too long: refused in plain words.
        await ChooseAsync(tab.Page, "call-in", id.ToString());
        await tab.Page.Locator("#trouble", new PageLocatorOptions { HasText = "It is too late for that" }).WaitForAsync();
        await site.Home.ReportAsync("callin", ready: 1);
        await tab.Page.Locator("#call-in").ClickAsync();
        await tab.Page.Locator("#dial", new PageLocatorOptions { HasText = "Dial +14155550199 and enter the code" }).WaitForAsync();
        Assert.Equal([], tab.Complaints);
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_and_asked_again()
    {
        await using var tab = await chromium.OpenAsync(site.ServerAddress);
        await tab.Page.GotoAsync("/demo");
        await AskAsync(tab.Page, TenantClient.NewPhone());
        await tab.Page.Locator("#state", new PageLocatorOptions { HasText = "in line" }).WaitForAsync();
        await tab.Page.Context.SetOfflineAsync(true);
        await tab.Page.Locator("#place", new PageLocatorOptions { HasText = "The server cannot be reached at present." }).WaitForAsync();
        await tab.Page.Context.SetOfflineAsync(false);
        await tab.Page.Locator("#place:not(:has-text('cannot be reached'))").WaitForAsync();
    }

    private static async Task AskAsync(IPage page, string phone)
    {
        await page.Locator("#phone").FillAsync(phone);
        await page.Locator("#notify").UncheckAsync();
        await page.Locator("#send").ClickAsync();
    }

    private static Task<string> CallbackAsync(IPage page) => page.EvaluateAsync<string>("() => JSON.parse(localStorage.getItem('ringback.sample')).id");

    private static async Task ChooseAsync(IPage page, string action, string callback) => await page.EvaluateAsync("""
        ([action, callbackId]) => navigator.serviceWorker.dispatchEvent(
          new MessageEvent('message', { data: { kind: 'ringback-choice', action, event: 'CALLBACK_UPCOMING', data: { callbackId } } }))
        """, new[] { action, callback });

    /// <summary>Hands the page's worker two messages as a push service would; enablePush starts the worker where there is one.</summary>
    private static async Task PushAsync(IPage page)
    {
        await page.Context.GrantPermissionsAsync(["notifications"]);
        var session = await page.Context.NewCDPSessionAsync(page);
        var registered = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Event("ServiceWorker.workerRegistrationUpdated").OnEvent += (_, update) =>
        {
            foreach (var registration in update!.Value.GetProperty("registrations").EnumerateArray()) registered.TrySetResult(registration.GetProperty("registrationId").GetString()!);
        };
        await session.SendAsync("ServiceWorker.enable");
        await page.EvaluateAsync("""
            async () => {
              const registration = await navigator.serviceWorker.register('ringback-push-sw.js?page=/demo/');
              while (registration.active?.state !== 'activated') await new Promise((again) => setTimeout(again, 20));
            }
            """);
        var id = await CallbackAsync(page);
        foreach (var (name, sequence, title) in new[] { ("CALLBACK_UPCOMING", 1, "We are about to call you"), ("CALLBACK_ATTEMPT_FAILED", 2, "We could not reach you") })
        {
            var message = $$$"""
                {"notification":{"title":"{{{title}}}","body":"Your call from support is expected within 2 min. Please keep your phone at hand."},
                 "data":{"version":"1","event":"{{{name}}}","notificationId":"n-{{{sequence}}}","callbackId":"{{{id}}}","sequence":"{{{sequence}}}","occurredAt":"2026-11-23T10:15:30.000Z"}}
                """;
            await session.SendAsync("ServiceWorker.deliverPushMessage", new Dictionary<string, object>
            {
                ["origin"] = new Uri(page.Url).GetLeftPart(UriPartial.Authority),
                ["registrationId"] = await registered.Task.WaitAsync(patience, TimeProvider.System),
                ["data"] = message,
            });
        }
    }
}
