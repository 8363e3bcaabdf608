using System.Text;
using Microsoft.Playwright;

namespace Ringback.Browser.Tests.Admin;

/// <summary>Debian's chromium, one for all tests of a class. Its tabs collect what must not happen: errors on the console and requests elsewhere.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            // Chromium's sandbox refuses to run as root, which build machines are.
            Args = Environment.UserName == "root" ? ["--no-sandbox", "--disable-gpu"] : ["--disable-gpu"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    /// <summary>A window with cookies of its own.</summary>
    public async Task<Tab> OpenAsync(Uri site, int width = 1280, int height = 900, bool dark = false)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.AbsoluteUri,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(20_000);
        return new Tab(await context.NewPageAsync(), site);
    }
}

/// <summary>One tab.</summary>
public sealed class Tab : IAsyncDisposable
{
    private readonly List<string> complaints = [];

    public Tab(IPage page, Uri site)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") Complain($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => Complain($"uncaught: {error}");
        page.Dialog += (_, dialog) =>
        {
            Complain($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: not ("data" or "blob") } url && url.Authority != site.Authority) Complain($"request to {url.Authority}");
        };
    }

    public IPage Page { get; }

    /// <summary>What the console complained about, and everything that is as bad.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (complaints) return [.. complaints];
        }
    }

    public async Task SignInAsync(TestKit.TestUser user, string path = "/")
    {
        await Page.GotoAsync(path);
        if (await Page.GetByLabel("Tenant").CountAsync() > 0) await Page.GetByLabel("Tenant").FillAsync(user.Tenant);
        await Page.GetByLabel("Name", new PageGetByLabelOptions { Exact = true }).FillAsync(user.Name);
        await Page.GetByLabel("Password").FillAsync(user.Password);
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await HeadingAsync();
    }

    /// <summary>Goes to a page and waits until it is alive.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await HeadingAsync();
    }

    public Task HeadingAsync() => Page.Locator("#content h1").WaitForAsync();

    /// <summary>Chooses a file once the field listens, which is a round trip after it is drawn: what is chosen before is not noticed.</summary>
    public static async Task ChooseFileAsync(ILocator field, string name, string type, string text)
    {
        await field.Page.WaitForFunctionAsync("field => field._blazorInputFileNextFileId !== undefined", await field.ElementHandleAsync());
        await field.SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = Encoding.UTF8.GetBytes(text) });
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    private void Complain(string what)
    {
        lock (complaints) complaints.Add(what);
    }
}
