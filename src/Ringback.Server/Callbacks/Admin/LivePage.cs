using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Server.Access;

namespace Ringback.Server.Callbacks.Admin;

/// <summary>A page about callbacks of the user's tenant that reads itself anew every few seconds, until it is left.</summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan refreshEvery = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource closed = new();

    /// <summary>The user's tenant.</summary>
    protected TenantId Tenant { get; private set; }

    /// <summary>Whether the user may see phone numbers as a whole.</summary>
    protected bool WholeNumbers { get; private set; }

    /// <summary>Whether the user may cancel and purge callbacks.</summary>
    protected bool MayEnd { get; private set; }

    /// <summary>The user's name, for the timeline.</summary>
    protected string UserName { get; private set; } = "";

    /// <summary>The callbacks.</summary>
    [Inject]
    protected CallbackService Service { get; set; } = null!;

    /// <summary>Our clock.</summary>
    [Inject(Key = Clock.ServiceKey)]
    protected TimeProvider Time { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = null!;

    [Inject]
    private IAuthorizationService Rights { get; set; } = null!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        closed.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var user = (await Session).User;
        Tenant = user.TenantOf();
        WholeNumbers = (await Rights.AuthorizeAsync(user, null, CallbackPolicies.PhoneNumbers)).Succeeded;
        MayEnd = (await Rights.AuthorizeAsync(user, null, CallbackPolicies.End)).Succeeded;
        UserName = user.Identity?.Name ?? "";
        await ReadAsync();
        _ = RefreshAsync(closed.Token);
    }

    /// <summary>Reads what the page shows. An outage is shown, never thrown.</summary>
    protected abstract Task ReadAsync();

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(refreshEvery, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                await InvokeAsync(async () =>
                {
                    await ReadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }
}
