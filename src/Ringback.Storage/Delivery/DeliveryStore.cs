using System.Text.Json.Nodes;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Storage.Access;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Delivery;

/// <inheritdoc/>
internal sealed class DeliveryStore(IDatabase database, TimeProvider clock) : IDeliveryStore
{
    public Task<IReadOnlyList<CredentialKey>> DueCredentialsAsync(DateTimeOffset now) =>
        database.ReadAsync<IReadOnlyList<CredentialKey>>(async s => await s.QueryAsync(DeliverySql.DueCredentials, r => new CredentialKey(r.Tenant(), r.Text()), now));

    public Task<IReadOnlyList<ClaimedPush>> ClaimDueAsync(string node, CredentialKey key, DateTimeOffset now, DateTimeOffset leaseEndsAt, int most) =>
        database.WriteAsync<IReadOnlyList<ClaimedPush>>(
            WorkKind.Other,
            async s =>
            {
                if (database.Dialect == Dialect.PostgreSql)
                    return await s.QueryAsync(PostgreSqlDeliverySql.Claim, r => ReadDue(r, leaseEndsAt), key.Tenant, key.App, now, most, node, leaseEndsAt);
                var due = await s.QueryAsync(SqliteDeliverySql.FindDue, r => ReadDue(r, leaseEndsAt), key.Tenant, key.App, now, most);
                await s.ExecuteAllAsync([.. due.Select(p => new Statement(
                    SqliteDeliverySql.Take, [node, leaseEndsAt, p.Row.Tenant, p.Row.Message.NotificationId], MustHit: true))]);
                return due;
            },
            most);

    public Task<IReadOnlyDictionary<string, int>> ExpireAsync(CredentialKey key, DateTimeOffset now) =>
        database.WriteAsync<IReadOnlyDictionary<string, int>>(WorkKind.Other, async s =>
            (await s.QueryAsync(DeliverySql.Expire, r => r.Text(), now, key.Tenant, key.App)).CountBy(e => e).ToDictionary());

    public Task<IReadOnlyList<ClaimedPush>> OpenAsync(IReadOnlyList<OutboxRow> rows)
    {
        if (rows.Any(r => r.LeaseEndsAt is null)) throw new ArgumentException("Only rows that were committed with a lease can be opened.", nameof(rows));
        return database.ReadAsync<IReadOnlyList<ClaimedPush>>(async s => database.Dialect == Dialect.PostgreSql ? await OpenAtOnceAsync(s, rows) : await OpenEachAsync(s, rows));
    }

    public Task<bool> RenewAsync(string node, ClaimedPush push, DateTimeOffset leaseEndsAt) =>
        database.WriteAsync(WorkKind.Other, async s =>
            await s.ExecuteAsync(DeliverySql.Renew, leaseEndsAt, push.Row.Tenant, push.Row.Message.NotificationId, node) == 1);

    public Task RecordAsync(string node, IReadOnlyList<DeliveryResult> results)
    {
        var now = clock.Now();
        IReadOnlyList<Statement> statements = database.Dialect == Dialect.PostgreSql
            ? PostgreSqlDeliveryResults.ToStatements(node, now, results)
            : [.. results.SelectMany(r => Recorded(node, r, now))];
        return database.WriteAllAsync(WorkKind.DeliveryResults, statements, results.Count);
    }

    public Task FreeAbandonedLeasesAsync() => database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(
        database.Dialect == Dialect.PostgreSql ? PostgreSqlDeliverySql.FreeAbandonedLeases : SqliteDeliverySql.FreeAbandonedLeases));

    public Task WakeAsync(TenantId tenant, DateTimeOffset now) =>
        database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(DeliverySql.Wake, tenant, now));

    public Task<IReadOnlyList<OutboxDepth>> DepthAsync(DateTimeOffset now) =>
        database.ReadAsync<IReadOnlyList<OutboxDepth>>(async s =>
            await s.QueryAsync(DeliverySql.Depth, r => new OutboxDepth(r.Tenant(), r.Int(), r.Int(), r.At()), now));

    public Task<IReadOnlyDictionary<TenantId, int>> WaitingAsync() =>
        database.ReadAsync<IReadOnlyDictionary<TenantId, int>>(async s =>
            (await s.QueryAsync(DeliverySql.CountWaiting, r => (Tenant: r.Tenant(), Count: r.Int()))).ToDictionary(r => r.Tenant, r => r.Count));

    public Task<int> ReviveTargetsAsync(TargetRevival revival, string by, DateTimeOffset at) => database.WriteAsync(WorkKind.Other, async s =>
    {
        var (tenant, from, to, project) = revival;
        var revived = await s.ExecuteAsync(DeliverySql.ReviveTargets, at, tenant, from, to, project ?? "");
        var detail = new JsonObject { ["from"] = WireTime.Of(from), ["to"] = WireTime.Of(to), ["revived"] = revived };
        if (project is not null) detail["project"] = project;
        await s.ExecuteAllAsync([AuditStore.Add(tenant, at, by, "push_targets.revived", detail)]);
        return revived;
    });

    /// <summary>The statement that writes a decided push. With a lease it is the deciding node's own; without, anybody's at once.</summary>
    internal static Statement Add(string node, OutboxRow row)
    {
        var message = row.Message;
        return new(SqliteDeliverySql.Add,
        [
            row.Tenant, message.NotificationId, message.CallbackId, message.Event, row.Round, row.TargetOrdinal, CredentialKey.Of(row).App, PushMessageJson.Write(message),
            message.OccurredAt, row.LeaseEndsAt ?? message.OccurredAt, message.ExpiresAt, row.LeaseEndsAt is null ? null : node,
        ]);
    }

    private static async Task<List<ClaimedPush>> OpenEachAsync(Session session, IReadOnlyList<OutboxRow> rows)
    {
        var opened = new List<ClaimedPush>(rows.Count);
        foreach (var row in rows)
        {
            opened.AddRange(await session.QueryAsync(
                SqliteDeliverySql.FindTarget, r => Open(row, r), row.Tenant, row.Message.CallbackId, row.TargetOrdinal));
        }
        return opened;
    }

    private static async Task<List<ClaimedPush>> OpenAtOnceAsync(Session session, IReadOnlyList<OutboxRow> rows) => await session.QueryAsync(
        PostgreSqlDeliverySql.FindTargets, r => Open(rows[(int)r.Long() - 1], r),
        rows.Column(r => r.Tenant.Value), rows.Column(r => r.Message.CallbackId), rows.Column(r => r.TargetOrdinal));

    private static ClaimedPush Open(OutboxRow row, Row target) => new(row, ReadTarget(target), (TargetState)target.Int(), Attempts: 0, row.LeaseEndsAt!.Value);

    private static IEnumerable<Statement> Recorded(string node, DeliveryResult result, DateTimeOffset now)
    {
        var (row, target) = (result.Push.Row, result.Push.Target);
        var (tenant, id) = (row.Tenant, row.Message.NotificationId);
        switch (result)
        {
            case DeliveryResult.Finished { State: OutboxState.Expired or OutboxState.Cancelled } end:
                yield return new(SqliteDeliverySql.FinishOwn, [end.State, end.Attempts, end.Code, end.At, tenant, id, node]);
                break;
            case DeliveryResult.Finished end:
                yield return new(SqliteDeliverySql.Finish, [end.State, end.Attempts, end.Code, end.At, tenant, id]);
                if (end.Target is { } state)
                {
                    yield return new(SqliteDeliverySql.MarkTarget,
                        [state, end.At, end.Project, tenant, row.Message.CallbackId, row.TargetOrdinal, target.Type, target.Address]);
                }
                break;
            case DeliveryResult.Again again:
                yield return new(SqliteDeliverySql.Retry, [again.Attempts, again.Code, now, again.NextAt, tenant, id, node]);
                break;
            default:
                throw new ArgumentException($"No such result: {result.GetType().Name}", nameof(result));
        }
    }

    private static ClaimedPush ReadDue(Row row, DateTimeOffset leaseEndsAt)
    {
        var outbox = new OutboxRow
        {
            Tenant = row.Tenant(),
            Round = row.Int(),
            TargetOrdinal = row.Int(),
            Message = PushMessageJson.Read(row.Text()),
            LeaseEndsAt = leaseEndsAt,
        };
        var attempts = row.Int();
        return new ClaimedPush(outbox, ReadTarget(row), (TargetState)row.Int(), attempts, leaseEndsAt);
    }

    private static PushTarget ReadTarget(Row row) => new((PushTargetType)row.Int(), row.Text());
}
