using Microsoft.Extensions.Options;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Firebase;
using Ringback.Server.Web;

namespace Ringback.Server.Demo;

/// <summary>
/// The customer's page <c>/demo</c>: the sample of <c>clients/web</c> on the origin of the API. Where it is not switched on there is no route, so that everything
/// below the path is unknown.
/// </summary>
internal static class CustomerPage
{
    /// <summary>Its files lie below this path, which is the scope of its service worker.</summary>
    public const string Path = "/demo";

    public static void Map(WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<CustomerPageOptions>>().Value.Enabled) return;
        app.MapGet(Path, SendPage);
        app.MapGet($"{Path}/config.json", ConfigAsync);
        app.MapGet($"{Path}/{{file}}", (HttpContext http, string file) => ClientFiles.Send(http, file));
    }

    /// <summary>A worker takes the pages below its folder, and <c>/demo</c> without the slash is not below it.</summary>
    private static IResult SendPage(HttpContext http) =>
        http.Request.Path.Value!.EndsWith('/') ? ClientFiles.Send(http, "index.html") : Results.Redirect($"{Path}/");

    /// <summary>What the page must know. Its key goes to everybody who opens the page, so one that may do more is not given away.</summary>
    private static async Task<IResult> ConfigAsync(HttpContext http, IOptions<CustomerPageOptions> page, IOptions<FirebaseOptions> firebase, ApiKeyReader keys)
    {
        var options = page.Value;
        http.Response.Headers.CacheControl = "no-store";
        if (await keys.ReadAsync(options.ApiKey) is not { Rights: ApiRights.Engagement })
            return Answers.Refuse(http, Problems.DemoKeyUnfit.With("Demo:ApiKey must be a key of this installation with the right 'engagement' and no other."));
        return Answers.Ok(new
        {
            apiKey = options.ApiKey,
            queues = new[] { (Name: options.Queue, CallIn: false), (Name: options.CallInQueue, CallIn: true) }
                .Where(q => q.Name.Length > 0).Select(q => new { name = q.Name, callIn = q.CallIn }),
            firebase = Firebase(CustomerWebApp.Read(options.WebApp), firebase.Value),
        });
    }

    /// <summary>The web app as clients/web takes it; null where none is configured.</summary>
    private static object? Firebase(CustomerWebApp? app, FirebaseOptions options) => app is null ? null : new
    {
        project = app.ProjectId,
        apiKey = app.ApiKey,
        appId = app.AppId,
        vapidKey = app.VapidKey is { Length: > 0 } key ? key : null,
        installations = options.InstallationsEndpoint,
        registrations = options.RegistrationsEndpoint,
    };
}
