namespace Ringback.Server.Web;

/// <summary>What every answer tells the browser to refuse. Set before anything is written, so that error answers have it too.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>
    /// No script but our own files: none in the page, none from elsewhere, no eval. Styles may stand in elements, since MudBlazor sets sizes and
    /// colours there; they can run nothing.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        + "worker-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        return next(http);
    }
}
