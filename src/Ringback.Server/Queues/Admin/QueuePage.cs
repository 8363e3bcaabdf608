using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Server.Access;
using Ringback.Server.Web;

namespace Ringback.Server.Queues.Admin;

/// <summary>A page about the settings of the user's tenant. It decides nothing: the rules are those of <see cref="QueueService"/>.</summary>
public abstract class QueuePage : ComponentBase
{
    /// <summary>The user's tenant.</summary>
    protected TenantId Tenant { get; private set; }

    /// <summary>Under whose name changes are kept.</summary>
    protected string UserName { get; private set; } = "";

    /// <summary>Whether the user may change settings.</summary>
    protected bool MayEdit { get; private set; }

    /// <summary>Whether something is under way.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Why nothing can be shown, or null.</summary>
    protected string? Trouble { get; set; }

    /// <summary>The queues.</summary>
    [Inject]
    protected QueueService Service { get; set; } = null!;

    /// <summary>Their rows.</summary>
    [Inject]
    protected IQueueStore Queues { get; set; } = null!;

    /// <summary>Where the page is.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = null!;

    [Inject]
    private IAuthorizationService Rights { get; set; } = null!;

    [Inject]
    private ISnackbar Toasts { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var user = (await Session).User;
        (Tenant, UserName) = (user.TenantOf(), user.Identity!.Name!);
        MayEdit = (await Rights.AuthorizeAsync(user, null, QueuePolicies.Edit)).Succeeded;
        await DoAsync(ReadAsync);
    }

    /// <summary>Reads what the page shows.</summary>
    protected abstract Task ReadAsync();

    /// <summary>One thing at a time. An outage is said, never thrown.</summary>
    protected async Task DoAsync(Func<Task> work)
    {
        if (Busy) return;
        Busy = true;
        try
        {
            await work();
        }
        catch (StorageException)
        {
            Trouble = "The database cannot be reached. Try again in a moment.";
        }
        finally
        {
            Busy = false;
        }
    }

    /// <summary>Something that only those do who may change settings.</summary>
    protected Task EditAsync(Func<Task> work) => MayEdit ? DoAsync(work) : Task.CompletedTask;

    /// <summary>Says in the corner what came of an action.</summary>
    protected void Toast(string text, Severity severity = Severity.Success) => Toasts.ShowResult(text, severity);
}
