using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Server.Access;

namespace Ringback.Server.Callbacks.Admin;

/// <summary>The live list of callbacks.</summary>
public sealed partial class CallbacksPage : IAsyncDisposable
{
    private const int PageSize = 25;
    private static readonly TimeSpan refreshEvery = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource closed = new();
    private IReadOnlyList<StoredQueue> queues = [];
    private IReadOnlyList<ListedCallback>? rows;
    private TenantId tenant;
    private bool wholeNumbers;
    private string stateText = "";
    private int queueId;
    private Guid? before;
    private DateTimeOffset? asOf;
    private string? trouble;
    private int reading;

    [CascadingParameter]
    private Task<AuthenticationState> Session { get; set; } = null!;

    [Inject]
    private CallbackService Service { get; set; } = null!;

    [Inject]
    private IQueueStore Queues { get; set; } = null!;

    [Inject]
    private IAuthorizationService Rights { get; set; } = null!;

    [Inject(Key = Clock.ServiceKey)]
    private TimeProvider Time { get; set; } = null!;

    private bool HasOlder => rows?.Count == PageSize;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closed.CancelAsync();
        closed.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var user = (await Session).User;
        tenant = user.TenantOf();
        wholeNumbers = (await Rights.AuthorizeAsync(user, null, CallbackPolicies.PhoneNumbers)).Succeeded;
        await ReadAsync();
        _ = RefreshAsync(closed.Token);
    }

    private string Number(CallbackRecord callback) => wholeNumbers ? callback.PhoneNumber : PhoneNumberMask.Of(callback.PhoneNumber);

    private Task FilterAsync()
    {
        before = null;
        return ReadAsync();
    }

    private Task NewestAsync() => FilterAsync();

    private Task OlderAsync()
    {
        before = rows![^1].Status.Callback.Id;
        return ReadAsync();
    }

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
        var turn = ++reading;
        try
        {
            if (queues.Count == 0) queues = await Queues.ListAsync(tenant);
            CallbackState? state = Enum.TryParse<CallbackState>(stateText, out var chosen) ? chosen : null;
            var read = await Service.ListAsync(tenant, new CallbackFilter { State = state, QueueId = queueId > 0 ? queueId : null, Before = before, Limit = PageSize });
            // A slow read of an older choice must not replace a newer one.
            if (turn != reading) return;
            (rows, asOf, trouble) = (read, Time.Now(), null);
        }
        catch (StorageException)
        {
            trouble = asOf is { } at ? $"The database cannot be reached. As of {PageText.Time(at)}" : "The database cannot be reached.";
        }
    }
}
