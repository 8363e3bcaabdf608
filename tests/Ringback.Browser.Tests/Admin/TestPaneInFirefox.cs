using System.Text.Json;
using System.Text.Json.Nodes;
using Ringback.Engine.Access;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>A site, its emulator, and Debian's Firefox before the pane Test Firebase Credentials; one for all tests of a class, since a start takes seconds.</summary>
public sealed class TestPaneInFirefox : IAsyncLifetime
{
    private const string Path = "/admin/developer/credentials/push-notification";

    private Firefox firefox = null!;

    public TestSite Site { get; private set; } = null!;

    internal BidiClient Page => firefox.Page;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // Long enough for a busy machine, and one test waits for it.
        Site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Firebase:TestArrivalTimeout"] = "00:00:08" });
        var user = await Site.AddUserAsync(UserRole.Developer, "Dana");
        firefox = await Firefox.StartAsync(Site.EmulatorAddress, null, Cancellation);
        await Page.WatchConsoleAsync(Cancellation);
        await Page.NavigateAsync(new Uri(Site.ServerAddress, $"/sign-in?returnUrl={Uri.EscapeDataString(Path)}"), Cancellation);
        await Page.EvaluateAsync($$"""
            (() => {
              const field = (name) => document.querySelector(`[name="Input.${name}"]`);
              if (field('Tenant')) field('Tenant').value = {{Json(user.Tenant)}};
              field('Name').value = {{Json(user.Name)}};
              field('Password').value = {{Json(user.Password)}};
              field('Password').form.requestSubmit();
            })()
            """, Cancellation);
        // Alive, not only loaded: whoever leaves before ends a request under way, and the console complains of that in the next test.
        await UntilAsync($"location.pathname === '{Path}' && document.querySelector('#firebase-test [data-run]:not([disabled])') !== null");
    }

    public async ValueTask DisposeAsync()
    {
        if (firefox is not null) await firefox.DisposeAsync();
        await Site.DisposeAsync();
    }

    /// <summary>The page anew, alive, and watched for breaches of its content security policy.</summary>
    public async Task OpenAsync()
    {
        await Page.NavigateAsync(new Uri(Site.ServerAddress, Path), Cancellation);
        await UntilAsync("document.querySelector('#firebase-test [data-run]:not([disabled])') !== null");
        await Page.EvaluateAsync("(() => { window.breaches = []; addEventListener('securitypolicyviolation', (e) => breaches.push(e.violatedDirective + ' ' + e.blockedURI)); })()", Cancellation);
    }

    /// <summary>The values of a web app of the site's project, as the emulator's console shows them.</summary>
    public async Task<JsonObject> WebAppAsync(string? project = null) => JsonNode.Parse(await Site.Phones.WebAppAsync(project ?? FirebaseAccount.First.Project))!.AsObject();

    /// <summary>Types the values in.</summary>
    public async Task FillAsync(JsonObject config)
    {
        foreach (var (field, value) in (IEnumerable<(string, string)>)
        [
            ("test-app-id", (string)config["appId"]!), ("test-api-key", (string)config["apiKey"]!), ("test-sender-id", (string)config["messagingSenderId"]!),
            ("test-vapid-key", (string?)config["vapidKey"] ?? ""),
        ])
        {
            await Page.EvaluateAsync($$"""
                (() => {
                  const field = document.getElementById({{Json(field)}});
                  field.value = {{Json(value)}};
                  field.dispatchEvent(new Event('input', { bubbles: true }));
                })()
                """, Cancellation);
        }
    }

    /// <summary>Ticks the box and presses the button.</summary>
    public async Task StartAsync()
    {
        await Page.EvaluateAsync("(() => { const box = document.querySelector('[data-enable] input'); if (!box.checked) box.click(); })()", Cancellation);
        await Page.EvaluateAsync("document.querySelector('[data-run]').click()", Cancellation);
    }

    /// <summary>Waits for the end of the test; the state of each step, such as <c>fields=passed … send=failed arrival=open</c>, and what the pane says.</summary>
    public async Task<(string Verdict, string Steps, string Text)> EndAsync()
    {
        await UntilAsync("document.querySelector('[data-test=test-end].good, [data-test=test-end].bad') !== null && !document.querySelector('[data-run]').disabled");
        var end = (await Page.EvaluateAsync("""
            (() => ({
              verdict: document.querySelector('[data-test=test-end]').textContent.trim(),
              steps: [...document.querySelectorAll('#firebase-test .step')].map((s) => `${s.dataset.step}=${s.dataset.state}`).join(' '),
              text: document.querySelector('#firebase-test .steps').textContent.replace(/\s+/g, ' '),
            }))()
            """, Cancellation))!;
        return ((string)end["verdict"]!, (string)end["steps"]!, (string)end["text"]!);
    }

    /// <summary>Opens the page, fills it in and runs the test to its end.</summary>
    public async Task<(string Verdict, string Steps, string Text)> RunAsync(JsonObject? config = null)
    {
        await OpenAsync();
        await FillAsync(config ?? await WebAppAsync());
        await StartAsync();
        return await EndAsync();
    }

    /// <summary>Nothing of the test is left with Firebase, the push service or the browser.</summary>
    public async Task AssertCleanAsync()
    {
        Assert.All(await Site.Phones.DevicesAsync(), d => Assert.Equal("unregistered", (string)d!["state"]!));
        await Eventually.UntilAsync(async () => (await Site.Phones.ChannelsAsync()).Count == 0, "the end of the subscription");
        Assert.Null(await Page.EvaluateAsync("localStorage.getItem('ringback.push-test')", Cancellation));
    }

    /// <summary>Looks at the page until the condition holds.</summary>
    public Task UntilAsync(string condition) => Page.EvaluateAsync($$"""
        (async () => {
          for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((again) => setTimeout(again, 20))) if ({{condition}}) return true;
          throw new Error('Waited in vain for ' + {{Json(condition)}} + ' on ' + location.href + ': ' + (document.querySelector('#firebase-test') ?? document.body).innerText);
        })()
        """, Cancellation);

    private static string Json(string text) => JsonSerializer.Serialize(text);
}
