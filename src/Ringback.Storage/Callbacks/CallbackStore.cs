using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Storage.CallIn;
using Ringback.Storage.Delivery;
using Ringback.Storage.Queues;

namespace Ringback.Storage.Callbacks;

/// <inheritdoc/>
/// <param name="database">The database.</param>
/// <param name="nodeId">Name of this process: the owner of the leases that are committed with a push.</param>
/// <param name="clock">Decides whether the lease of a push that lost its meaning has ended.</param>
internal sealed class CallbackStore(IDatabase database, string nodeId, TimeProvider clock) : ICallbackStore
{
    private const int MostTries = 5;

    public async Task<QueueSnapshot?> ActivateAsync(QueueKey queue)
    {
        var raised = await database.WriteAsync(WorkKind.Other, async s => (await s.QueryAsync(
            QueueSql.RaiseEpoch, r => (Epoch: r.Long(), Name: r.Text(), Settings: r.Text(), Version: r.Int(), Live: r.Json(LiveStateJson.Default.LiveState)),
            queue.Tenant, queue.QueueId)).ToArray());
        if (raised is not [var row]) return null;

        // Every earlier owner is shut out now, so nothing of the queue changes between the reads. A long line takes seconds to read: not on the caller's thread.
        return await Task.Run(() => database.ReadAsync(async s =>
        {
            var callbacks = await s.QueryAsync(CallbackSql.LoadNotOver, CallbackColumns.Read, queue.Tenant, queue.QueueId);
            callbacks.AddRange(await s.QueryAsync(CallbackSql.LoadOverWithAttempt, CallbackColumns.Read, queue.Tenant, queue.QueueId));
            var attempts = await s.QueryAsync(AttemptSql.LoadNotOver, CallbackColumns.ReadAttempt, queue.Tenant, queue.QueueId);
            var callIns = await s.QueryAsync(CallInSql.LoadOfQueue, CallInStore.ReadRequest, queue.Tenant, queue.QueueId);
            var newest = callIns.GroupBy(c => c.CallbackId).Select(g => g.Last()).ToList();
            return new QueueSnapshot(row.Epoch, row.Name, QueueSettingsJson.Read(row.Settings), row.Version, row.Live, callbacks, attempts, newest);
        }));
    }

    public async Task CommitAsync(QueueKey queue, long epoch, IReadOnlyList<Change> changes)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await WriteAsync(queue, epoch, changes);
                return;
            }
            catch (AgentHeldException refused)
            {
                if (await FindHeldAsync(queue.Tenant, changes) is { Count: > 0 } held) throw new AgentsHeldException(queue, held);
                // Whoever held the agent has let go since.
                if (tries == MostTries) throw new StorageException("An agent changes hands faster than it can be looked up.", outcomeUnknown: false, refused);
            }
        }
    }

    // Step 5: callback, timeline and outbox rows become true together, or not at all.
    private Task WriteAsync(QueueKey queue, long epoch, IReadOnlyList<Change> changes) => database.Dialect switch
    {
        Dialect.PostgreSql => CommitAtOnceAsync(queue, PostgreSqlCallbackChanges.ToStatements(queue, epoch, nodeId, clock.Now(), changes), changes.Count),
        _ => CommitAfterLookAsync(queue, epoch, SqliteCallbackChanges.ToStatements(queue, nodeId, clock.Now(), changes)),
    };

    public Task<IReadOnlyList<QueueKey>> QueuesWithWorkAsync() =>
        database.ReadAsync<IReadOnlyList<QueueKey>>(async s => await s.QueryAsync(QueueSql.WithWork, r => new QueueKey(r.Tenant(), r.Int())));

    public Task<StoredCallback?> FindAsync(TenantId tenant, Guid callbackId) =>
        database.ReadAsync(async s => (await s.QueryAsync(CallbackSql.Find, r => CallbackColumns.ReadStored(tenant, r), tenant, callbackId)).FirstOrDefault());

    public Task<IReadOnlyList<StoredCallback>> ListAsync(TenantId tenant, CallbackFilter filter)
    {
        var (queue, before) = (filter.QueueId ?? 0, filter.Before ?? Guid.AllBitsSet);
        return database.ReadAsync<IReadOnlyList<StoredCallback>>(async s => filter.State is { } state
            ? await s.QueryAsync(CallbackSql.ListOfState, r => CallbackColumns.ReadStored(tenant, r), tenant, state, queue, before, filter.Limit)
            : await s.QueryAsync(CallbackSql.ListNotOver, r => CallbackColumns.ReadStored(tenant, r), tenant, queue, before, filter.Limit));
    }

    public Task<CallbackDetails?> FindDetailsAsync(TenantId tenant, Guid callbackId) =>
        database.ReadAsync(async s => (await s.QueryAsync(CallbackSql.FindDetails, ReadDetails, tenant, callbackId)).FirstOrDefault());

    public Task<IReadOnlyList<string>> FindAddressesAsync(TenantId tenant, Guid callbackId) =>
        database.ReadAsync<IReadOnlyList<string>>(async s => await s.QueryAsync(CallbackSql.FindAddresses, r => r.Text(), tenant, callbackId));

    public Task<StoredAttempt?> FindAttemptAsync(TenantId tenant, Guid attemptId) =>
        database.ReadAsync(async s =>
            (await s.QueryAsync(AttemptSql.Find, r => CallbackColumns.ReadStoredAttempt(tenant, r), tenant, attemptId)).FirstOrDefault());

    public Task<StoredAttempt?> FindLiveAttemptAsync(TenantId tenant, string agent) =>
        database.ReadAsync(async s =>
            (await s.QueryAsync(AttemptSql.FindLive, r => CallbackColumns.ReadStoredAttempt(tenant, r), tenant, agent)).FirstOrDefault());

    public Task<IReadOnlyList<TimelineEntry>> TimelineAsync(TenantId tenant, Guid callbackId) =>
        database.ReadAsync(async s => CallbackTimeline.Merge(
            await s.QueryAsync(CallbackSql.Timeline, CallbackTimeline.ReadEntry, tenant, callbackId),
            await s.QueryAsync(DeliverySql.FactsOfCallback, CallbackTimeline.ReadFact, tenant, callbackId)));

    private async Task CommitAtOnceAsync(QueueKey queue, List<Statement> fenced, int rows)
    {
        try
        {
            await database.WriteAllAsync(WorkKind.CallbackChanges, fenced, rows);
        }
        catch (FencedException)
        {
            throw new OwnershipLostException(queue);
        }
    }

    private Task<bool> CommitAfterLookAsync(QueueKey queue, long epoch, List<Statement> statements) => database.WriteAsync(
        WorkKind.CallbackChanges,
        async s =>
        {
            var stored = await s.QueryAsync(SqliteCallbackSql.CheckEpoch, r => r.Long(), queue.Tenant, queue.QueueId);
            if (stored is not [var current] || current != epoch) throw new OwnershipLostException(queue);
            await s.ExecuteAllAsync(statements);
            return true;
        },
        statements.Count);

    /// <summary>The attempts among the changes whose agents have another live one.</summary>
    private async Task<List<HeldAttempt>> FindHeldAsync(TenantId tenant, IReadOnlyList<Change> changes)
    {
        var held = new List<HeldAttempt>();
        foreach (var attempt in changes.OfType<Change.AttemptSaved>().Select(saved => saved.Attempt).Where(a => a.State == AttemptState.Live).DistinctBy(a => a.Id))
        {
            if (await FindLiveAttemptAsync(tenant, attempt.Agent) is { } other && other.Attempt.Id != attempt.Id)
                held.Add(new HeldAttempt(attempt.Id, IsNew: await FindAttemptAsync(tenant, attempt.Id) is null));
        }
        return held;
    }

    internal static CallbackDetails ReadDetails(Row row) => new()
    {
        UserDataJson = row.TextOrNull(),
        RoutePoint = row.TextOrNull(),
        SurveyRoutePoint = row.TextOrNull(),
        Priority = row.IntOrNull(),
        ReportingJson = row.TextOrNull(),
    };
}
