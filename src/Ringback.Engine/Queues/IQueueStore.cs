namespace Ringback.Engine.Queues;

/// <summary>A queue as its settings row has it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its name, unique within the tenant; case counts.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Version">Grows by one with each change.</param>
public sealed record StoredQueue(QueueKey Key, string Name, QueueSettings Settings, int Version);

/// <summary>Which apps a queue's pushes can be sent for.</summary>
public interface IPushApps
{
    /// <summary>Whether the tenant has credentials for an app of that name.</summary>
    Task<bool> HasAsync(TenantId tenant, string app);
}

/// <summary>What became of settings of several queues that were to be written together.</summary>
public abstract record WriteAllResult
{
    private WriteAllResult()
    {
    }

    /// <summary>All of them are in the database.</summary>
    public sealed record Written(IReadOnlyList<StoredQueue> Queues) : WriteAllResult;

    /// <summary>None is: one of them was added, changed or deleted by somebody else.</summary>
    public sealed record Changed : WriteAllResult;

    /// <summary>None is: a queue that was to change its type holds callbacks.</summary>
    public sealed record NotEmpty(string Queue) : WriteAllResult;
}

/// <summary>The queues of a tenant. Changes of settings go through the queue's owner; only an import writes past it, and tells it afterwards.</summary>
public interface IQueueStore
{
    /// <summary>The queue of that name, or null.</summary>
    Task<StoredQueue?> FindAsync(TenantId tenant, string name);

    /// <summary>Every queue of the tenant by name.</summary>
    Task<IReadOnlyList<StoredQueue>> ListAsync(TenantId tenant);

    /// <summary>Adds a queue; null where the name is taken.</summary>
    Task<StoredQueue?> AddAsync(TenantId tenant, string name, QueueSettings settings, string changedBy, DateTimeOffset at);

    /// <summary>
    /// Writes settings of several queues in one transaction. It takes only queues that still have the version that the caller saw. A queue that changes its type
    /// is taken from its owner by the epoch, so that none with the old type in memory can write any more.
    /// </summary>
    Task<WriteAllResult> WriteAllAsync(TenantId tenant, IReadOnlyList<QueueWrite> writes, string changedBy, DateTimeOffset at);

    /// <summary>Versions of the settings of every queue that has or had that name, the newest first.</summary>
    /// <param name="tenant">Whose queue.</param>
    /// <param name="name">Its name.</param>
    /// <param name="before">Only versions older than this one; null = from the newest on.</param>
    /// <param name="limit">At most so many.</param>
    Task<IReadOnlyList<SettingsVersion>> HistoryAsync(TenantId tenant, string name, (int QueueId, int Version)? before, int limit);

    /// <summary>The version of the settings of every queue of the site, for owners to notice what was written past them.</summary>
    Task<IReadOnlyList<(QueueKey Queue, int Version)>> VersionsAsync();

    /// <summary>The queue of that key, or null.</summary>
    Task<StoredQueue?> FindAsync(QueueKey queue);
}
