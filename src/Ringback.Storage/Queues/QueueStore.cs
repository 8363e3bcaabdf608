using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Storage.Access;

namespace Ringback.Storage.Queues;

/// <inheritdoc/>
internal sealed class QueueStore(IDatabase database) : IQueueStore
{
    public Task<StoredQueue?> FindAsync(TenantId tenant, string name) =>
        database.ReadAsync(async s => (await s.QueryAsync(QueueSql.Find, Read, tenant, name)).FirstOrDefault());

    public Task<IReadOnlyList<StoredQueue>> ListAsync(TenantId tenant) =>
        database.ReadAsync<IReadOnlyList<StoredQueue>>(async s => await s.QueryAsync(QueueSql.List, Read, tenant));

    public Task<StoredQueue?> AddAsync(TenantId tenant, string name, QueueSettings settings, string changedBy, DateTimeOffset at)
    {
        var json = QueueSettingsJson.Write(settings);
        var live = LiveStateJson.Write(new LiveState());
        return database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.LockAsync(AccessSql.LockTenant, tenant);
            if (await s.QueryAsync(QueueSql.Add, r => r.Int(), tenant, name, json, live) is not [var queueId]) return null;
            await s.ExecuteAsync(QueueSql.AddHistory, tenant, queueId, 1, json, changedBy, at);
            return new StoredQueue(new QueueKey(tenant, queueId), name, settings, 1);
        });
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

    private static StoredQueue Read(Row row) =>
        new(new QueueKey(row.Tenant(), row.Int()), row.Text(), QueueSettingsJson.Read(row.Text()), row.Int());
}
