using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Server.Web;

namespace Ringback.Server.Delivery.Admin;

/// <summary>Which pushes are paused, and since when and by whom; supervisors pause and resume. It reads itself anew as often as the page around it.</summary>
public sealed partial class PausesCard
{
    private IReadOnlyList<DeliveryPause> pauses = [];
    private IReadOnlyList<string>? queues;
    private string chosen = "";
    private string? trouble;

    /// <summary>The user's tenant.</summary>
    [Parameter, EditorRequired]
    public TenantId Tenant { get; set; }

    /// <summary>The user's name, for the audit.</summary>
    [Parameter, EditorRequired]
    public string UserName { get; set; } = "";

    [Inject]
    private DeliveryPauses Pauses { get; set; } = null!;

    [Inject]
    private QueueService Queues { get; set; } = null!;

    [Inject]
    private AuthenticationStateProvider Users { get; set; } = null!;

    [Inject]
    private IAuthorizationService Authorization { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => TryAsync(() => Task.CompletedTask);

    /// <summary>The names are read when somebody asks: there may be many, and the page is read every few seconds.</summary>
    private Task AskAsync() => TryAsync(async () => (queues, chosen) = ([.. (await Queues.ListAsync(Tenant)).Select(queue => queue.Name).Order(StringComparer.Ordinal)], ""));

    private Task PauseAsync() => ChangeAsync(async () =>
    {
        await Pauses.PauseAsync(Tenant, chosen, UserName);
        queues = null;
    });

    private Task ResumeAsync(string queue) => ChangeAsync(() => Pauses.ResumeAsync(Tenant, queue, UserName));

    /// <summary>The right is checked here too: what a page does not show can still be sent.</summary>
    private async Task ChangeAsync(Func<Task> change)
    {
        var user = (await Users.GetAuthenticationStateAsync()).User;
        if ((await Authorization.AuthorizeAsync(user, null, DeliveryPolicies.Pause)).Succeeded) await TryAsync(change);
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            (pauses, trouble) = (await Pauses.ListAsync(Tenant), null);
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            trouble = ResultToast.TextOf(away);
        }
    }
}
