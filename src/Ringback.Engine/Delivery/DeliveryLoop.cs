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
public sealed partial class DeliveryLoop(
    IDeliveryStore store, IPushSender sender, DeliveryHandover handover, DeliveryNode node, IOptions<DeliveryOptions> options,
    [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, ILogger<DeliveryLoop> logger) : BackgroundService
{
    private static readonly TimeSpan storagePause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<TenantId, DeliveryLane> lanes = new();
    private readonly Channel<DeliveryResult> results = Channel.CreateUnbounded<DeliveryResult>(new UnboundedChannelOptions { SingleReader = true });
    private TaskCompletionSource sweepNow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The tenant's credentials have changed: what waits for them goes out at once.</summary>
    public async Task WakeAsync(TenantId tenant)
    {
        if (lanes.TryGetValue(tenant, out var lane)) lane.Resume();
        await store.WakeAsync(tenant, clock.Now());
        Volatile.Read(ref sweepNow).TrySetResult();
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.FreeAbandonedLeasesAsync();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes nothing new, lets what is being sent come back, and records it.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var record = Task.Run(RecordAsync, CancellationToken.None);
        await Task.WhenAll(TakeHandoverAsync(stoppingToken), SweepAsync(stoppingToken));
        foreach (var lane in lanes.Values) lane.Close();
        await Task.WhenAll(lanes.Values.Select(lane => lane.Pump));
        results.Writer.Complete();
        await record;
        foreach (var lane in lanes.Values) lane.Dispose();
    }

    private async Task TakeHandoverAsync(CancellationToken stopping)
    {
        var batch = new List<OutboxRow>();
        try
        {
            while (await handover.Reader.WaitToReadAsync(stopping))
            {
                batch.Clear();
                while (batch.Count < options.Value.ClaimSize && handover.Reader.TryRead(out var row)) batch.Add(row);
                // Here and not where the row is handed over: there the loop could have sent it before the kill arrives.
                CrashPoints.Reach(CrashPoints.HandedOver);
                await OpenAsync(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // Rows that are still in the channel keep their lease until the next start or its end.
        }
    }

    private async Task OpenAsync(List<OutboxRow> rows)
    {
        try
        {
            var opened = await store.OpenAsync(rows);
            handover.Release(rows.Count - opened.Count);
            foreach (var push in opened) Dispatch(push);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.OutboxUnavailable(logger, failure);
            handover.Release(rows.Count); // Found again when their lease ends.
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        var pause = TimeSpan.FromSeconds(options.Value.SweepSeconds);
        while (!stopping.IsCancellationRequested)
        {
            var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref sweepNow, woken);
            try
            {
                await ClaimDueAsync(stopping);
                await Task.WhenAny(woken.Task, Task.Delay(pause, clock, stopping)).WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Log.OutboxUnavailable(logger, failure);
                await Task.Delay(storagePause, clock, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private async Task ClaimDueAsync(CancellationToken stopping)
    {
        int claimed, asked;
        do
        {
            asked = handover.Reserve(options.Value.ClaimSize);
            if (asked == 0) return;
            claimed = 0;
            try
            {
                var now = clock.Now();
                var due = await store.ClaimDueAsync(node.Id, now, now + DeliveryOptions.Lease, asked);
                claimed = due.Count;
                foreach (var push in due) Dispatch(push);
            }
            finally
            {
                handover.Release(asked - claimed);
            }
        }
        while (claimed == asked && !stopping.IsCancellationRequested);
    }

    private void Dispatch(ClaimedPush push) =>
        lanes.GetOrAdd(push.Row.Tenant, _ => new DeliveryLane(options.Value.SendsInFlight, SendAsync)).Add(push);

    private void Report(DeliveryResult result)
    {
        LogResult(result);
        results.Writer.TryWrite(result);
    }

    // Step 9: recorded in batches, and tried until it succeeds: FCM has the message, so forgetting it would send it twice.
    private async Task RecordAsync()
    {
        var batch = new List<DeliveryResult>();
        while (await results.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < options.Value.ClaimSize && results.Reader.TryRead(out var result)) batch.Add(result);
            while (!await TryRecordAsync(batch)) await Task.Delay(storagePause, clock);
            handover.Release(batch.Count);
        }
    }

    private async Task<bool> TryRecordAsync(List<DeliveryResult> batch)
    {
        try
        {
            await store.RecordAsync(node.Id, batch);
            return true;
        }
        catch (Exception failure)
        {
            Log.OutboxUnavailable(logger, failure);
            return false;
        }
    }
}
