using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ringback.Engine.Delivery;

/// <summary>This process among those that share a database.</summary>
/// <param name="Id">Its name in leases; new at every start.</param>
public sealed record DeliveryNode(string Id);

/// <summary>
/// Sends what the outbox holds: rows handed over by the owners of this process, and rows found due or orphaned by a sweep. The outcome of a send
/// is recorded before the row is forgotten; a crash in between repeats the send under the same notification id, never loses it.
/// </summary>
public sealed partial class DeliveryLoop : BackgroundService
{
    private static readonly TimeSpan storagePause = TimeSpan.FromSeconds(1);

    private readonly IDeliveryStore store;
    private readonly IPushSender sender;
    private readonly DeliveryHandover handover;
    private readonly DeliveryNode node;
    private readonly DeliveryPauses pauses;
    private readonly DeliveryOptions options;
    private readonly DeliveryMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly SendSchedule schedule;
    private readonly PushesInHand inHand = new();
    private readonly ITimer wake;
    private readonly CancellationTokenSource drained = new();
    private readonly Channel<DeliveryResult> results = Channel.CreateUnbounded<DeliveryResult>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<CredentialKey, bool> leftBehind = new(); // Those with due rows in the database that were not claimed.
    private volatile bool isAskedFor = true; // Whether the next round of claims asks whose rows are due.
    private long askedAt;
    private TaskCompletionSource sweepNow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A loop that begins with the host.</summary>
    public DeliveryLoop(
        IDeliveryStore store, IPushSender sender, DeliveryHandover handover, DeliveryPauses pauses, DeliveryNode node, IOptions<DeliveryOptions> options, DeliveryMetrics metrics,
        [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, ILogger<DeliveryLoop> logger)
    {
        (this.store, this.sender, this.handover, this.pauses, this.node) = (store, sender, handover, pauses, node);
        (this.options, this.metrics, this.clock, this.logger) = (options.Value, metrics, clock, logger);
        schedule = new SendSchedule(options.Value);
        pauses.Ended += _ => SweepSoon();
        metrics.Observe(Lanes);
        metrics.Observe(pauses.Count);
        wake = clock.CreateTimer(_ => SendWhatMayGo(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How the pushes of every tenant stand in this process: what waits, what is on its way, circuits and rates.</summary>
    public IReadOnlyList<LaneStatus> Lanes() => schedule.Status(clock.Now());

    /// <summary>The tenant's credentials have changed: what waits for them goes out at once, one push first. While the database is away it goes out at the time that it waits for.</summary>
    public async Task WakeAsync(TenantId tenant)
    {
        schedule.Renew(tenant, clock.Now());
        try
        {
            await store.WakeAsync(tenant, clock.Now());
        }
        catch (Exception failure)
        {
            Log.OutboxUnavailable(logger, failure);
        }
        SweepSoon();
        SendWhatMayGo();
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.FreeAbandonedLeasesAsync();
        await pauses.RefreshAsync(); // Before anything is handed over.
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        wake.Dispose();
        drained.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// At the end it takes nothing new, gives back what is not sent yet, waits for the answers to what is, and records them. What has no answer within
    /// <see cref="DeliveryOptions.DrainSeconds"/> keeps its lease, and is sent again after its end under the same notification id.
    /// </summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var record = Task.Run(RecordAsync, CancellationToken.None);
        await Task.WhenAll(TakeHandoverAsync(stoppingToken), SweepAsync(stoppingToken));
        GiveBack(schedule.Close());
        await GiveBackHandoverAsync();
        await WaitForAnswersAsync();
        results.Writer.Complete();
        await record;
    }

    private async Task WaitForAnswersAsync()
    {
        try
        {
            await schedule.Idle.WaitAsync(TimeSpan.FromSeconds(options.DrainSeconds), clock);
        }
        catch (TimeoutException)
        {
            Log.DrainEnded(logger, options.DrainSeconds, schedule.Status(clock.Now()).Sum(lane => lane.InFlight));
            await drained.CancelAsync();
        }
    }

    private void GiveBack(IReadOnlyList<ClaimedPush> pushes)
    {
        var now = clock.Now();
        foreach (var push in pushes) Report(new DeliveryResult.Again(push, NotPastExpiry(push, now), null, push.Attempts));
    }
}
