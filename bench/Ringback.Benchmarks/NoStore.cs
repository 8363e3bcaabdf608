using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Benchmarks;

/// <summary>A store that takes everything and keeps nothing: what is measured on it is the owner and the rules alone.</summary>
internal sealed class NoStore(QueueSettings settings) : ICallbackStore
{
    public long PushesDecided { get; private set; }

    public Task<QueueSnapshot?> ActivateAsync(QueueKey queue) => Task.FromResult<QueueSnapshot?>(new QueueSnapshot(1, "bench", settings, 1, new LiveState(), [], [], []));

    public Task CommitAsync(QueueKey queue, long epoch, IReadOnlyList<Change> changes)
    {
        PushesDecided += changes.Count(change => change is Change.PushDecided);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<QueueKey>> QueuesWithWorkAsync() => Task.FromResult<IReadOnlyList<QueueKey>>([]);

    public Task<StoredCallback?> FindAsync(TenantId tenant, Guid callbackId) => Task.FromResult<StoredCallback?>(null);

    public Task<IReadOnlyList<StoredCallback>> ListAsync(TenantId tenant, CallbackFilter filter) => Task.FromResult<IReadOnlyList<StoredCallback>>([]);

    public Task<CallbackDetails?> FindDetailsAsync(TenantId tenant, Guid callbackId) => Task.FromResult<CallbackDetails?>(null);

    public Task<IReadOnlyList<string>> FindAddressesAsync(TenantId tenant, Guid callbackId) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<StoredAttempt?> FindAttemptAsync(TenantId tenant, Guid attemptId) => Task.FromResult<StoredAttempt?>(null);

    public Task<StoredAttempt?> FindLiveAttemptAsync(TenantId tenant, string agent) => Task.FromResult<StoredAttempt?>(null);

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(TenantId tenant, Guid callbackId) => Task.FromResult<IReadOnlyList<TimelineEntry>>([]);
}
