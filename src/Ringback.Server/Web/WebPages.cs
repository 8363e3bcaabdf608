using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.StaticAssets;
using MudBlazor;
using MudBlazor.Services;
using Ringback.Server.Access;
using Ringback.Server.Access.Admin;
using Ringback.Server.Callbacks;
using Ringback.Server.Delivery;
using Ringback.Server.Firebase;
using Ringback.Server.Queues;
using Ringback.Server.Queues.Admin;

namespace Ringback.Server.Web;

/// <summary>Registers and maps the pages.</summary>
internal static class WebPages
{
    public static void AddServices(IServiceCollection services)
    {
        AccessServices.AddWebAccess(services);
        services.AddRouting();
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DetailedErrors = false;
            // What a browser that lost its line may find again; the pages hold little that is worth more memory.
            circuits.DisconnectedCircuitMaxRetained = 50;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = 256 * 1024); // Business hours with all the dates that they may have are one field of a page.
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            mud.SnackbarConfiguration.MaxDisplayedSnackbars = 3;
            mud.SnackbarConfiguration.VisibleStateDuration = 8_000;
            mud.SnackbarConfiguration.ShowTransitionDuration = 150;
            mud.SnackbarConfiguration.HideTransitionDuration = 150;
        });
    }

    public static void Map(WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        // The test of the credentials speaks with Firebase as the apps do, by the same text.
        app.MapGet("/push-test/firebase.js", (HttpContext http) => ClientFiles.Send(http, "firebase.js")).AllowAnonymous();
        app.MapGet("/", () => Results.Redirect(CallbackPolicies.Path)).RequireAuthorization(AccessPolicies.SignedIn);
        SignOutEndpoint.Map(app);
        SettingsDownload.Map(app);
        var pages = app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        pages.RequireAuthorization(AccessPolicies.SignedIn);
        pages.Add(endpoint => Guard(endpoint, FirebasePolicies.Path, FirebasePolicies.Credentials));
        pages.Add(endpoint => Guard(endpoint, CallbackPolicies.Path, CallbackPolicies.See));
        pages.Add(endpoint => Guard(endpoint, QueuePolicies.Path, QueuePolicies.See));
        pages.Add(endpoint => Guard(endpoint, DeliveryPolicies.Path, DeliveryPolicies.See));
    }

    /// <summary>Guards everything below a path, so that a page that forgets its policy is shut all the same.</summary>
    private static void Guard(EndpointBuilder endpoint, string path, string policy)
    {
        var pattern = "/" + (endpoint as RouteEndpointBuilder)?.RoutePattern.RawText?.TrimStart('/');
        if (pattern.StartsWith(path, StringComparison.OrdinalIgnoreCase)) endpoint.Metadata.Add(new AuthorizeAttribute(policy));
    }
}
