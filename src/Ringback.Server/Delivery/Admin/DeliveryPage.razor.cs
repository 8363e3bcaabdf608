using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Delivery.Admin;

/// <summary>One push in full: what it says, how it stands, why it waits, and sending it again.</summary>
public sealed partial class DeliveryPage
{
    private PushView? view;
    private string? trouble, refused;
    private PushProjects? projects;
    private Guid? sent;
    private bool asked;
    private Guid shown;

    /// <summary>The notificationId.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    private PushLogService Pushes { get; set; } = null!;

    [Inject]
    private CredentialService Credentials { get; set; } = null!;

    [Inject]
    private AuthenticationStateProvider Users { get; set; } = null!;

    [Inject]
    private IAuthorizationService Authorization { get; set; } = null!;

    internal static string AddressOf(Guid id) => $"{DeliveryPolicies.Path}/{id:D}";

    internal static string StateClass(OutboxState state) => state switch
    {
        OutboxState.Pending => "wait",
        OutboxState.Accepted => "done",
        OutboxState.Cancelled => "off",
        _ => "bad",
    };

    /// <summary>The name that the push service gave the message says nothing to people.</summary>
    internal static string Answer(LoggedPush push) => push.State == OutboxState.Accepted ? "accepted" : push.LastCode ?? "none yet";

    private static string TargetWord(TargetState state) => state == TargetState.Active ? "in use" : state.ToString().ToLowerInvariant();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // The link to the new push leads to this page again, with another id.
        var before = shown;
        shown = Id;
        if (before == Id || before == Guid.Empty) return; // Read already.
        (view, sent, refused, asked) = (null, null, null, false);
        await ReadAsync();
    }

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        try
        {
            var found = await Pushes.FindAsync(Tenant, Id);
            projects = await PushProjects.OfAsync(Credentials, Tenant, CancellationToken.None);
            (view, trouble) = (found.Fault is null ? found.Value : null, found.Fault?.Detail);
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            trouble = "The database cannot be reached. What is shown may be out of date.";
        }
    }

    /// <summary>The second of two clicks. The right is checked here too: what a page does not show can still be sent.</summary>
    private async Task SendAgainAsync()
    {
        var user = (await Users.GetAuthenticationStateAsync()).User;
        if (!asked || !(await Authorization.AuthorizeAsync(user, null, DeliveryPolicies.SendAgain)).Succeeded) return;
        asked = false;
        try
        {
            var answer = await Pushes.SendAgainAsync(Tenant, Id, UserName);
            (sent, refused) = (answer.Fault is null ? answer.Value : null, answer.Fault?.Detail);
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            refused = "The database cannot be reached. Whether the push is sent again is not certain; look at the list before you try again.";
        }
        await ReadAsync();
    }
}
