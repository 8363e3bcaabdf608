using System.Collections.Concurrent;
using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Cluster.Queues;

/// <summary>The owners that live on this node. A request for one of them is answered without a message to its grain.</summary>
internal sealed class LocalOwners
{
    private readonly ConcurrentDictionary<QueueKey, QueueOwner> owners = new();

    public void Add(QueueOwner owner) => owners[owner.Key] = owner;

    public void Remove(QueueOwner owner) => owners.TryRemove(new KeyValuePair<QueueKey, QueueOwner>(owner.Key, owner));

    public IReadOnlyCollection<QueueOwner> All => [.. owners.Values];

    public QueueOwner? Find(QueueKey queue) => owners.GetValueOrDefault(queue);
}
