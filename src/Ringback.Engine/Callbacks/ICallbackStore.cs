using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>All that a queue's owner holds in memory.</summary>
/// <param name="Epoch">Number of this activation; every write checks it.</param>
/// <param name="Name">Name of the queue.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="SettingsVersion">Grows by one with each change of settings.</param>
/// <param name="Live">Its live side.</param>
/// <param name="Callbacks">Callbacks that are not over, and those that are but have an attempt without an outcome.</param>
/// <param name="Attempts">Attempts of these callbacks that are not over.</param>
/// <param name="CallIns">Call-in data of these callbacks, one per callback: what was used, else the newest.</param>
public sealed record QueueSnapshot(
    long Epoch, string Name, QueueSettings Settings, int SettingsVersion, LiveState Live,
    IReadOnlyList<CallbackRecord> Callbacks, IReadOnlyList<AttemptRecord> Attempts, IReadOnlyList<CallInRecord> CallIns);

/// <summary>A callback read without its owner.</summary>
/// <param name="Queue">Its queue.</param>
/// <param name="QueueName">Name of the queue.</param>
/// <param name="Callback">Its stored state.</param>
public sealed record StoredCallback(QueueKey Queue, string QueueName, CallbackRecord Callback);

/// <summary>Which callbacks a list shows, the newest first.</summary>
public sealed record CallbackFilter
{
    /// <summary>Only those of this queue.</summary>
    public int? QueueId { get; init; }

    /// <summary>Only those in this state; null: all that are not over.</summary>
    public CallbackState? State { get; init; }

    /// <summary>Only older ones than this callback: the last of the page before.</summary>
    public Guid? Before { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 25;
}

/// <summary>An attempt read without its owner.</summary>
public sealed record StoredAttempt(QueueKey Queue, AttemptRecord Attempt);

/// <summary>
/// The store of the queues' owners. Failures come as <see cref="OwnershipLostException"/> or <see cref="StorageException"/>, never as a driver's own.
/// </summary>
public interface ICallbackStore
{
    /// <summary>Raises the queue's epoch, which shuts every earlier owner out, and then loads it. Null where there is no such queue.</summary>
    Task<QueueSnapshot?> ActivateAsync(QueueKey queue);

    /// <summary>
    /// Writes the changes in one transaction that first checks the epoch. Returns once they are durable.
    /// </summary>
    /// <exception cref="AgentsHeldException">An agent has a live attempt of another queue; nothing was written.</exception>
    Task CommitAsync(QueueKey queue, long epoch, IReadOnlyList<Change> changes);

    /// <summary>Queues that hold callbacks which are not over.</summary>
    Task<IReadOnlyList<QueueKey>> QueuesWithWorkAsync();

    /// <summary>The stored state of a callback.</summary>
    Task<StoredCallback?> FindAsync(TenantId tenant, Guid callbackId);

    /// <summary>The stored states of the tenant's callbacks that fit, the newest first.</summary>
    Task<IReadOnlyList<StoredCallback>> ListAsync(TenantId tenant, CallbackFilter filter);

    /// <summary>What the create request said.</summary>
    Task<CallbackDetails?> FindDetailsAsync(TenantId tenant, Guid callbackId);

    /// <summary>The push addresses of a callback.</summary>
    Task<IReadOnlyList<string>> FindAddressesAsync(TenantId tenant, Guid callbackId);

    /// <summary>The stored state of an attempt.</summary>
    Task<StoredAttempt?> FindAttemptAsync(TenantId tenant, Guid attemptId);

    /// <summary>The attempt that an agent holds in any queue of the tenant.</summary>
    Task<StoredAttempt?> FindLiveAttemptAsync(TenantId tenant, string agent);

    /// <summary>The timeline: the owner's entries and delivery's facts in order of time. Empty where there is no such callback.</summary>
    Task<IReadOnlyList<TimelineEntry>> TimelineAsync(TenantId tenant, Guid callbackId);
}

/// <summary>Another process has taken the queue over; nothing was written.</summary>
public sealed class OwnershipLostException(QueueKey queue) : Exception($"Queue {queue} has another owner.");

/// <summary>An attempt that cannot be written as live, because its agent has another one.</summary>
/// <param name="AttemptId">The attempt.</param>
/// <param name="IsNew">Whether it was just handed out, and not one whose lease was to live again.</param>
public sealed record HeldAttempt(Guid AttemptId, bool IsNew);

/// <summary>The database has live attempts of other queues for the agents of these (rule D5: one for each agent); nothing was written.</summary>
public sealed class AgentsHeldException(QueueKey queue, IReadOnlyList<HeldAttempt> attempts) : Exception($"Queue {queue} hands attempts to agents who hold others.")
{
    /// <summary>The attempts that must not become live.</summary>
    public IReadOnlyList<HeldAttempt> Attempts { get; } = attempts;
}

/// <summary>The database failed.</summary>
/// <param name="message">What failed, without data.</param>
/// <param name="outcomeUnknown">True where COMMIT itself failed, so that the changes may or may not be there.</param>
/// <param name="inner">The driver's exception.</param>
public sealed class StorageException(string message, bool outcomeUnknown, Exception? inner) : Exception(message, inner)
{
    /// <summary>Whether the changes may be there all the same.</summary>
    public bool OutcomeUnknown { get; } = outcomeUnknown;
}
