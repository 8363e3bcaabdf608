using System.Text.Json;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Demo;

/// <summary>
/// What <c>./run.sh</c> starts, as processes of their own, and Debian's Firefox before its page <c>/demo</c>; one for all tests of a class. Firefox finds the
/// emulator where Mozilla's push service is, and nothing else is replaced.
/// </summary>
public sealed class DemoInFirefox : IAsyncLifetime
{
    /// <summary>Three programs start, and browsers beside them.</summary>
    private static readonly TimeSpan startPatience = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-demo-");
    private ProcessSiteChild demo = null!;
    private Firefox firefox = null!;
    private JsonElement ready;

    /// <summary>The page's tab.</summary>
    internal BidiClient Page => firefox.Page;

    /// <summary>The agents' side, and an app beside the page.</summary>
    public ProcessSiteClient Site { get; private set; } = null!;

    public Uri Url => new(Text("url"));

    public Uri Emulator => new(Text("emulatorUrl"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var data = Path.Combine(folder.FullName, "data");
        demo = ProcessSiteChild.StartBuilt("ringback.dll",
            ["demo", "--port", "0", "--emulator-port", "0", "--data", data, "--emulator-program", Path.Combine(AppContext.BaseDirectory, "fcm-emulator.dll")]);
        var file = Path.Combine(data, "ready.json");
        await ProcessSitePoll.UntilAsync("the demo is ready", () =>
            demo.HasEnded ? throw new InvalidOperationException(demo.Log) : Task.FromResult(File.Exists(file)), startPatience);
        ready = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(file, Cancellation));
        Site = new ProcessSiteClient(() => Url, Text("apiKey"), Text("managementKey"));
        firefox = await StartFirefoxAsync();
        await Page.WatchConsoleAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (firefox is not null) await firefox.DisposeAsync();
        demo.Signal("TERM");
        await demo.EndedAsync("the demo");
        await demo.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>One more Firefox, for a test that needs other preferences.</summary>
    internal Task<Firefox> StartFirefoxAsync(params (string Name, object Value)[] preferences) => Firefox.StartAsync(Emulator, null, Cancellation, preferences);

    /// <summary>The page as a new customer sees it, watched for breaches of its content security policy.</summary>
    internal async Task OpenAsync(BidiClient? page = null)
    {
        page ??= Page;
        await page.NavigateAsync(new Uri(Url, "/demo"), Cancellation);
        await page.EvaluateAsync("localStorage.removeItem('ringback.sample')", Cancellation);
        await ReloadAsync(page);
    }

    internal async Task ReloadAsync(BidiClient? page = null)
    {
        page ??= Page;
        await page.NavigateAsync(new Uri(Url, "/demo"), Cancellation);
        await page.EvaluateAsync("(() => { window.breaches = []; addEventListener('securitypolicyviolation', (e) => breaches.push(e.violatedDirective + ' ' + e.blockedURI)); })()", Cancellation);
        await UntilAsync("!document.querySelector('#ask').hidden || !document.querySelector('#callback').hidden", page);
    }

    /// <summary>Fills the form in and sends it.</summary>
    internal Task AskAsync(string phone, bool callIn = false, bool notify = true, BidiClient? page = null) => (page ?? Page).EvaluateAsync($$"""
        (() => {
          document.querySelectorAll('[name=queue]')[{{(callIn ? 1 : 0)}}].click();
          document.querySelector('#phone').value = '{{phone}}';
          if (document.querySelector('#notify').checked !== {{(notify ? "true" : "false")}}) document.querySelector('#notify').click();
          document.querySelector('#send').click();
        })()
        """, Cancellation);

    internal Task PressAsync(string id) => Page.EvaluateAsync($$"""
        (() => {
          const button = document.getElementById('{{id}}');
          if (button.hidden) throw new Error('The button {{id}} is not there: ' + document.body.innerText);
          button.click();
        })()
        """, Cancellation);

    /// <summary>The id of the callback that the page shows.</summary>
    internal async Task<Guid> CallbackAsync() => Guid.Parse((string)(await Page.EvaluateAsync("JSON.parse(localStorage.getItem('ringback.sample')).id", Cancellation))!);

    /// <summary>Waits until an element shows this text.</summary>
    internal Task ShowsAsync(string id, string text, BidiClient? page = null) =>
        UntilAsync($"!document.getElementById('{id}').closest('[hidden]') && document.getElementById('{id}').innerText.includes({JsonSerializer.Serialize(text)})", page);

    /// <summary>Waits until the log holds exactly these messages, each the number and the event.</summary>
    internal Task LogsAsync(params string[] messages) =>
        UntilAsync($"[...document.querySelectorAll('#log li')].map((item) => item.children[0].textContent + ' ' + item.children[1].textContent).join() === '{string.Join(',', messages)}'");

    /// <summary>Waits until the worker shows exactly one notification, whose event and title begin so; an empty text is none.</summary>
    internal Task NotifiesAsync(string start) => UntilAsync($$"""
        navigator.serviceWorker.getRegistration().then((r) => r.getNotifications())
          .then((all) => all.length === {{(start.Length > 0 ? 1 : 0)}} && all.every((n) => `${n.data.event} ${n.title}`.startsWith('{{start}}')))
        """);

    /// <summary>Looks at the page until the condition holds.</summary>
    internal async Task UntilAsync(string condition, BidiClient? page = null) => await (page ?? Page).EvaluateAsync($$"""
        (async () => {
          for (const end = Date.now() + 45_000; Date.now() < end; await new Promise((again) => setTimeout(again, 50))) if (await ({{condition}})) return true;
          throw new Error('Waited in vain for ' + {{JsonSerializer.Serialize(condition)}} + ' on ' + location.href + ': ' + document.body.innerText);
        })()
        """, Cancellation);

    /// <summary>Neither the console nor the content security policy complains.</summary>
    internal async Task AssertQuietAsync(int before = 0)
    {
        Assert.Equal([], Page.Complaints.Skip(before));
        Assert.Equal("[]", (await Page.EvaluateAsync("breaches", Cancellation))!.ToJsonString());
    }

    private string Text(string name) => ready.GetProperty(name).GetString()!;
}
