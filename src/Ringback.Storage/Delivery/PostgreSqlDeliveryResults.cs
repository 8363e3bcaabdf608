using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Delivery;

/// <summary>
/// Results in few statements and to the same end as one by one: a step holds a row at most once, because of two results of a row the first counts, and marks a target at most once, because of two marks the
/// last counts.
/// </summary>
internal sealed class PostgreSqlDeliveryResults(string node, DateTimeOffset now)
{
    private readonly List<Statement> steps = [];
    private readonly HashSet<(TenantId, Guid)> rows = [];
    private readonly HashSet<(TenantId, Guid, int)> targets = [];
    private readonly List<DeliveryResult.Finished> finished = [];
    private readonly List<DeliveryResult.Finished> ended = [];
    private readonly List<DeliveryResult.Again> again = [];

    public static List<Statement> ToStatements(string node, DateTimeOffset now, IReadOnlyList<DeliveryResult> results)
    {
        var gathered = new PostgreSqlDeliveryResults(node, now);
        foreach (var result in results) gathered.Add(result);
        gathered.EndStep();
        return gathered.steps;
    }

    private void Add(DeliveryResult result)
    {
        var (row, target) = ((Tenant(result), Id(result)), (Tenant(result), result.Push.Row.Message.CallbackId, result.Push.Row.TargetOrdinal));
        var marks = result is DeliveryResult.Finished { Target: not null };
        if (rows.Contains(row) || (marks && targets.Contains(target))) EndStep();
        rows.Add(row);
        if (marks) targets.Add(target);
        switch (result)
        {
            case DeliveryResult.Finished { State: OutboxState.Expired or OutboxState.Cancelled } end:
                ended.Add(end);
                break;
            case DeliveryResult.Finished end:
                finished.Add(end);
                break;
            case DeliveryResult.Again later:
                again.Add(later);
                break;
            default:
                throw new ArgumentException($"No such result: {result.GetType().Name}", nameof(result));
        }
    }

    private void EndStep()
    {
        if (finished.Count > 0) steps.Add(new(PostgreSqlDeliverySql.Finish, Ends(finished)));
        if (ended.Count > 0) steps.Add(new(PostgreSqlDeliverySql.FinishOwn, [.. Ends(ended), node]));
        if (again.Count > 0) steps.Add(Retry());
        if (finished.FindAll(f => f.Target is not null) is { Count: > 0 } marked) steps.Add(Mark(marked));
        rows.Clear();
        targets.Clear();
        finished.Clear();
        ended.Clear();
        again.Clear();
    }

    private static object?[] Ends(List<DeliveryResult.Finished> ends) =>
    [
        ends.Column(r => Tenant(r).Value), ends.Column(Id), ends.Column(r => (int)r.State), ends.Column(r => r.Attempts), ends.Column(r => r.Code),
        ends.Column(r => r.At.ToMicroseconds()),
    ];

    private Statement Retry() => new(PostgreSqlDeliverySql.Retry,
    [
        now, again.Column(r => Tenant(r).Value), again.Column(Id), again.Column(r => r.Attempts), again.Column(r => r.Code),
        again.Column(r => r.NextAt.ToMicroseconds()), node,
    ]);

    private static Statement Mark(List<DeliveryResult.Finished> marked) => new(PostgreSqlDeliverySql.MarkTargets,
    [
        marked.Column(r => Tenant(r).Value), marked.Column(r => r.Push.Row.Message.CallbackId), marked.Column(r => r.Push.Row.TargetOrdinal),
        marked.Column(r => (int)r.Push.Target.Type), marked.Column(r => r.Push.Target.Address), marked.Column(r => (int)r.Target!.Value),
        marked.Column(r => r.At.ToMicroseconds()), marked.Column(r => r.Project),
    ]);

    private static TenantId Tenant(DeliveryResult result) => result.Push.Row.Tenant;

    private static Guid Id(DeliveryResult result) => result.Push.Row.Message.NotificationId;
}
