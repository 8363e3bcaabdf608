using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Tests.Callbacks;

/// <summary>The store of one queue: it keeps every commit apart, lets none through that is held, and fails where a test says so.</summary>
internal sealed class RecordingStore(QueueSettings settings) : ICallbackStore, IDisposable
{
    private readonly MemoryStore memory = new(settings);
    private readonly SemaphoreSlim let = new(0);
    private bool holds;
    private int asked;

    /// <summary>The commits that were written since the last <see cref="Forget"/>.</summary>
    public List<IReadOnlyList<Change>> Commits { get; } = [];

    /// <summary>How many commits were asked for since then.</summary>
    public int Asked => Volatile.Read(ref asked);

    public MemoryStore Memory => memory;

    /// <summary>The fault of the commit of that number, counted from 1.</summary>
    public Func<int, IReadOnlyList<Change>, Exception?> Fault { get; set; } = (_, _) => null;

    public void Forget() => (asked, _) = (0, Commits.RemoveAll(_ => true));

    /// <summary>From now on every commit waits until it is let through.</summary>
    public void Hold() => holds = true;

    /// <summary>Lets commits through, those that wait or the next ones.</summary>
    public void Let(int commits) => let.Release(commits);

    public void Dispose() => let.Dispose();

    public Task<QueueSnapshot?> ActivateAsync(QueueKey queue) => Task.FromResult<QueueSnapshot?>(memory.Load());

    public async Task CommitAsync(QueueKey queue, long epoch, IReadOnlyList<Change> changes)
    {
        var number = Interlocked.Increment(ref asked);
        if (holds) await let.WaitAsync();
        if (Fault(number, changes) is { } fault) throw fault;
        memory.Apply(changes);
        Commits.Add(changes);
    }

    public Task<IReadOnlyList<QueueKey>> QueuesWithWorkAsync() => throw new NotSupportedException();

    public Task<StoredCallback?> FindAsync(TenantId tenant, Guid callbackId) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoredCallback>> ListAsync(TenantId tenant, CallbackFilter filter) => throw new NotSupportedException();

    public Task<CallbackDetails?> FindDetailsAsync(TenantId tenant, Guid callbackId) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> FindAddressesAsync(TenantId tenant, Guid callbackId) => throw new NotSupportedException();

    public Task<StoredAttempt?> FindAttemptAsync(TenantId tenant, Guid attemptId) => throw new NotSupportedException();

    public Task<StoredAttempt?> FindLiveAttemptAsync(TenantId tenant, string agent) => throw new NotSupportedException();

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(TenantId tenant, Guid callbackId) => throw new NotSupportedException();
}
