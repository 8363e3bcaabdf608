namespace Ringback.FcmEmulator.Web;

/// <summary>
/// Lets pages of any origin call what the web SDK calls. Google does the same: the API key decides, not the origin. The other paths of the
/// emulator stay closed to foreign pages.
/// </summary>
internal sealed class WebCors(RequestDelegate next)
{
    private const string PreflightSeconds = "3600";

    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || !IsOfTheSdk(context.Request.Path))
        {
            return next(context);
        }
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        if (context.Request.Method != HttpMethods.Options || !context.Request.Headers.ContainsKey("Access-Control-Request-Method"))
        {
            return next(context);
        }
        headers.AccessControlAllowMethods = "GET, POST, PATCH, DELETE";
        headers.AccessControlAllowHeaders = "accept, authorization, content-type, x-firebase-client, x-goog-api-key, x-goog-firebase-installations-auth";
        headers.AccessControlMaxAge = PreflightSeconds;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static bool IsOfTheSdk(PathString path)
        => path.Value is { } text && text.StartsWith("/v1/projects/", StringComparison.Ordinal)
            && (text.Contains("/installations", StringComparison.Ordinal) || text.Contains("/registrations", StringComparison.Ordinal));
}
