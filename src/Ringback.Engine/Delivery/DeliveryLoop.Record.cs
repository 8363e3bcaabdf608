namespace Ringback.Engine.Delivery;

/// <content>What became of pushes goes into the database.</content>
public sealed partial class DeliveryLoop
{
    /// <summary>
    /// How long results gather before they are written: a few commits. At a steady thousand a second, commits of a few rows each would keep the database from others; a crash repeats the sends of
    /// so long at most. Far below what is left of a lease, so that no row is taken over meanwhile. By real time, because it shapes the work of the disk and no decision hangs on it.
    /// </summary>
    private static readonly TimeSpan gathering = TimeSpan.FromMilliseconds(20);

    private void Report(DeliveryResult result)
    {
        LogResult(result);
        metrics.Reported(result);
        results.Writer.TryWrite(result);
    }

    // Step 9: recorded in batches, and tried until it succeeds: FCM has the message, so forgetting it would send it twice.
    private async Task RecordAsync()
    {
        var batch = new List<DeliveryResult>();
        while (await results.Reader.WaitToReadAsync())
        {
            batch.Clear();
            Gather(batch);
            if (batch.Count < options.ClaimSize && !results.Reader.Completion.IsCompleted)
            {
                await Task.Delay(gathering, TimeProvider.System);
                Gather(batch);
            }
            await UntilDoneAsync(() => store.RecordAsync(node.Id, batch));
            // Once let go, another claim of a row is a new piece of work: recorded once more, a result would take that one's lease.
            foreach (var result in batch) await LetGoAsync(result);
            await UntilDoneAsync(() => WakeWhatIsHeldNoMoreAsync(batch));
            foreach (var (key, count) in batch.CountBy(result => CredentialKey.Of(result.Push.Row)))
            {
                handover.Release(key, count);
                MakeUseOfRoom(key);
            }
        }
    }

    /// <summary>
    /// A row that was claimed between the commit of its result and here has a lease of this process and nobody who sends it: it is due again at once. One that was claimed before the commit has no lease any
    /// more, and is passed by.
    /// </summary>
    private async ValueTask LetGoAsync(DeliveryResult result)
    {
        while (!inHand.TryLetGo(result.Push))
        {
            if (result is not DeliveryResult.Again) continue;
            await UntilDoneAsync(() => store.RenewAsync(node.Id, result.Push, clock.Now()));
            SweepSoon();
        }
    }

    /// <summary>
    /// A pause that ended while its row was on the way into the database woke what lay there, and not this row: it would be held until it expires. The same for credentials that came: it would rest on.
    /// </summary>
    private async Task WakeWhatIsHeldNoMoreAsync(List<DeliveryResult> batch)
    {
        var now = clock.Now();
        var rested = batch.Where(result => result is DeliveryResult.Again { Code: { } code } again && PushWait.IsForCredentials(code) && again.NextAt > now && !schedule.IsResting(CredentialKey.Of(result.Push.Row), now))
            .Select(result => result.Push.Row.Tenant).Distinct().ToList();
        foreach (var tenant in rested) await store.WakeAsync(tenant, now);
        if (rested.Count > 0) SweepSoon();
        var late = batch.Where(result => result is DeliveryResult.Again { Code: DeliveryPauses.Code } && !IsHeld(result.Push)).Select(result => result.Push.Row.Tenant).Distinct();
        foreach (var tenant in late.ToList()) await pauses.WakeAsync(tenant);
    }

    private void Gather(List<DeliveryResult> batch)
    {
        while (batch.Count < options.ClaimSize && results.Reader.TryRead(out var result)) batch.Add(result);
    }

    private async Task UntilDoneAsync(Func<Task> write)
    {
        while (true)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception failure)
            {
                Log.OutboxUnavailable(logger, failure);
            }
            await Task.Delay(storagePause, clock);
        }
    }
}
