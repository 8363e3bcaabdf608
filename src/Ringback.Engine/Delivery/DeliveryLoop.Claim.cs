namespace Ringback.Engine.Delivery;

/// <content>Where pushes come from: the owners of this process, and the database.</content>
public sealed partial class DeliveryLoop
{
    private async Task TakeHandoverAsync(CancellationToken stopping)
    {
        var batch = new List<OutboxRow>();
        try
        {
            while (await handover.WaitAsync(stopping))
            {
                batch.Clear();
                handover.TakeRound(batch, options.ClaimSize);
                // Here and not where the row is handed over: there the loop could have sent it before the kill arrives.
                CrashPoints.Reach(CrashPoints.HandedOver);
                await OpenAsync(batch);
            }
        }
        catch (OperationCanceledException)
        {
            // What was not taken is given back at the end.
        }
    }

    /// <summary>What was handed over and not looked at yet. The schedule is closed by now and takes none of it.</summary>
    private async Task GiveBackHandoverAsync()
    {
        var batch = new List<OutboxRow>();
        for (handover.TakeRound(batch, options.ClaimSize); batch.Count > 0; handover.TakeRound(batch, options.ClaimSize))
        {
            await OpenAsync(batch);
            batch.Clear();
        }
    }

    private async Task OpenAsync(List<OutboxRow> rows)
    {
        try
        {
            var opened = await store.OpenAsync(rows);
            foreach (var lost in rows.ExceptBy(opened.Select(push => push.Row.Message.NotificationId), row => row.Message.NotificationId)) handover.Release(CredentialKey.Of(lost), 1);
            foreach (var push in opened) Schedule(push);
            SendWhatMayGo();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.OutboxUnavailable(logger, failure);
            foreach (var row in rows) handover.Release(CredentialKey.Of(row), 1); // Found again when their lease ends.
        }
    }

    private async Task SweepAsync(CancellationToken stopping)
    {
        var pause = TimeSpan.FromSeconds(options.SweepSeconds);
        while (!stopping.IsCancellationRequested)
        {
            var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref sweepNow, woken);
            try
            {
                await ClaimDueAsync(stopping);
                // What wakes it in between does not put the next question off; one that took long is followed by some rest all the same.
                var left = pause - clock.GetElapsedTime(askedAt);
                if (await Task.WhenAny(woken.Task, Task.Delay(left > pause / 4 ? left : pause / 4, clock, stopping)).WaitAsync(stopping) != woken.Task) isAskedFor = true;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                isAskedFor = true;
                Log.OutboxUnavailable(logger, failure);
                await Task.Delay(storagePause, clock, stopping).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Rows have left the memory. What lies in the database for want of room is claimed as soon as that is worth it: the next sweep would come too late for a high rate.</summary>
    private void MakeUseOfRoom(CredentialKey key)
    {
        if (leftBehind.ContainsKey(key) && schedule.IsWorthClaiming(key, Math.Min(handover.RoomFor(key), schedule.Room(key, clock.Now())))) Volatile.Read(ref sweepNow).TrySetResult();
    }

    private void SweepSoon()
    {
        isAskedFor = true;
        Volatile.Read(ref sweepNow).TrySetResult();
    }

    /// <summary>
    /// Round by round, at most one batch of each credential in a round: a flood in the outbox is no more in the way of others than one in memory. Whose rows are due is asked once a sweep; the rounds between are
    /// for those who are known to have more. Asked in each round it would cost the database as much as the claims do.
    /// </summary>
    private async Task ClaimDueAsync(CancellationToken stopping)
    {
        var isMore = true;
        while (isMore && !stopping.IsCancellationRequested)
        {
            isMore = false;
            var keys = isAskedFor || clock.GetElapsedTime(askedAt) >= TimeSpan.FromSeconds(options.SweepSeconds) ? await AskAsync() : leftBehind.Keys;
            foreach (var key in keys) isMore |= await ClaimDueAsync(key);
        }
    }

    private async Task<IEnumerable<CredentialKey>> AskAsync()
    {
        (isAskedFor, askedAt) = (false, clock.GetTimestamp());
        await pauses.RefreshAsync();
        var due = await store.DueCredentialsAsync(clock.Now());
        foreach (var key in leftBehind.Keys.Except(due)) leftBehind.TryRemove(key, out _);
        return due;
    }

    /// <summary>True where there may be more than was claimed, and room for it.</summary>
    private async Task<bool> ClaimDueAsync(CredentialKey key)
    {
        var now = clock.Now();
        if (schedule.IsResting(key, now))
        {
            // Nothing of it is sent for now, so nothing of it is claimed; only what expires meanwhile must be recorded.
            metrics.Expired(await store.ExpireAsync(key, now));
            return false;
        }
        leftBehind[key] = true; // Before the look at the room: whoever gives some back after it looks whether anything was left behind.
        var asked = handover.Reserve(key, schedule.Room(key, now));
        if (!schedule.IsWorthClaiming(key, asked))
        {
            handover.Release(key, asked);
            MakeUseOfRoom(key); // What became free meanwhile was looked at without what was reserved here.
            return false;
        }
        var claimed = 0;
        try
        {
            var due = await store.ClaimDueAsync(node.Id, key, now, now + DeliveryOptions.Lease, asked);
            claimed = due.Count;
            foreach (var push in due) Schedule(push);
            SendWhatMayGo();
        }
        finally
        {
            handover.Release(key, asked - claimed);
        }
        if (claimed < asked) leftBehind.TryRemove(key, out _);
        return claimed == asked;
    }

    private void Schedule(ClaimedPush push)
    {
        var now = clock.Now();
        if (!inHand.TryTake(push))
        {
            // The claim has lengthened the lease of what is in hand; this copy of it is one too many.
            handover.Release(CredentialKey.Of(push.Row), 1);
            return;
        }
        // Here already, so that a paused flood neither takes turns nor uses up the rate.
        if (now < push.Row.Message.ExpiresAt && Held(push) is { } held)
        {
            Report(held);
            return;
        }
        if (schedule.TryAdd(push, now)) return;
        if (schedule.OpenUntil(CredentialKey.Of(push.Row), now) is { } until) Report(Rest(push, until));
        else GiveBack([push]);
    }
}
