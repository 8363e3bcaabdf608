using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ringback.Engine.Delivery;

/// <summary>This process among those that share a database.</summary>
/// <param name="Id">Its name in leases; new at every start.</param>
/// <param name="IsAlone">Whether no other process can hold a lease, so that leases found at start belong to nobody.</param>
public sealed record DeliveryNode(string Id, bool IsAlone);

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
        if (node.IsAlone) await store.FreeAllLeasesAsync();
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

    private async Task SendAsync(DeliveryLane lane, ClaimedPush push)
    {
        var generation = lane.Generation;
        try
        {
            var now = clock.Now();
            if (EndBeforeSend(push, now) is { } end) Report(end);
            else if (lane.RestsUntil > now) Report(Rest(push, lane, generation, "credential.awaited"));
            else if (await LeaseEndAsync(push, now) is { } leaseEndsAt) await SendNowAsync(lane, push, generation, leaseEndsAt - now - DeliveryOptions.LeaseLeftAfterSend);
            else handover.Release(1);
        }
        catch (Exception failure)
        {
            Log.SendFailed(logger, push.Row.Message.NotificationId, failure);
            Report(Again(push, push.Attempts + 1, "internal", isThrottled: false, retryAfter: null));
        }
    }

    private async Task SendNowAsync(DeliveryLane lane, ClaimedPush push, int generation, TimeSpan patience)
    {
        var outcome = await SendWithinAsync(push, patience);
        if (outcome is SendOutcome.CredentialFault fault)
        {
            lane.Rest(clock.Now() + RetrySchedule.CredentialRest);
            if (lane.Generation != generation) lane.Resume(); // New credentials came while the old ones were refused.
            else Log.CredentialsAwaited(logger, push.Row.Tenant, fault.Code);
        }
        Report(ResultOf(outcome, push, lane, generation));
    }

    private DeliveryResult ResultOf(SendOutcome outcome, ClaimedPush push, DeliveryLane lane, int generation)
    {
        var made = push.Attempts + 1;
        return outcome switch
        {
            SendOutcome.Accepted accepted => Finished(push, OutboxState.Accepted, accepted.Name, made),
            SendOutcome.TargetDead dead => Finished(push, OutboxState.TargetDead, dead.Code, made),
            SendOutcome.TargetForeign foreign => Finished(push, OutboxState.TargetForeign, foreign.Code, made),
            // Not dead: the same answer can mean a fault of ours. Only this push ends.
            SendOutcome.TargetSuspect suspect => Finished(push, OutboxState.Rejected, suspect.Code, made),
            SendOutcome.Rejected rejected => Finished(push, OutboxState.Rejected, rejected.Code, made),
            SendOutcome.Throttled throttled => Again(push, made, throttled.Code, isThrottled: true, throttled.RetryAfter),
            SendOutcome.Unavailable away => Again(push, made, away.Code, isThrottled: false, away.RetryAfter),
            SendOutcome.CredentialFault fault => Rest(push, lane, generation, fault.Code),
            _ => throw new InvalidOperationException("SendOutcome is closed."),
        };
    }

    private static DeliveryResult.Finished? EndBeforeSend(ClaimedPush push, DateTimeOffset now)
    {
        if (now >= push.Row.Message.ExpiresAt) return new DeliveryResult.Finished(push, OutboxState.Expired, "expired", now, push.Attempts);
        return push.TargetState == TargetState.Dead ? new DeliveryResult.Finished(push, OutboxState.TargetDead, "target.dead", now, push.Attempts) : null;
    }

    private DeliveryResult.Finished Finished(ClaimedPush push, OutboxState state, string code, int attempts) => new(push, state, code, clock.Now(), attempts);

#pragma warning disable CA5394 // Jitter spreads load; nobody gains by guessing it.
    private DeliveryResult.Again Again(ClaimedPush push, int attempts, string code, bool isThrottled, TimeSpan? retryAfter) =>
        new(push, NotPastExpiry(push, clock.Now() + RetrySchedule.Delay(attempts, isThrottled, retryAfter, Random.Shared.NextDouble())), code, attempts);
#pragma warning restore CA5394

    /// <summary>A push that waits for credentials was never sent: the wait is no attempt.</summary>
    private DeliveryResult.Again Rest(ClaimedPush push, DeliveryLane lane, int generation, string code)
    {
        var now = clock.Now();
        return new(push, NotPastExpiry(push, lane.Generation == generation && lane.RestsUntil > now ? lane.RestsUntil : now), code, push.Attempts);
    }

    /// <summary>At its expiry a push is looked at once more, to be recorded as expired.</summary>
    private static DateTimeOffset NotPastExpiry(ClaimedPush push, DateTimeOffset at) => at < push.Row.Message.ExpiresAt ? at : push.Row.Message.ExpiresAt;

    /// <summary>
    /// Step 8: one request, one answer from a closed set. A token may have to be fetched first, and again after a 401, so the sender's own time-outs add up; what
    /// has not ended well before the lease does is given up, or another process would send the row beside us.
    /// </summary>
    private async ValueTask<SendOutcome> SendWithinAsync(ClaimedPush push, TimeSpan patience)
    {
        using var leaseNearItsEnd = new CancellationTokenSource(patience, clock);
        try
        {
            return await sender.SendAsync(push.Row.Tenant, push.Row.Message, push.Target, leaseNearItsEnd.Token);
        }
        catch (OperationCanceledException) when (leaseNearItsEnd.IsCancellationRequested)
        {
            return new SendOutcome.Unavailable("TIMEOUT", null);
        }
    }

    /// <summary>The end of a lease that is long enough to send under, renewed where need be; null where the row is somebody else's.</summary>
    private async Task<DateTimeOffset?> LeaseEndAsync(ClaimedPush push, DateTimeOffset now)
    {
        if (push.LeaseEndsAt - now >= DeliveryOptions.LeaseNeededToSend) return push.LeaseEndsAt;
        var renewed = now + DeliveryOptions.Lease;
        return await store.RenewAsync(node.Id, push, renewed) ? renewed : null;
    }

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
