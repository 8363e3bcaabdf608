using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Delivery;

/// <summary>
/// Pushes that an owner decided and withdrew, in few statements and to the same end as one by one: a step withdraws and then adds, and a push that is
/// withdrawn after it was added begins a further step.
/// </summary>
internal sealed class PostgreSqlOutboxChanges(TenantId tenant, string nodeId, DateTimeOffset now)
{
    private readonly List<Statement> steps = [];
    private readonly HashSet<(Guid Callback, string Event)> withdrawn = [];
    private readonly HashSet<(Guid Callback, string Event)> addedEvents = [];
    private readonly List<OutboxRow> added = [];

    public void Add(OutboxRow row)
    {
        added.Add(row);
        addedEvents.Add((row.Message.CallbackId, row.Message.Event));
    }

    public void Withdraw(Guid callback, string pushEvent)
    {
        if (addedEvents.Contains((callback, pushEvent))) EndStep();
        withdrawn.Add((callback, pushEvent));
    }

    public List<Statement> ToStatements()
    {
        EndStep();
        return steps;
    }

    private void EndStep()
    {
        if (withdrawn.Count > 0)
            steps.Add(new(PostgreSqlDeliverySql.Withdraw, [now, withdrawn.Column(w => w.Callback), withdrawn.Column(w => w.Event), tenant]));
        if (added.Count > 0) steps.Add(AddAll());
        withdrawn.Clear();
        addedEvents.Clear();
        added.Clear();
    }

    /// <summary>With a lease a row is the deciding node's own; without, anybody's at once.</summary>
    private Statement AddAll() => new(PostgreSqlDeliverySql.Add,
    [
        tenant, added.Column(r => r.Message.NotificationId), added.Column(r => r.Message.CallbackId), added.Column(r => r.Message.Event),
        added.Column(r => r.Round), added.Column(r => r.TargetOrdinal), added.Column(r => CredentialKey.Of(r).App), added.Column(r => PushMessageJson.Write(r.Message)),
        added.Column(r => r.Message.OccurredAt.ToMicroseconds()), added.Column(r => (r.LeaseEndsAt ?? r.Message.OccurredAt).ToMicroseconds()),
        added.Column(r => r.Message.ExpiresAt.ToMicroseconds()), added.Column(r => r.LeaseEndsAt is null ? null : nodeId),
    ]);
}
