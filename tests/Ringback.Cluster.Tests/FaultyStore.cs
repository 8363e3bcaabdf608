using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Cluster.Tests;

/// <summary>How the next commit goes wrong.</summary>
public enum CommitFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Refused: nothing is written.</summary>
    Refused,

    /// <summary>Written, but the answer is lost: the owner cannot know.</summary>
    AnswerLost,

    /// <summary>COMMIT failed and nothing is written, but the owner cannot know that either.</summary>
    Unknown,
}

/// <summary>A real store behind a database that fails when told to.</summary>
internal sealed class FaultyStore(ICallbackStore inner) : ICallbackStore
{
    private TaskCompletionSource? hold;

    /// <summary>What happens to the next commit; after it commits succeed again.</summary>
    public CommitFault Next { get; set; }

    /// <summary>Commits that were asked for.</summary>
    public int Commits { get; private set; }

    /// <summary>Lets commits wait until <see cref="Release"/>, so that a test can fill the next group.</summary>
    public void Hold() => hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => hold?.SetResult();

    public Task<QueueSnapshot?> ActivateAsync(QueueKey queue) => inner.ActivateAsync(queue);

    public async Task CommitAsync(QueueKey queue, long epoch, IReadOnlyList<Change> changes)
    {
        Commits++;
        if (hold is { } wait) await wait.Task;
        var fault = Next;
        Next = CommitFault.None;
        if (fault == CommitFault.Refused) throw new StorageException("refused by the test", outcomeUnknown: false, null);
        if (fault == CommitFault.Unknown) throw new StorageException("cut off by the test", outcomeUnknown: true, null);
        await inner.CommitAsync(queue, epoch, changes);
        if (fault == CommitFault.AnswerLost) throw new StorageException("cut off by the test after COMMIT", outcomeUnknown: true, null);
    }

    public Task<IReadOnlyList<QueueKey>> QueuesWithWorkAsync() => inner.QueuesWithWorkAsync();

    public Task<StoredCallback?> FindAsync(TenantId tenant, Guid callbackId) => inner.FindAsync(tenant, callbackId);

    public Task<IReadOnlyList<StoredCallback>> ListAsync(TenantId tenant, CallbackFilter filter) => inner.ListAsync(tenant, filter);

    public Task<CallbackDetails?> FindDetailsAsync(TenantId tenant, Guid callbackId) => inner.FindDetailsAsync(tenant, callbackId);

    public Task<IReadOnlyList<string>> FindAddressesAsync(TenantId tenant, Guid callbackId) => inner.FindAddressesAsync(tenant, callbackId);

    public Task<StoredAttempt?> FindAttemptAsync(TenantId tenant, Guid attemptId) => inner.FindAttemptAsync(tenant, attemptId);

    public Task<StoredAttempt?> FindLiveAttemptAsync(TenantId tenant, string agent) => inner.FindLiveAttemptAsync(tenant, agent);

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(TenantId tenant, Guid callbackId) => inner.TimelineAsync(tenant, callbackId);
}
