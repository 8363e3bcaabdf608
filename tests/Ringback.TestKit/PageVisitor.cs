using System.Net;
using System.Text.RegularExpressions;

namespace Ringback.TestKit;

/// <summary>A browser without scripts: it keeps cookies, follows nothing by itself and fills in forms.</summary>
public sealed partial class PageVisitor : IDisposable
{
    private readonly HttpClientHandler handler = new() { AllowAutoRedirect = false, UseProxy = false };
    private readonly HttpClient http;

    /// <summary>A visitor of a site.</summary>
    public PageVisitor(Uri site)
    {
        Site = site;
        http = new HttpClient(handler) { BaseAddress = site };
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    /// <summary>Where the site is.</summary>
    public Uri Site { get; }

    /// <summary>The cookies so far.</summary>
    public CookieContainer Cookies => handler.CookieContainer;

    /// <summary>A page, as it is answered.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>Sends a form.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        return await http.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    /// <summary>Fills the sign-in form in and sends it.</summary>
    public async Task<HttpResponseMessage> SignInAsync(TestUser user, string? password = null, string path = "/sign-in")
    {
        using var page = await GetAsync(path);
        return await PostAsync(path, new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["__RequestVerificationToken"] = TokenOf(await page.Content.ReadAsStringAsync()),
            ["Input.Tenant"] = user.Tenant,
            ["Input.Name"] = user.Name,
            ["Input.Password"] = password ?? user.Password,
        });
    }

    /// <summary>The token of the form on a page.</summary>
    public static string TokenOf(string html) => FormToken().Match(html) is { Success: true } found ? found.Groups[1].Value : "";

    /// <inheritdoc/>
    public void Dispose()
    {
        http.Dispose();
        handler.Dispose();
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
