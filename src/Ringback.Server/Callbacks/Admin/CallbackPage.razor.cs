using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Server.Access;

namespace Ringback.Server.Callbacks.Admin;

/// <summary>One callback: how it stands, its pushes, and everything that was decided about it (rule D10).</summary>
public sealed partial class CallbackPage : IAsyncDisposable
{
    private static readonly TimeSpan refreshEvery = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource closed = new();
    private ListedCallback? callback;
    private IReadOnlyList<TimelineEntry> timeline = [];
    private TenantId tenant;
    private bool wholeNumbers;
    private string? trouble;

    /// <summary>The callback.</summary>
    [Parameter]
    public Guid Id { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = null!;

    [Inject]
    private CallbackService Service { get; set; } = null!;

    [Inject]
    private IAuthorizationService Rights { get; set; } = null!;

    [Inject(Key = Clock.ServiceKey)]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>The newest fact about each push and each decision not to send; a decision whose sends have answers is told by these.</summary>
    private List<TimelineEntry> Pushes => [.. timeline.Where(TimelineText.IsPush).Where(e => e.Kind != "push.decided" || !timeline.Any(f => IsAnswerTo(f, e)))];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        closed.Dispose();
    }

    internal static string AddressOf(Guid id) => $"{CallbackPolicies.Path}/{id:D}";

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var user = (await Session).User;
        tenant = user.TenantOf();
        wholeNumbers = (await Rights.AuthorizeAsync(user, null, CallbackPolicies.PhoneNumbers)).Succeeded;
        await ReadAsync();
        _ = RefreshAsync(closed.Token);
    }

    private static bool IsAnswerTo(TimelineEntry fact, TimelineEntry decision) =>
        fact.Kind is not ("push.decided" or "push.suppressed") && TimelineText.IsPush(fact)
        && TimelineText.Text(fact, "event") == TimelineText.Text(decision, "event") && TimelineText.Text(fact, "round") == TimelineText.Text(decision, "round");

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

    private async Task ReadAsync()
    {
        try
        {
            var found = await Service.FindAsync(tenant, Id);
            if (found.Fault is { } fault)
            {
                trouble = fault.Detail;
                return;
            }
            var entries = await Service.TimelineAsync(tenant, Id);
            (callback, timeline, trouble) = (found.Value, entries.Fault is null ? entries.Value : [], null);
        }
        catch (StorageException)
        {
            trouble = "The database cannot be reached. What is shown may be out of date.";
        }
    }
}
