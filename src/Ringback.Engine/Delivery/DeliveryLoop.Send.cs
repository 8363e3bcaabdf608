namespace Ringback.Engine.Delivery;

/// <content>One push on its way out: what happens before the send, the send, and what its outcome means.</content>
public sealed partial class DeliveryLoop
{
    /// <summary>Starts every send whose turn it is. Called by whoever has changed what may go: a push came, one ended, a circuit closed, the clock moved.</summary>
    private void SendWhatMayGo()
    {
        while (schedule.TryTake(clock.Now(), out var turn))
        {
            var first = turn;
            _ = Task.Run(() => SendTurnsAsync(first), CancellationToken.None);
        }
        if (schedule.NextAt is var at && at < DateTimeOffset.MaxValue) wake.Change(SendSchedule.WaitUntil(at, clock.Now()), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends, and goes on with the next turn as long as there is one.</summary>
    private async Task SendTurnsAsync(SendTurn first)
    {
        for (SendTurn? turn = first; turn is not null; schedule.TryTake(clock.Now(), out turn)) await SendAsync(turn);
        SendWhatMayGo();
    }

    private async Task SendAsync(SendTurn turn)
    {
        var push = turn.Push;
        SendOutcome? outcome = null;
        DeliveryResult? result = null;
        var isBegun = false;
        try
        {
            var now = clock.Now();
            result = EndBeforeSend(push, now) ?? (DeliveryResult?)Held(push);
            if (result is null && await LeaseEndAsync(push, now) is { } leaseEndsAt)
            {
                // Step 8: one request, one answer from a closed set. What has not ended well before the lease does is given up, or another process would
                // send the row beside us.
                using var span = DeliveryTraces.Begin(push);
                var begun = clock.GetTimestamp();
                isBegun = true;
                outcome = await sender.SendAsync(push.Row.Tenant, push.Row.Message, push.Target, leaseEndsAt - clock.Now() - DeliveryOptions.LeaseLeftAfterSend, drained.Token);
                metrics.Sent(turn.Lane.Key, outcome, clock.GetElapsedTime(begun), span);
            }
        }
        catch (OperationCanceledException) when (drained.IsCancellationRequested)
        {
            // The process ends. The row keeps its lease: nobody knows whether the message was taken over.
        }
        catch (Exception failure)
        {
            Log.SendFailed(logger, push.Row.Message.NotificationId, failure);
            // Without a lease nothing was sent: that is no attempt.
            result = isBegun
                ? Again(push, push.Attempts + 1, "internal", isThrottled: false, retryAfter: null)
                : new DeliveryResult.Again(push, NotPastExpiry(push, clock.Now() + storagePause), null, push.Attempts);
        }
        try
        {
            EndTurn(turn, outcome, result);
        }
        catch
        {
            inHand.Drop(push); // Else nobody would ever send it again.
            throw;
        }
        finally
        {
            schedule.Reported();
        }
    }

    /// <summary>The schedule first, then the result: a fault puts the push off until the circuit's next probe.</summary>
    private void EndTurn(SendTurn turn, SendOutcome? outcome, DeliveryResult? result)
    {
        var now = clock.Now();
        var key = turn.Lane.Key;
        var end = schedule.End(turn, outcome, now);
        if (end.IsDeadMarkingStopped) Log.DeadMarkingStopped(logger, key.Tenant, key.App, options.DeadTargetsPercent);
        if (outcome is not null) result = ResultOf(outcome, turn.Push, end.AreDeathsDoubted);
        if (result is not null)
        {
            Report(result);
        }
        else
        {
            inHand.Drop(turn.Push);
            handover.Release(key, 1);
        }
        if (!end.IsCircuitChanged) return;
        if (outcome is SendOutcome.CredentialFault fault && schedule.OpenUntil(key, now) is { } until)
        {
            Log.CredentialsAwaited(logger, key.Tenant, key.App, fault.Code);
            metrics.CircuitOpened(key, fault.Code);
            foreach (var waiting in schedule.TakeWaiting(turn.Lane)) Report(Rest(waiting, until));
        }
        else
        {
            SweepSoon(); // The rest of its rows was left in the database.
        }
    }

    private DeliveryResult ResultOf(SendOutcome outcome, ClaimedPush push, bool areDeathsDoubted)
    {
        var made = push.Attempts + 1;
        return outcome switch
        {
            SendOutcome.Accepted accepted => Finished(push, OutboxState.Accepted, accepted.Name, made) with { Target = push.TargetState == TargetState.Active ? null : TargetState.Active },
            SendOutcome.TargetDead dead when areDeathsDoubted => Finished(push, OutboxState.TargetSuspect, dead.Code, made) with { Target = TargetState.Suspect, Project = dead.Project },
            SendOutcome.TargetDead dead => Finished(push, OutboxState.TargetDead, dead.Code, made) with { Target = TargetState.Dead, Project = dead.Project },
            SendOutcome.TargetForeign foreign => Finished(push, OutboxState.TargetForeign, foreign.Code, made) with { Target = TargetState.Foreign },
            // Not dead: the same answer can mean a fault of ours. Only this push ends.
            SendOutcome.TargetSuspect suspect => Finished(push, OutboxState.TargetSuspect, suspect.Code, made) with { Target = TargetState.Suspect },
            SendOutcome.Rejected rejected => Finished(push, OutboxState.Rejected, rejected.Code, made),
            SendOutcome.Throttled throttled => Again(push, made, throttled.Code, isThrottled: true, throttled.RetryAfter),
            SendOutcome.Unavailable away => Again(push, made, away.Code, isThrottled: false, away.RetryAfter),
            // Where no circuit is open, others came in the meantime.
            SendOutcome.CredentialFault fault => new DeliveryResult.Again(
                push, NotPastExpiry(push, schedule.OpenUntil(CredentialKey.Of(push.Row), clock.Now()) ?? clock.Now()), fault.Code, push.Attempts),
            _ => throw new InvalidOperationException("SendOutcome is closed."),
        };
    }

    private bool IsHeld(ClaimedPush push) => pauses.IsPaused(push.Row.Tenant, push.Row.Message.ServiceName);

    /// <summary>A push that a pause holds is due at its expiry, unless the pause ends before. It was not sent: the wait is no attempt.</summary>
    private DeliveryResult.Again? Held(ClaimedPush push) => IsHeld(push) ? new(push, push.Row.Message.ExpiresAt, DeliveryPauses.Code, push.Attempts) : null;

    private static DeliveryResult.Finished? EndBeforeSend(ClaimedPush push, DateTimeOffset now)
    {
        if (now >= push.Row.Message.ExpiresAt) return new DeliveryResult.Finished(push, OutboxState.Expired, "expired", now, push.Attempts);
        return push.TargetState == TargetState.Dead ? new DeliveryResult.Finished(push, OutboxState.TargetDead, "target.dead", now, push.Attempts) : null;
    }

    private DeliveryResult.Finished Finished(ClaimedPush push, OutboxState state, string code, int attempts) => new(push, state, code, clock.Now(), attempts);

#pragma warning disable CA5394 // Jitter spreads load; nobody gains by guessing it.
    private DeliveryResult.Again Again(ClaimedPush push, int attempts, string code, bool isThrottled, TimeSpan? retryAfter)
    {
        var now = clock.Now();
        var delay = RetrySchedule.Delay(attempts, isThrottled, retryAfter, push.Row.Message.ExpiresAt - now, Random.Shared.NextDouble());
        return new(push, NotPastExpiry(push, now + delay), code, attempts);
    }
#pragma warning restore CA5394

    /// <summary>A push that waits for credentials was never sent: the wait is no attempt.</summary>
    private static DeliveryResult.Again Rest(ClaimedPush push, DateTimeOffset until) => new(push, NotPastExpiry(push, until), PushWait.CredentialAwaited, push.Attempts);

    /// <summary>At its expiry a push is looked at once more, to be recorded as expired.</summary>
    private static DateTimeOffset NotPastExpiry(ClaimedPush push, DateTimeOffset at) => at < push.Row.Message.ExpiresAt ? at : push.Row.Message.ExpiresAt;

    /// <summary>The end of a lease that is long enough to send under, renewed where need be; null where the row is somebody else's.</summary>
    private async ValueTask<DateTimeOffset?> LeaseEndAsync(ClaimedPush push, DateTimeOffset now)
    {
        if (push.LeaseEndsAt - now >= DeliveryOptions.LeaseNeededToSend) return push.LeaseEndsAt;
        var renewed = now + DeliveryOptions.Lease;
        return await store.RenewAsync(node.Id, push, renewed) ? renewed : null;
    }
}
