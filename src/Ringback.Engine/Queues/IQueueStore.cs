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

/// <summary>The queues of a tenant. Changes of settings go through the queue's owner, not through here.</summary>
public interface IQueueStore
{
    /// <summary>The queue of that name, or null.</summary>
    Task<StoredQueue?> FindAsync(TenantId tenant, string name);

    /// <summary>Every queue of the tenant by name.</summary>
    Task<IReadOnlyList<StoredQueue>> ListAsync(TenantId tenant);

    /// <summary>Adds a queue; null where the name is taken.</summary>
    Task<StoredQueue?> AddAsync(TenantId tenant, string name, QueueSettings settings, string changedBy, DateTimeOffset at);
}
