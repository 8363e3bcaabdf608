using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Ringback.Server.Access.Admin;

/// <summary>Ends a session, and takes the reports that somebody is still there.</summary>
internal static class SignOutEndpoint
{
    public const string Path = "/sign-out";

    /// <summary>Asked for by the page's script while its user is active; the cookie is renewed on the way.</summary>
    public const string AlivePath = "/session/alive";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(Path, SignOutAsync).AllowAnonymous();
        app.MapGet(AlivePath, () => Results.NoContent()).RequireAuthorization(AccessPolicies.SignedIn);
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery forms, Sessions sessions)
    {
        if (http.User.Identity?.IsAuthenticated == true)
        {
            if (!await forms.IsRequestValidAsync(http)) return Results.BadRequest();
            sessions.End(http.User);
        }
        await http.SignOutAsync(IdentityConstants.ApplicationScheme);
        return Results.Redirect(SignInPage.Path);
    }
}
