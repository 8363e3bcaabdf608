using System.Reflection;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Hosting;
using Ringback.FcmEmulator.Inbox;

namespace Ringback.FcmEmulator.Page;

/// <summary><c>/</c>, the live page, and the two paths that programs look at: <c>/healthz</c> and <c>/info</c>.</summary>
internal static class PageEndpoints
{
    /// <summary>No inline script and nothing from elsewhere: the page shows text that strangers send.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string Version =
        typeof(PageEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public static void Map(WebApplication app)
    {
        MapAsset(app, "/", "index.html", "text/html; charset=utf-8");
        MapAsset(app, "/page.js", "page.js", "text/javascript; charset=utf-8");
        MapAsset(app, "/panel.js", "panel.js", "text/javascript; charset=utf-8");
        MapAsset(app, "/page.css", "page.css", "text/css; charset=utf-8");
        MapAsset(app, "/icon.svg", "icon.svg", "image/svg+xml");

        app.MapGet("/healthz", (RequestDelegate)(context => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "ok");
            json.WriteEndObject();
        })));

        var certificate = app.Services.GetRequiredService<TlsCertificate>();
        app.MapGet("/certificate", (RequestDelegate)(context =>
        {
            context.Response.ContentType = "application/x-pem-file";
            return context.Response.WriteAsync(certificate.Pem + "\n", context.RequestAborted);
        }));

        var accounts = app.Services.GetRequiredService<AccountRegistry>();
        var inbox = app.Services.GetRequiredService<MessageInbox>();
        app.MapGet("/info", (RequestDelegate)(context => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("version", Version);
            json.WriteNumber("accounts", accounts.Count);
            json.WriteNumber("messages", inbox.Count);
            json.WriteEndObject();
        })));
    }

    private static void MapAsset(WebApplication app, string path, string name, string contentType)
    {
        using var resource = typeof(PageEndpoints).Assembly.GetManifestResourceStream($"page/{name}")
            ?? throw new InvalidOperationException($"The page lacks {name}");
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        app.MapGet(path, (RequestDelegate)(async context =>
        {
            context.Response.ContentType = contentType;
            context.Response.ContentLength = content.Length;
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            context.Response.Headers.CacheControl = "no-cache";
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }));
    }
}
