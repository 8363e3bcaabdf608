using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Ringback.Server.Access.Admin;

namespace Ringback.Server.Access;

/// <summary>The cookie of a session: for this browser session only, not readable by scripts, worthless after 20 idle minutes.</summary>
internal static class SessionCookie
{
    public const string Name = "ringback.session";

    /// <summary>How often activity moves the end of the session; each request would be needless work.</summary>
    private static readonly TimeSpan renewal = TimeSpan.FromMinutes(1);

    public static void Configure(CookieAuthenticationOptions cookie, TimeProvider clock)
    {
        cookie.TimeProvider = clock;
        cookie.Cookie.Name = Name;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.IsEssential = true;
        // Lax: a link in a mail leads to the page, but no foreign page can post or open our socket with the cookie.
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = Sessions.IdleTimeOut;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = SignInPage.Path;
        cookie.ReturnUrlParameter = SignInPage.ReturnParameter;
        cookie.Events.OnCheckSlidingExpiration = sliding =>
        {
            sliding.ShouldRenew = sliding.ElapsedTime >= renewal;
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = async validation =>
        {
            var begun = validation.Properties.GetString(BegunAt) is { } text && long.TryParse(text, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
            var sessions = validation.HttpContext.RequestServices.GetRequiredService<Sessions>();
            if (clock.GetUtcNow() - begun <= Sessions.Longest && await sessions.EnterAsync(validation.Principal!)) return;
            validation.RejectPrincipal();
            await validation.HttpContext.SignOutAsync(validation.Scheme.Name);
        };
        cookie.Events.OnRedirectToAccessDenied = denied =>
        {
            // An answer in its own right, not a way to another address: the error page follows in ErrorAnswers.
            denied.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    /// <summary>What the ticket remembers beside the principal.</summary>
    public static AuthenticationProperties Properties(TimeProvider clock) => new()
    {
        IsPersistent = false,
        Items = { [BegunAt] = clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture) },
    };

    private const string BegunAt = "begun";
}

/// <summary>Ends a circuit whose session has ended: by time, by sign-out elsewhere, or because the account was changed.</summary>
internal sealed class CircuitSession(ILoggerFactory logs, Sessions sessions) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        sessions.IsAliveAsync(authenticationState.User);
}
