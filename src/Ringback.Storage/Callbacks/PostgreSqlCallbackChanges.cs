using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Storage.CallIn;
using Ringback.Storage.Delivery;
using Ringback.Storage.Dialects.PostgreSql;
using Ringback.Storage.Queues;

namespace Ringback.Storage.Callbacks;

/// <summary>
/// What an owner changed, gathered by table. The order among changes of different tables is given up for that, which changes nothing of the outcome:
/// of a row's states only the last one is written, tables come before those that refer to them, and the outbox keeps its order by itself.
/// </summary>
internal sealed class PostgreSqlCallbackChanges
{
    private readonly QueueKey queue;
    private readonly DateTimeOffset now;
    private readonly PostgreSqlOutboxChanges outbox;
    private readonly List<(CallbackRecord Record, CallbackDetails Details)> created = [];
    private readonly List<(Guid Callback, int Ordinal, PushTarget Target)> targets = [];
    private readonly Dictionary<Guid, CallbackRecord> changed = [];
    private readonly List<Change.TimelineAdded> timeline = [];
    private readonly Dictionary<Guid, AttemptRecord> attempts = [];
    private readonly Dictionary<Guid, CallInRecord> callIns = [];
    private readonly List<Statement> settings = [];
    private readonly List<Change.TargetsReplaced> replaced = [];
    private LiveState? live;

    private PostgreSqlCallbackChanges(QueueKey queue, string nodeId, DateTimeOffset now) =>
        (this.queue, this.now, outbox) = (queue, now, new PostgreSqlOutboxChanges(queue.Tenant, nodeId, now));

    public static List<Statement> ToStatements(QueueKey queue, long epoch, string nodeId, DateTimeOffset now, IReadOnlyList<Change> changes)
    {
        var gathered = new PostgreSqlCallbackChanges(queue, nodeId, now);
        foreach (var change in changes) gathered.Add(change);
        return gathered.ToStatements(epoch);
    }

    private void Add(Change change)
    {
        switch (change)
        {
            case Change.CallbackCreated c:
                created.Add((c.Callback, c.Details));
                for (var i = 0; i < c.Targets.Count; i++) targets.Add((c.Callback.Id, i, c.Targets[i]));
                break;
            case Change.TargetsReplaced c:
                replaced.Add(c);
                break;
            case Change.CallbackChanged c:
                changed[c.Callback.Id] = c.Callback;
                break;
            case Change.TimelineAdded c:
                timeline.Add(c);
                break;
            case Change.PushDecided c when c.Row.Tenant != queue.Tenant:
                throw new ArgumentException("A push of another tenant.", nameof(change));
            case Change.PushDecided c:
                outbox.Add(c.Row);
                break;
            case Change.PushesWithdrawn c:
                foreach (var pushEvent in c.Events) outbox.Withdraw(c.CallbackId, pushEvent);
                break;
            case Change.AttemptSaved c:
                attempts[c.Attempt.Id] = c.Attempt;
                break;
            case Change.CallInSaved c:
                callIns[c.CallIn.Id] = c.CallIn;
                break;
            case Change.LiveStateChanged c:
                live = c.Live;
                break;
            case Change.SettingsChanged c:
                settings.AddRange(QueueStore.Save(queue, c));
                break;
            case Change.QueueDeleted c:
                settings.AddRange(QueueStore.Delete(queue, c));
                break;
            default:
                throw new ArgumentException($"No such change: {change.GetType().Name}", nameof(change));
        }
    }

    private List<Statement> ToStatements(long epoch)
    {
        // A callback that was created and changed is inserted as it became: an update of a new row would leave a dead one behind.
        for (var i = 0; i < created.Count; i++)
        {
            if (changed.Remove(created[i].Record.Id, out var latest)) created[i] = created[i] with { Record = latest };
        }

        List<Statement> statements = [new(PostgreSqlCallbackSql.RequireEpoch, [queue.Tenant, queue.QueueId, epoch])];
        if (created.Count > 0) statements.Add(CallbackColumns.AddAll(queue, created));
        if (targets.Count > 0) statements.Add(AddTargets());
        if (changed.Count > 0) statements.Add(CallbackColumns.ChangeAll(queue, [.. changed.Values]));
        if (timeline.Count > 0) statements.Add(AddTimeline());
        // Those that end come before those that begin, since an agent has one at a time; agents in one order for all owners, so that two never wait for each other.
        if (attempts.Count > 0) statements.Add(CallbackColumns.SaveAll(queue, [.. attempts.Values.OrderBy(a => a.State == AttemptState.Live).ThenBy(a => a.Agent, StringComparer.Ordinal)]));
        // Few of these are saved at once, if any.
        statements.AddRange(callIns.Values.Select(c => CallInStore.Save(queue.Tenant, c)));
        statements.AddRange(outbox.ToStatements());
        // After the outbox: what an empty slot was to be sent is then there to be withdrawn.
        statements.AddRange(replaced.SelectMany(r => CallbackColumns.Replace(queue, now, r)));
        if (live is not null) statements.Add(new(QueueSql.SaveLive, [LiveStateJson.Write(live), queue.Tenant, queue.QueueId]));
        statements.AddRange(settings);
        return statements;
    }

    private Statement AddTargets() => new(PostgreSqlCallbackSql.AddTargets,
        [queue.Tenant, targets.Column(t => t.Callback), targets.Column(t => t.Ordinal), targets.Column(t => (int)t.Target.Type), targets.Column(t => t.Target.Address)]);

    private Statement AddTimeline() => new(PostgreSqlCallbackSql.AddTimelineEntries,
    [
        queue.Tenant, timeline.Column(t => t.CallbackId), timeline.Column(t => t.Entry.Sequence), timeline.Column(t => t.Entry.At.ToMicroseconds()),
        timeline.Column(t => t.Entry.Kind), timeline.Column(t => CallbackJson.Write(t.Entry.Detail)),
    ]);
}
