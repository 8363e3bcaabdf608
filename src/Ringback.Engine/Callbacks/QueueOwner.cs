using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>
/// Owns one queue for one activation: lets commands in one at a time, commits what they changed in groups, answers only after the commit, and wakes
/// up when something falls due. When a commit fails, the owner is lost for good: its memory is worth nothing and somebody loads the queue again.
/// </summary>
public sealed class QueueOwner : IQueueOwner, IDisposable
{
    /// <summary>Queues that a node takes over at once: enough to share the commits that raise their epochs, few enough to leave the database to others.</summary>
    public const int ActivationsAtOnce = 8;

    private static readonly Fault away = Problems.StorageUnavailable.With("The queue is being loaded again. Send the same request again.") with { RetryAfter = TimeSpan.FromSeconds(1) };

    private readonly QueueKey key;
    private readonly CallbackQueue queue;
    private readonly GroupCommit commits;
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private readonly Action<QueueOwner, Exception> lost;
    private readonly Lock gate = new();
    private TaskCompletionSource somethingChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset? timerAt;
    private bool disposed;

    private QueueOwner(QueueKey key, QueueSnapshot snapshot, ICallbackStore store, DeliveryHandover handover, TimeProvider clock, Action<QueueOwner, Exception> lost)
    {
        (this.key, this.clock, this.lost) = (key, clock, lost);
        queue = new CallbackQueue(key, snapshot);
        commits = new GroupCommit(key, snapshot.Epoch, store, handover, clock, TakeBack, failure =>
        {
            lost(this, failure);
            Dispose();
        });
        timer = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The queue that this owner owns.</summary>
    public QueueKey Key => key;

    /// <summary>The version of the settings that are in force here.</summary>
    public int SettingsVersion => queue.SettingsVersion;

    /// <summary>Takes the queue over: shuts earlier owners out, loads it and handles what fell due meanwhile. Null where there is no such queue.</summary>
    public static async Task<QueueOwner?> ActivateAsync(
        QueueKey key, ICallbackStore store, DeliveryHandover handover, TimeProvider clock, Action<QueueOwner, Exception> lost)
    {
        if (await store.ActivateAsync(key) is not { } snapshot) return null;
        var owner = new QueueOwner(key, snapshot, store, handover, clock, lost);
        owner.Wake();
        return owner;
    }

    /// <inheritdoc/>
    public Task<Answer<CreatedCallback>> CreateAsync(NewCallback request) => Do((q, now) => q.Create(request, now));

    /// <inheritdoc/>
    public Task<Answer<CallbackStatus>> RetrieveAsync(Guid callbackId) => Do((q, now) => q.Retrieve(callbackId, now));

    /// <inheritdoc/>
    public Task<Answer<Guid>> CancelAsync(Guid callbackId) => Do((q, now) => q.Cancel(callbackId, now));

    /// <inheritdoc/>
    public Task<Answer<Guid>> ConfirmAsync(Guid callbackId) => Do((q, now) => q.Confirm(callbackId, now));

    /// <inheritdoc/>
    public Task<Answer<DateTimeOffset>> SnoozeAsync(Guid callbackId, TimeSpan pause) => Do((q, now) => q.Snooze(callbackId, pause, now));

    /// <inheritdoc/>
    public Task<Answer<DateTimeOffset>> RescheduleAsync(Guid callbackId, DateTimeOffset desired) => Do((q, now) => q.Reschedule(callbackId, desired, now));

    /// <inheritdoc/>
    public Task<Answer<Guid>> ReplaceTargetsAsync(Guid callbackId, IReadOnlyList<PushTarget?> slots) => Do((q, now) => q.ReplaceTargets(callbackId, slots, now));

    /// <inheritdoc/>
    public Task<Answer<Guid>> EndBySupervisorAsync(Guid callbackId, bool purge, string by) => Do((q, now) => q.EndBySupervisor(callbackId, purge, by, now));

    /// <inheritdoc/>
    public Task<Answer<WhyNotYet>> WhyAsync(Guid callbackId) => Do((q, _) => q.Why(callbackId));

    /// <inheritdoc/>
    public Task<Answer<ArrivalEstimate>> ReportAsync(QueueReport report) => Do((q, now) => q.Report(report, now));

    /// <inheritdoc/>
    public Task<Answer<ArrivalEstimate>> EstimateAsync(EwtMode? mode) => Do((q, _) => q.EstimateArrival(mode));

    /// <inheritdoc/>
    public Task<Answer<SlotList>> AvailabilityAsync(SlotQuery query) => Do((q, now) => q.Availability(query, now));

    /// <inheritdoc/>
    public Task<Answer<int>> OpenForAsync(DateTimeOffset? at) => Do((q, now) => q.OpenFor(at ?? now));

    /// <inheritdoc/>
    public Task<Answer<QueueOffer>> OfferAsync() => Do((q, now) => q.Offer(now));

    /// <inheritdoc/>
    public Task<Answer<AttemptOffer?>> ResumeAsync(string agent) => Do((q, _) => q.Resume(agent));

    /// <inheritdoc/>
    public async Task<Answer<AttemptRecord>> ExtendAsync(Guid attemptId, TimeSpan span)
    {
        var answer = await Do((q, now) => q.Extend(attemptId, span, now));
        return answer.Fault is null && !IsLive(attemptId) ? Problems.AttemptConflict.With("The agent has taken another callback since. Report what became of this attempt.") : answer;
    }

    /// <inheritdoc/>
    public Task<Answer<OutcomeAnswer>> ReportOutcomeAsync(Guid attemptId, AttemptOutcome outcome) => Do((q, now) => q.ReportOutcome(attemptId, outcome, now));

    /// <inheritdoc/>
    public Task<Answer<CallInRecord>> AcceptCallInAsync(Guid callbackId, CallInTerms terms) => Do((q, now) => q.AcceptCallIn(callbackId, terms, now));

    /// <inheritdoc/>
    public Task<Answer<MatchedCallIn>> MatchCallInAsync(Guid callbackId, Guid callInId) => Do((q, now) => q.MatchCallIn(callbackId, callInId, now));

    /// <inheritdoc/>
    public Task<Answer<MergedCallIn?>> MergeCallInAsync(string phoneNumber, CallInRecord? request) => Do((q, now) => q.MergeCallIn(phoneNumber, request, now));

    /// <inheritdoc/>
    public Task<Answer<StoredQueue>> ChangeSettingsAsync(string patchJson, string changedBy) => Do((q, now) => q.ChangeSettings(patchJson, changedBy, now));

    /// <inheritdoc/>
    public async Task<Answer<int>> AdoptSettingsAsync(string settingsJson, int version)
    {
        var isOwner = await Do<bool>((q, now) => q.Adopt(QueueSettingsJson.Read(settingsJson), version, now));
        if (isOwner.Fault is { } fault) return fault;
        if (isOwner.Value) return version;
        lost(this, new OwnershipLostException(key));
        Dispose();
        return away;
    }

    /// <inheritdoc/>
    public Task<Answer<int>> DeleteAsync(string deletedBy) => Do((q, now) => q.Delete(deletedBy, now));

    /// <inheritdoc/>
    public async Task<Answer<AttemptOffer?>> NextAsync(string agent, TimeSpan wait, CancellationToken cancellation)
    {
        var until = clock.Now() + wait;
        while (true)
        {
            var changed = somethingChanged.Task;
            var answer = await Do((q, now) => q.Next(agent, now));
            // Taken back between the hand-out and the commit: the agent has an attempt of another queue.
            if (answer is { Fault: null, Value: { } offer } && !IsLive(offer.Attempt.Id)) return (AttemptOffer?)null;
            var left = until - clock.Now();
            if (answer.Fault is not null || answer.Value is not null || left <= TimeSpan.Zero) return answer;
            try
            {
                await changed.WaitAsync(left, clock, cancellation);
            }
            catch (TimeoutException)
            {
                return answer;
            }
        }
    }

    /// <summary>Stops the timer and refuses further commands; what is being committed is answered.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            somethingChanged.TrySetResult();
        }
        timer.Dispose();
    }

    /// <summary>Waits until everything that was accepted is durable.</summary>
    public Task DrainAsync() => commits.WhenDurableAsync();

    private async Task<Answer<T>> Do<T>(Func<CallbackQueue, DateTimeOffset, Answer<T>> command)
    {
        Answer<T> answer;
        Task durable;
        lock (gate)
        {
            if (disposed || commits.HasFailed) return away;
            answer = queue.Run(clock.Now(), command);
            durable = CommitChanges();
        }
        try
        {
            await durable;
            return answer;
        }
        catch (Exception failure) when (failure is StorageException or OwnershipLostException)
        {
            return away;
        }
    }

    private bool IsLive(Guid attemptId)
    {
        lock (gate) return queue.IsLive(attemptId);
    }

    /// <summary>What could not be committed is undone in memory, and committed as undone together with all that came after it.</summary>
    private void TakeBack(IReadOnlyList<HeldAttempt> attempts, Action putBack)
    {
        lock (gate)
        {
            putBack();
            foreach (var attempt in attempts) queue.Run(clock.Now(), (q, now) => q.TakeBack(attempt, now));
            CommitChanges();
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            timerAt = null;
            if (disposed || commits.HasFailed) return;
            queue.RunClock(clock.Now());
            _ = CommitChanges();
        }
    }

    private Task CommitChanges()
    {
        var changes = queue.TakeChanges();
        if (changes.Count > 0)
        {
            CrashPoints.Reach(CrashPoints.BeforeCommit);
            var finished = somethingChanged;
            somethingChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            finished.SetResult();
        }
        // First to the commit, then to the timer: one that fires within the call, as a fake clock's does, must not overtake these changes.
        var durable = commits.Add(changes);
        SetTimer();
        return durable;
    }

    private void SetTimer()
    {
        if (queue.NextDueAt is not { } at || at == DateTimeOffset.MaxValue || at == timerAt) return;
        timerAt = at;
        var wait = at - clock.GetUtcNow();
        // A timer takes at most 49 days; a later due time is looked at again by then.
        timer.Change(TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, TimeSpan.FromDays(40).Ticks)), Timeout.InfiniteTimeSpan);
    }
}
