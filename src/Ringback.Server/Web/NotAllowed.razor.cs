using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Ringback.Server.Access.Admin;

namespace Ringback.Server.Web;

/// <summary>Says that the role does not suffice, or leads to the sign-in page where the session has ended.</summary>
public sealed partial class NotAllowed
{
    private bool signedIn;

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        signedIn = (await Session).User.Identity?.IsAuthenticated == true;
        if (!signedIn) Navigation.NavigateTo(SignInPage.AddressFor("/" + Navigation.ToBaseRelativePath(Navigation.Uri)), forceLoad: true);
    }
}
