using Microsoft.AspNetCore.Components;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Server.Callbacks.Admin;

/// <summary>The live list of callbacks.</summary>
public sealed partial class CallbacksPage
{
    private const int PageSize = 25;
    private IReadOnlyList<StoredQueue> queues = [];
    private IReadOnlyList<ListedCallback>? rows;
    private string stateText = "";
    private int queueId;
    private Guid? before;
    private DateTimeOffset? asOf;
    private string? trouble;
    private int reading;

    [Inject]
    private IQueueStore Queues { get; set; } = null!;

    private bool HasFilter => stateText.Length > 0 || queueId != 0;

    private bool HasOlder => rows?.Count == PageSize;

    private string Number(CallbackRecord callback) => WholeNumbers ? callback.PhoneNumber : PhoneNumberMask.Of(callback.PhoneNumber);

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

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        var turn = ++reading;
        try
        {
            if (queues.Count == 0) queues = await Queues.ListAsync(Tenant);
            CallbackState? state = Enum.TryParse<CallbackState>(stateText, out var chosen) ? chosen : null;
            var read = await Service.ListAsync(Tenant, new CallbackFilter { State = state, QueueId = queueId > 0 ? queueId : null, Before = before, Limit = PageSize });
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
