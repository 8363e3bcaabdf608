using Microsoft.AspNetCore.Components;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Firebase.Admin;

/// <summary>The last browser test of the version in force, as the status card shows it (rule A3).</summary>
public sealed partial class LastBrowserTestFact
{
    private (TenantId, DateTimeOffset?, int)? shownFor;
    private LastBrowserTest? last;
    private bool read;

    /// <summary>The user's tenant.</summary>
    [Parameter, EditorRequired]
    public TenantId Tenant { get; set; }

    /// <summary>When the credentials in force were stored; a change makes the fact read itself anew.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset? Since { get; set; }

    /// <summary>Counts the tests that this page has seen; a change makes the fact read itself anew.</summary>
    [Parameter]
    public int Tests { get; set; }

    [Inject]
    private CredentialTest Test { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (shownFor == (Tenant, Since, Tests)) return;
        shownFor = (Tenant, Since, Tests);
        try
        {
            last = await Test.LastAsync(Tenant, CancellationToken.None);
            read = true;
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            read = false; // The card says what it can; the next change reads again.
        }
    }
}
