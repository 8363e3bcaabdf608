using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using MudBlazor;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Access;
using Ringback.Server.Callbacks.Admin;
using Ringback.Server.Web;

namespace Ringback.Server.Firebase.Admin;

/// <summary>Developer › Credential Management › Push Notification (rules A1 to A6, A8). It decides nothing: the rules are those of <see cref="CredentialService"/>.</summary>
public sealed partial class PushNotificationPage
{
    internal const string Path = FirebasePolicies.Path + "/push-notification";

    /// <summary>A service-account file has about 2.4 KB.</summary>
    private const int MaxFileBytes = 64 * 1024;

    private CredentialView? view;
    private string projectName = "";
    private string clientEmail = "";
    private string privateKey = "";

    /// <summary>A key that came in a file stays here and never travels back to the browser.</summary>
    private Secret? keyFromFile;
    private Fault? objection;
    private bool projectConfirmed;
    private string? mistake;
    private bool busy;
    private int changes;
    private int testsSeen;
    private TenantId tenant;
    private string userName = "";

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = null!;

    [Inject]
    private CredentialService Service { get; set; } = null!;

    [Inject]
    private CredentialParser Parser { get; set; } = null!;

    [Inject]
    private ISnackbar Toasts { get; set; } = null!;

    private CredentialKey Key => CredentialKey.DefaultOf(tenant);

    private bool IsOfAnotherProject => projectName.Trim().Length > 0 && FirebaseCredential.IsOfAnotherProject(projectName.Trim(), clientEmail.Trim());

    private string ConfirmText => objection?.Problem == Problems.CredentialProjectChange ? "Change the project" : "Store them all the same";

    /// <summary>The status is the last verdict; a check without one changes nothing about it, and neither does what was mended since.</summary>
    private string StatusText => view switch
    {
        { Status: CredentialStatus.Verified } => IsUndecidedSince ? "Configured and verified; the last check gave no decision" : "Configured and verified",
        { Status: CredentialStatus.Refused } when IsUndecidedSince => "Configured; Firebase refused them at an earlier check, the last one gave no decision. Check now",
        { Status: CredentialStatus.Refused, LastTest: { } test } => $"Configured, but Firebase refused them at {PageText.Time(test.At)}",
        { Status: CredentialStatus.Refused } => "Configured, but Firebase refused them",
        _ => "Configured, not verified",
    };

    private bool IsUndecidedSince => view?.LastTest?.Result == CheckVerdict.Undecided;

    private string StatusClass => view?.Status switch
    {
        CredentialStatus.Verified => "good",
        CredentialStatus.Refused when !IsUndecidedSince => "bad",
        _ => "warn",
    };

    private string StatusIcon => view?.Status switch
    {
        CredentialStatus.Verified => Icons.Material.Filled.CheckCircle,
        CredentialStatus.Refused when StatusClass == "bad" => Icons.Material.Filled.Error,
        _ => Icons.Material.Filled.HelpOutline,
    };

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var user = (await Session).User;
        (tenant, userName) = (user.TenantOf(), user.Identity!.Name!);
        await DoAsync(ReadAsync);
    }

    private static string VerdictText(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Passed => "Passed",
        CheckVerdict.Refused => "Refused",
        _ => "No decision",
    };

    private async Task ReadAsync() => view = await Service.GetAsync(tenant, CancellationToken.None);

    /// <summary>An objection was about other values than those that stand here now.</summary>
    private void Edited() => (objection, projectConfirmed, mistake) = (null, false, null);

    /// <summary>What is wrong with a field, to be shown at it.</summary>
    private string? MistakeOf(string field) => mistake is { } text && text.StartsWith(field, StringComparison.Ordinal) ? Words(text) : null;

    /// <summary>A sentence that names fields as the API does, with the labels of this page.</summary>
    private static string Words(string text) => text
        .Replace("projectName", "Project name", StringComparison.Ordinal).Replace("clientEmail", "Client email", StringComparison.Ordinal)
        .Replace("privateKey", "Private key", StringComparison.Ordinal).Replace(" (confirmProjectChange)", "", StringComparison.Ordinal);

    private Task ReadAgainAsync() => DoAsync(async () =>
    {
        await ReadAsync();
        changes++;
    });

    /// <summary>Each objection is answered by itself: whoever confirms another project has not said yet that a refused key may come into force.</summary>
    private Task ConfirmAsync() => objection?.Problem == Problems.CredentialProjectChange ? UpdateAsync(force: false, confirmProject: true) : UpdateAsync(force: true, projectConfirmed);

    private Task ReadFileAsync(InputFileChangeEventArgs chosen) => DoAsync(async () =>
    {
        objection = null;
        if (chosen.File.Size > MaxFileBytes)
        {
            Toast("The file is larger than 64 KiB; a service-account file has about 2 KiB.", Severity.Error);
            return;
        }
        JsonDocument document;
        try
        {
            await using var stream = chosen.File.OpenReadStream(MaxFileBytes);
            document = await JsonDocument.ParseAsync(stream, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException)
        {
            Toast("The file is no JSON. Choose the service-account file that Firebase hands out.", Severity.Error);
            return;
        }
        using (document)
        {
            var parsed = Parser.ParseServiceAccount(document.RootElement);
            if (parsed.Fault is { } fault)
            {
                Toast(fault.Detail, Severity.Error);
                return;
            }
            (projectName, clientEmail, privateKey, keyFromFile) = (parsed.Value.ProjectName, parsed.Value.ClientEmail.Reveal(), "", parsed.Value.PrivateKey);
        }
    });

    private Task UpdateAsync(bool force, bool confirmProject) => DoAsync(async () =>
    {
        (objection, projectConfirmed, mistake) = (null, confirmProject, null);
        var parsed = Parser.Parse(projectName, clientEmail, keyFromFile?.Reveal() ?? privateKey);
        if (parsed.Fault is { } unusable)
        {
            mistake = unusable.Detail;
            Toast(Words(unusable.Detail), Severity.Error);
            return;
        }
        var answer = await Service.SetAsync(Key, new CredentialOffer(parsed.Value, userName, force, confirmProject), CancellationToken.None);
        changes++;
        if (answer.Fault is { } fault)
        {
            var mayConfirm = fault.Problem == Problems.CredentialRefused || fault.Problem == Problems.CredentialProjectChange;
            objection = mayConfirm ? fault : null;
            Toast(mayConfirm ? fault.Problem.Title : fault.Detail, mayConfirm ? Severity.Warning : Severity.Error);
            return;
        }
        view = answer.Value;
        (projectName, clientEmail, privateKey, keyFromFile) = ("", "", "", null);
        var (text, severity) = view switch
        {
            { Next: { } next } => ($"The new key waits, the one in force goes on: {next.LastTest?.Detail}", Severity.Warning),
            { Status: CredentialStatus.Verified } => ("Firebase credentials updated and verified.", Severity.Success),
            { Status: CredentialStatus.Refused } => ($"Firebase credentials stored, but Firebase refuses them: {view.LastTest?.Detail}", Severity.Warning),
            _ => ($"Firebase credentials stored, not verified: {view.LastTest?.Detail}", Severity.Warning),
        };
        Toast(text, severity);
    });

    private Task CheckAsync() => DoAsync(async () =>
    {
        var answer = await Service.TestAsync(tenant, CancellationToken.None);
        await ReadAsync();
        if (answer.Fault is { } fault)
        {
            Toast(fault.Detail, Severity.Error);
            return;
        }
        var (text, severity) = answer.Value switch
        {
            CheckResult.Passed { SkewSeconds: 0 } => ("Firebase takes the credentials.", Severity.Success),
            CheckResult.Passed skewed => (skewed.At(default).Detail, Severity.Warning),
            CheckResult.Refused refused => (refused.Remedy, Severity.Error),
            CheckResult.Undecided undecided => (undecided.Remedy, Severity.Warning),
            _ => throw new InvalidOperationException("CheckResult is closed."),
        };
        Toast(text, severity);
    });

    private async Task DoAsync(Func<Task> work)
    {
        if (busy) return;
        busy = true;
        try
        {
            await work();
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            Toast(ResultToast.TextOf(away), Severity.Error);
        }
        finally
        {
            busy = false;
        }
    }

    private void Toast(string text, Severity severity) => Toasts.ShowResult(text, severity);
}
