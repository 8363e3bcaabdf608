using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Storage.CallIn;
using Ringback.Storage.Delivery;
using Ringback.Storage.Queues;

namespace Ringback.Storage.Callbacks;

/// <summary>What an owner changed, as statements in the order of the changes. Made on the owner's thread, so that the writer spends its time on the database alone.</summary>
internal static class SqliteCallbackChanges
{
    public static List<Statement> ToStatements(QueueKey queue, string nodeId, DateTimeOffset now, IReadOnlyList<Change> changes)
    {
        var statements = new List<Statement>(changes.Count + 4);
        foreach (var change in changes) statements.AddRange(Of(queue, nodeId, now, change));
        return statements;
    }

    private static IEnumerable<Statement> Of(QueueKey queue, string nodeId, DateTimeOffset now, Change change) => change switch
    {
        Change.CallbackCreated c =>
        [
            CallbackColumns.Add(queue, c.Callback, c.Details),
            .. c.Targets.Select((target, ordinal) =>
                new Statement(SqliteCallbackSql.AddTarget, [queue.Tenant, c.Callback.Id, ordinal, target.Type, target.Address])),
        ],
        Change.TargetsReplaced c => CallbackColumns.Replace(queue, now, c),
        Change.CallbackChanged c => [CallbackColumns.Change(queue, c.Callback)],
        Change.TimelineAdded { Entry: var e } c =>
            [new(SqliteCallbackSql.AddTimelineEntry, [queue.Tenant, c.CallbackId, e.Sequence, e.At, e.Kind, CallbackJson.Write(e.Detail)])],
        Change.PushDecided c when c.Row.Tenant == queue.Tenant => [DeliveryStore.Add(nodeId, c.Row)],
        Change.PushDecided => throw new ArgumentException("A push of another tenant.", nameof(change)),
        Change.PushesWithdrawn c => c.Events.Select(e => new Statement(SqliteDeliverySql.Withdraw, [now, queue.Tenant, c.CallbackId, e])),
        Change.AttemptSaved c => [CallbackColumns.Save(queue, c.Attempt)],
        Change.CallInSaved c => [CallInStore.Save(queue.Tenant, c.CallIn)],
        Change.LiveStateChanged c => [new(QueueSql.SaveLive, [LiveStateJson.Write(c.Live), queue.Tenant, queue.QueueId])],
        Change.SettingsChanged c => QueueStore.Save(queue, c),
        Change.QueueDeleted c => QueueStore.Delete(queue, c),
        _ => throw new ArgumentException($"No such change: {change.GetType().Name}", nameof(change)),
    };
}
