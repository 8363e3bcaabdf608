using Ringback.Engine.Delivery;

namespace Ringback.Engine.Callbacks;

/// <summary>
/// Commits the changes of one queue in order, in groups of what has gathered while the last commit was in flight, each no larger than others can wait for. The first failure is the
/// end; that an agent holds an attempt of another queue is none: nothing was written, and the group is committed again without that attempt.
/// </summary>
/// <param name="key">The queue.</param>
/// <param name="epoch">Number of the owner's activation.</param>
/// <param name="store">Where the changes go.</param>
/// <param name="handover">Where pushes go once they are true.</param>
/// <param name="clock">Our clock.</param>
/// <param name="takeBack">Undoes attempts in memory. It calls what it is given before it adds the changes of that, while no command is let in.</param>
/// <param name="failed">Told of the first failure.</param>
internal sealed class GroupCommit(
    QueueKey key, long epoch, ICallbackStore store, DeliveryHandover handover, TimeProvider clock, Action<IReadOnlyList<HeldAttempt>, Action> takeBack, Action<Exception> failed)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Group> groups = []; // The last one gathers.
    private Task last = Task.CompletedTask;
    private bool committing;

    /// <summary>Whether a commit has failed: memory is then ahead of the database and worth nothing.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Adds changes to what gathers. The task ends once they, and everything added before, are durable.</summary>
    public Task Add(IReadOnlyList<Change> changes)
    {
        lock (gate)
        {
            if (changes.Count == 0 || HasFailed) return last;
            foreach (var part in ChangeParts.Of(changes)) Gather(part);
            if (committing) return last;
            committing = true;
            _ = Task.Run(CommitAllAsync);
            return last;
        }
    }

    /// <summary>Ends once everything added so far is durable, or has failed.</summary>
    public Task WhenDurableAsync()
    {
        lock (gate) return last.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task CommitAllAsync()
    {
        while (TakeGroup() is { } group)
        {
            try
            {
                await CommitAsync(group.Changes);
                group.SetDurable();
            }
            catch (AgentsHeldException held)
            {
                takeBack(held.Attempts, () => PutBack(group, held.Attempts));
            }
            catch (Exception failure)
            {
                Fail(group, failure is StorageException or OwnershipLostException ? failure : new StorageException("A commit failed.", outcomeUnknown: true, failure));
                return;
            }
        }
    }

    // Step 5: callback, timeline and outbox rows in one transaction, fenced by the epoch. Only then is it true.
    private async Task CommitAsync(List<Change> changes)
    {
        // Nearly always one credential: a queue's pushes go out through its app, which a change of its settings may have changed in between.
        var granted = changes.OfType<Change.PushDecided>().CountBy(push => CredentialKey.Of(push.Row)).ToDictionary(wanted => wanted.Key, wanted => handover.Reserve(wanted.Key, wanted.Value));
        var leased = granted.Count == 0 ? changes : Lease(changes, granted);
        try
        {
            await store.CommitAsync(key, epoch, leased);
        }
        catch
        {
            foreach (var (credential, count) in granted) handover.Release(credential, count);
            throw;
        }
        CrashPoints.Reach(CrashPoints.AfterCommit);
        foreach (var change in leased)
        {
            if (change is Change.PushDecided { Row: { LeaseEndsAt: not null } row }) handover.HandOver(row);
        }
    }

    private List<Change> Lease(List<Change> changes, Dictionary<CredentialKey, int> granted)
    {
        var leaseEndsAt = clock.Now() + DeliveryOptions.Lease;
        var left = new Dictionary<CredentialKey, int>(granted);
        return [.. changes.Select(change => change is Change.PushDecided decided && left[CredentialKey.Of(decided.Row)]-- > 0 ? new Change.PushDecided(decided.Row with { LeaseEndsAt = leaseEndsAt }) : change)];
    }

    private void Gather(IReadOnlyList<Change> part)
    {
        if (groups.Last?.Value is not { } gathering || !gathering.HasRoomFor(part.Count)) groups.AddLast(gathering = new Group());
        gathering.Changes.AddRange(part);
        last = gathering.Durable;
    }

    private Group? TakeGroup()
    {
        lock (gate)
        {
            var taken = groups.First?.Value;
            committing = taken is not null;
            if (committing) groups.RemoveFirst();
            return taken;
        }
    }

    /// <summary>
    /// The group is to be committed once more, in front of what has gathered since; the attempts are never live in it. With all of that and what comes until then it is one
    /// commit, however large: a callback whose attempt was taken back must be back in its place by the same commit.
    /// </summary>
    private void PutBack(Group group, IReadOnlyList<HeldAttempt> attempts)
    {
        lock (gate)
        {
            group.KeepTogether();
            foreach (var later in groups) group.Append(later);
            groups.Clear();
            group.Changes.RemoveAll(change => change is Change.AttemptSaved { Attempt: { State: AttemptState.Live, Id: var id } } && attempts.Any(held => held.AttemptId == id));
            groups.AddLast(group);
            committing = true;
        }
    }

    private void Fail(Group group, Exception failure)
    {
        List<Group> waiting;
        lock (gate)
        {
            HasFailed = true;
            waiting = [.. groups];
            groups.Clear();
        }
        group.SetFailed(failure);
        waiting.ForEach(later => later.SetFailed(failure));
        failed(failure);
    }

    private sealed class Group
    {
        /// <summary>One for the group, and one for each that it has taken in.</summary>
        private readonly List<TaskCompletionSource> waiting = [new(TaskCreationOptions.RunContinuationsAsynchronously)];
        private bool isOneCommit;

        public List<Change> Changes { get; } = [];

        public Task Durable => waiting[^1].Task;

        public bool HasRoomFor(int more) => isOneCommit || Changes.Count + more <= ChangeParts.Most;

        public void KeepTogether() => isOneCommit = true;

        public void Append(Group later)
        {
            Changes.AddRange(later.Changes);
            waiting.AddRange(later.waiting);
        }

        public void SetDurable() => waiting.ForEach(group => group.SetResult());

        public void SetFailed(Exception failure) => waiting.ForEach(group => group.SetException(failure));
    }
}
