using Microsoft.Extensions.Options;
using Ringback.Engine.Firebase;
using Ringback.Server.Demo;

namespace Ringback.Server.Web;

/// <summary>What every answer tells the browser to refuse. Set before anything is written, so that error answers have it too.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IOptions<FirebaseOptions> firebase)
{
    /// <summary>Below this path are the pages from which a browser may call Firebase: whoever enters at another of them reaches the test without loading a new document.</summary>
    private const string PagesPath = "/admin";

    /// <summary>
    /// No script but our own files: none in the page, none from elsewhere, no eval. Styles may stand in elements, since MudBlazor sets sizes and
    /// colours there; they can run nothing.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "worker-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The same for pages, which may call exactly the two services of Firebase that the test of the credentials registers with.</summary>
    private readonly string pagesPolicy = ContentSecurityPolicy.Replace(
        "connect-src 'self'",
        $"connect-src 'self' {Origin(firebase.Value.InstallationsEndpoint)} {Origin(firebase.Value.RegistrationsEndpoint)}",
        StringComparison.Ordinal);

    /// <summary>The customer's page is plain HTML: no style in an element, no form that leaves by itself. It calls the two services of Firebase at which a browser registers.</summary>
    private readonly string customerPolicy =
        $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {Origin(firebase.Value.InstallationsEndpoint)} {Origin(firebase.Value.RegistrationsEndpoint)}; "
        + "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Below(http, PagesPath) ? pagesPolicy : Below(http, CustomerPage.Path) ? customerPolicy : ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        return next(http);
    }

    private static bool Below(HttpContext http, string path) => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);

    private static string Origin(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Authority);
}
