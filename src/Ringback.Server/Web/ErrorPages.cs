using System.Net;

namespace Ringback.Server.Web;

/// <summary>What a browser shows where a request fails. Plain HTML from here and not a page of Blazor: it must work when nothing else does.</summary>
internal static class ErrorPages
{
    /// <summary>Whether a person asked: anything that is neither an API nor a probe.</summary>
    public static bool Wanted(HttpContext http) =>
        http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && !http.Request.Path.StartsWithSegments("/healthz") && !http.Request.Path.StartsWithSegments("/readyz");

    /// <summary>Writes the page of a status.</summary>
    public static Task WriteAsync(HttpContext http, int status, string? detail = null)
    {
        var (title, text) = status switch
        {
            StatusCodes.Status400BadRequest => ("The request could not be read", "Go back, load the page again and repeat what you did."),
            StatusCodes.Status403Forbidden => ("You may not see this page", "Your role has no right to it. An administrator can give you another one."),
            StatusCodes.Status404NotFound => ("There is no such page", "The address may be misspelt, or what it showed is gone."),
            StatusCodes.Status503ServiceUnavailable => ("Not available at present", "Try again in a moment."),
            _ => ("Something went wrong on our side", "The error was logged. Try again; if it comes back, tell an administrator the number below."),
        };
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
              <title>{title} · Ringback</title>
              <link rel="icon" type="image/svg+xml" href="/icon.svg"><link rel="stylesheet" href="/ringback.css"><script src="/ringback.js"></script>
            </head>
            <body>
              <main class="rb-plain">
                <p class="rb-plain-brand"><img src="/icon.svg" alt="" width="28" height="28"> Ringback</p>
                <h1>{title}</h1>
                <p>{WebUtility.HtmlEncode(detail ?? text)}</p>
                <p><a href="/">To the first page</a></p>
                <p class="rb-plain-small">{status} · {WebUtility.HtmlEncode(http.TraceIdentifier)}</p>
              </main>
            </body>
            </html>
            """, http.RequestAborted);
    }
}
