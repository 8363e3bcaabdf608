using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;
using Ringback.Engine;
using Ringback.Server.Web;

namespace Ringback.Server.Access.Admin;

/// <summary>The one page that a stranger sees. Not interactive: it sets a cookie, which only an answer to a request can.</summary>
public sealed partial class SignInPage
{
    internal const string Path = "/sign-in";
    internal const string ReturnParameter = "returnUrl";
    private bool failed;
    private bool asksForTenant;

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    [SupplyParameterFromForm]
    private SignInForm? Input { get; set; }

    [SupplyParameterFromQuery(Name = ReturnParameter)]
    private string? Return { get; set; }

    [SupplyParameterFromQuery(Name = "idle")]
    private string? Idle { get; set; }

    [Inject]
    private IServiceProvider Services { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    internal static string AddressFor(string returnUrl) => $"{Path}?{ReturnParameter}={Uri.EscapeDataString(returnUrl)}";

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        Input ??= new SignInForm();
        asksForTenant = await Services.GetRequiredService<UserAccounts>().AsksForTenantAsync();
    }

    private async Task SignInAsync()
    {
        var account = await Services.GetRequiredService<UserAccounts>().VerifyAsync(Input!.Tenant, Input.Name, Input.Password, Http.RequestAborted);
        if (account is null)
        {
            failed = true;
            return;
        }
        var clock = Services.GetRequiredKeyedService<TimeProvider>(Clock.ServiceKey);
        var sessions = Services.GetRequiredService<Sessions>();
        // Another session in the same browser ends here, or its copy would outlive it unnoticed.
        if (Http.User.Identity?.IsAuthenticated == true) sessions.End(Http.User);
        await Http.SignInAsync(IdentityConstants.ApplicationScheme, sessions.Begin(account), SessionCookie.Properties(clock));
        Navigation.NavigateTo(ReturnUrl.Safe(Return));
    }

    private sealed class SignInForm
    {
        public string? Tenant { get; set; }

        public string? Name { get; set; }

        public string? Password { get; set; }
    }
}
