using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Storage.Access;
using Ringback.Storage.Delivery;

namespace Ringback.Storage.Queues;

/// <inheritdoc/>
internal sealed class QueueStore(IDatabase database) : IQueueStore
{
    /// <summary>Stands in the history for the settings of a queue that is no more.</summary>
    private const string NoSettings = "null";

    public Task<StoredQueue?> FindAsync(TenantId tenant, string name) =>
        database.ReadAsync(async s => (await s.QueryAsync(QueueSql.Find, Read, tenant, name)).FirstOrDefault());

    public Task<StoredQueue?> FindAsync(QueueKey queue) =>
        database.ReadAsync(async s => (await s.QueryAsync(QueueSql.FindByNumber, Read, queue.Tenant, queue.QueueId)).FirstOrDefault());

    public Task<IReadOnlyList<StoredQueue>> ListAsync(TenantId tenant) =>
        database.ReadAsync<IReadOnlyList<StoredQueue>>(async s => await s.QueryAsync(QueueSql.List, Read, tenant));

    public Task<IReadOnlyList<(QueueKey Queue, int Version)>> VersionsAsync() => database.ReadAsync<IReadOnlyList<(QueueKey, int)>>(
        async s => await s.QueryAsync(QueueSql.Versions, r => (new QueueKey(r.Tenant(), r.Int()), r.Int())));

    public Task<IReadOnlyList<SettingsVersion>> HistoryAsync(TenantId tenant, string name, (int QueueId, int Version)? before, int limit)
    {
        var (queue, version) = before ?? (int.MaxValue, 0);
        return database.ReadAsync<IReadOnlyList<SettingsVersion>>(async s => await s.QueryAsync(QueueSql.History, ReadVersion, tenant, name, queue, version, limit));
    }

    public Task<StoredQueue?> AddAsync(TenantId tenant, string name, QueueSettings settings, string changedBy, DateTimeOffset at) =>
        database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.LockAsync(AccessSql.LockTenant, tenant);
            return await AddAsync(s, tenant, name, settings, changedBy, at);
        });

    public async Task<WriteAllResult> WriteAllAsync(TenantId tenant, IReadOnlyList<QueueWrite> writes, string changedBy, DateTimeOffset at)
    {
        try
        {
            return await database.WriteAsync<WriteAllResult>(WorkKind.Other, async s =>
            {
                await s.LockAsync(AccessSql.LockTenant, tenant);
                List<StoredQueue> written = [];
                // Always in the order of their numbers, so that two who write at once never wait for each other in a ring.
                foreach (var write in writes.OrderBy(w => w.Before?.Key.QueueId ?? int.MaxValue))
                    written.Add(await WriteAsync(s, tenant, write, changedBy, at));
                return new WriteAllResult.Written(written);
            });
        }
        catch (NothingWrittenException nothing)
        {
            return nothing.Result;
        }
    }

    /// <summary>The statements for new settings and the version that is kept of them.</summary>
    internal static Statement[] Save(QueueKey queue, Change.SettingsChanged c)
    {
        var json = QueueSettingsJson.Write(c.Settings);
        return
        [
            new(QueueSql.SaveSettings, [json, c.Version, queue.Tenant, queue.QueueId]),
            new(QueueSql.AddHistory, [queue.Tenant, queue.QueueId, c.Version, json, c.ChangedBy, c.At]),
        ];
    }

    /// <summary>The statements for the end of a queue, and of a pause that holds its pushes: those go out, as they would without the pause.</summary>
    internal static Statement[] Delete(QueueKey queue, Change.QueueDeleted c) =>
    [
        new(QueueSql.Delete, [c.At, c.Version, queue.Tenant, queue.QueueId]),
        new(QueueSql.AddHistory, [queue.Tenant, queue.QueueId, c.Version, NoSettings, c.DeletedBy, c.At]),
        .. PauseStore.EndWithQueue(queue.Tenant, c.Name, c.DeletedBy, c.At),
    ];

    private static async ValueTask<StoredQueue?> AddAsync(Session s, TenantId tenant, string name, QueueSettings settings, string changedBy, DateTimeOffset at)
    {
        var json = QueueSettingsJson.Write(settings);
        if (await s.QueryAsync(QueueSql.Add, r => r.Int(), tenant, name, json, LiveStateJson.Write(new LiveState())) is not [var queueId]) return null;
        await s.ExecuteAsync(QueueSql.AddHistory, tenant, queueId, 1, json, changedBy, at);
        return new StoredQueue(new QueueKey(tenant, queueId), name, settings, 1);
    }

    private static async ValueTask<StoredQueue> WriteAsync(Session s, TenantId tenant, QueueWrite write, string changedBy, DateTimeOffset at)
    {
        if (write.Before is not { } before)
            return await AddAsync(s, tenant, write.Name, write.Settings, changedBy, at) ?? throw new NothingWrittenException(new WriteAllResult.Changed());

        var (json, version, queue) = (QueueSettingsJson.Write(write.Settings), before.Version + 1, before.Key.QueueId);
        if (await s.ExecuteAsync(QueueSql.WriteOver, json, write.ChangesType ? 1 : 0, tenant, queue, before.Version) == 0)
            throw new NothingWrittenException(new WriteAllResult.Changed());
        // The owner can add no callback any more: the row is locked, and the epoch was raised with it.
        if (write.ChangesType && await s.QueryAsync(QueueSql.CountNotOver, r => r.Long(), tenant, queue) is not [0])
            throw new NothingWrittenException(new WriteAllResult.NotEmpty(write.Name));
        await s.ExecuteAsync(QueueSql.AddHistory, tenant, queue, version, json, changedBy, at);
        return before with { Settings = write.Settings, Version = version };
    }

    private static StoredQueue Read(Row row) =>
        new(new QueueKey(row.Tenant(), row.Int()), row.Text(), QueueSettingsJson.Read(row.Text()), row.Int());

    private static SettingsVersion ReadVersion(Row row)
    {
        var (queue, version, at, by, settings) = (row.Int(), row.Int(), row.At(), row.Text(), row.Text());
        return new SettingsVersion(queue, version, at, by, settings == NoSettings ? null : QueueSettingsJson.Read(settings));
    }

    /// <summary>Rolls the transaction back.</summary>
    private sealed class NothingWrittenException(WriteAllResult result) : Exception
    {
        public WriteAllResult Result => result;
    }
}
