using Microsoft.AspNetCore.Components;
using MudBlazor;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Callbacks.Admin;
using Ringback.Server.Web;

namespace Ringback.Server.Firebase.Admin;

/// <summary>Rotation in the status card (rule A6): the next key and the previous one. The rules are those of <see cref="CredentialService"/>.</summary>
public sealed partial class RotationPane
{
    private bool working;

    /// <summary>The version that the user was asked about; another one needs a question of its own.</summary>
    private int? askedFor;
    private CredentialEvent? setAside;
    private int? setAsideVersion;

    /// <summary>Whose credentials.</summary>
    [Parameter, EditorRequired]
    public CredentialKey Key { get; set; }

    /// <summary>The user, as the history shows it.</summary>
    [Parameter, EditorRequired]
    public string By { get; set; } = "";

    /// <summary>The credentials as last read.</summary>
    [Parameter, EditorRequired]
    public CredentialView View { get; set; } = null!;

    /// <summary>Whether the page is at work.</summary>
    [Parameter]
    public bool Busy { get; set; }

    /// <summary>Told after each change.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    private CredentialService Service { get; set; } = null!;

    [Inject]
    private ISnackbar Toasts { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var version = View.Next is { Status: CredentialStatus.SetAside } next ? next.Version : null;
        if (version == setAsideVersion) return;
        (setAside, setAsideVersion) = (null, version);
        if (version is not { } known) return;
        try
        {
            setAside = await Service.SetAsideAsync(Key, known, CancellationToken.None);
        }
        catch (StorageException)
        {
            setAsideVersion = null; // The state is shown without a name; the next look asks again.
        }
    }

    private string NextState(CredentialView next) => next.Status switch
    {
        CredentialStatus.Refused => "Refused by Firebase, not in force",
        CredentialStatus.SetAside when setAside is { } by => $"Set aside by {by.By} at {PageText.Time(by.At)}, not in force",
        CredentialStatus.SetAside => "Set aside, not in force",
        _ => "Not checked yet, not in force",
    };

    private Task CheckNextAsync() => DoAsync(async () => await Service.CheckNextAsync(Key, By, CancellationToken.None) is var answer && answer.Fault is { } fault
        ? (fault.Detail, Severity.Error)
        : answer.Value switch
        {
            CheckResult.Passed => ("Firebase takes the next key. It is in force now.", Severity.Success),
            CheckResult.Refused refused => (refused.Remedy, Severity.Error),
            CheckResult.Undecided undecided => (undecided.Remedy, Severity.Warning),
            _ => throw new InvalidOperationException("CheckResult is closed."),
        });

    private Task DiscardAsync() => DoAsync(async () => Said(await Service.DiscardNextAsync(Key, By, CancellationToken.None), "The next key was discarded."));

    private Task ConfirmAsync() => DoAsync(async () => Said(await Service.ConfirmAsync(Key, By, CancellationToken.None), "Confirmed. The previous key was forgotten."));

    private Task ReturnAsync() => DoAsync(async () => Said(await Service.ReturnAsync(Key, By, force: false, CancellationToken.None), "The previous key is in force again."));

    private static (string, Severity) Said(Answer<CredentialView> answer, string done) => answer.Fault is { } fault ? (fault.Detail, Severity.Error) : (done, Severity.Success);

    private async Task DoAsync(Func<Task<(string Text, Severity Severity)>> work)
    {
        if (working) return;
        (working, askedFor) = (true, null);
        try
        {
            var (text, severity) = await work();
            Toasts.ShowResult(text, severity);
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            Toasts.ShowResult(ResultToast.TextOf(away), Severity.Error);
        }
        finally
        {
            working = false;
        }
        await Changed.InvokeAsync();
    }
}
