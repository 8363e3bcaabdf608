namespace Ringback.Engine.Delivery;

/// <content>One push on its way out: what happens before the send, the send, and what its outcome means.</content>
public sealed partial class DeliveryLoop
{
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
}
