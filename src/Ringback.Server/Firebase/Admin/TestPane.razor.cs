using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using MudBlazor;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Firebase;
using Ringback.Server.Access;
using Ringback.Server.Web;

namespace Ringback.Server.Firebase.Admin;

/// <summary>Pane <i>Test Firebase Credentials</i> (rule A7). The steps and their words are those of <see cref="CredentialTest"/>; the pane shows them.</summary>
public sealed partial class TestPane : IAsyncDisposable
{
    private static readonly IReadOnlyList<TestProgress> open = [.. Enum.GetValues<TestStep>().Select(step => new TestProgress(step, StepState.Open, ""))];

    private readonly CancellationTokenSource closed = new();
    private readonly List<TestProgress> lines = [.. open];
    private ElementReference pane;
    private IJSObjectReference? script;
    private DotNetObjectReference<TestPane>? self;
    private WebAppValues values = new("", "", "", "");
    private string projectOfSnippet = "";
    private FirebaseConfigSnippet? sample;
    private StandIn? standIn;
    private TestEnd? end;
    private bool enabled;
    private bool running;

    /// <summary>Raised when a test has ended, so that the page shows it as the last one.</summary>
    [Parameter]
    public EventCallback Tested { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = null!;

    [Inject]
    private CredentialTest Test { get; set; } = null!;

    [Inject]
    private IOptions<FirebaseOptions> Options { get; set; } = null!;

    [Inject(Key = Clock.ServiceKey)]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private IAuthorizationService Rights { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private ISnackbar Toasts { get; set; } = null!;

    /// <summary>Fills the fields from a text that was pasted; called by the page's script.</summary>
    [JSInvokable]
    public void PasteAsync(string text)
    {
        if (running || FirebaseConfigSnippet.Read(text) is not { } snippet) return;
        Fill(snippet);
        StateHasChanged();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        closed.Dispose();
        self?.Dispose();
        try
        {
            if (script is not null) await script.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its scripts with it.
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized() =>
        (sample, standIn) = (Options.Value.SampleConfig is { Length: > 0 } text ? FirebaseConfigSnippet.Read(text) : null, StandIn.Of(Options.Value));

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        try
        {
            self = DotNetObjectReference.Create(this);
            var module = await Js.InvokeAsync<IJSObjectReference>("import", closed.Token, "/push-test/push-test.js");
            await module.InvokeVoidAsync("attach", closed.Token, pane, self);
            script = module;
            StateHasChanged();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // Left before it was ready.
        }
    }

    private static string StateName(TestProgress line) => line.State.ToString().ToLowerInvariant();

    private static string StateIcon(TestProgress line) => line.State switch
    {
        StepState.Passed => Icons.Material.Filled.CheckCircle,
        StepState.Failed => Icons.Material.Filled.Error,
        StepState.Waiting => Icons.Material.Filled.HourglassTop,
        _ => Icons.Material.Filled.RadioButtonUnchecked,
    };

    private void Change(WebAppValues changed) => values = changed;

    /// <summary>The fault of a field that somebody has begun to fill in.</summary>
    private string? Shown(Func<WebAppValues, TestFault?> check) =>
        check(values.Trim()) is { } fault && !fault.Code.EndsWith("_missing", StringComparison.Ordinal) ? fault.Reason : null;

    private void FillSample() => Fill(sample!);

    private void Fill(FirebaseConfigSnippet snippet)
    {
        var vapid = snippet.Values.VapidKey.Length > 0 ? snippet.Values.VapidKey : values.VapidKey;
        (values, projectOfSnippet) = (snippet.Values with { VapidKey = vapid }, snippet.ProjectId);
    }

    private async Task RunAsync()
    {
        if (running || script is null) return;
        var user = (await Session).User;
        if (!(await Rights.AuthorizeAsync(user, FirebasePolicies.Credentials)).Succeeded) return;
        (running, end) = (true, null);
        lines.Clear();
        lines.AddRange(open);
        try
        {
            var run = new TestRun(user.TenantOf(), user.Identity!.Name!, values, enabled, projectOfSnippet, new Uri(Navigation.Uri).Authority);
            var answer = await Test.RunAsync(run, new PushTestBrowser(script, Options.Value, Time), TellAsync, closed.Token);
            if (answer.Fault is { } fault) Toasts.Add(fault.Detail, Severity.Warning);
            else await ShowEndAsync(answer.Value);
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            Toasts.Add(ResultToast.TextOf(away), Severity.Error);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The page was left in the middle of the test: nobody is there to be told.
        }
        finally
        {
            running = false;
        }
    }

    private async Task ShowEndAsync(TestEnd ended)
    {
        end = ended;
        Toasts.Add(
            ended.Passed ? "Successfully configured: the push arrived in this browser." : $"The test failed at: {TestStepText.Name(ended.FailedAt!.Value)}.",
            ended.Passed ? Severity.Success : Severity.Error);
        await Tested.InvokeAsync();
    }

    private Task TellAsync(TestProgress progress)
    {
        lines[(int)progress.Step] = progress;
        return InvokeAsync(StateHasChanged);
    }
}
