namespace Ringback.Storage.Delivery;

/// <summary>The way of a push from the outbox into the history, and both read as one.</summary>
internal static class PushHistorySql
{
    /// <summary>
    /// Every push there is, wherever it lies, as something to select from. Whoever does so names the tenant in a condition: both databases carry it into either part, and find the rows there by its keys. Ids
    /// grow with time, so their order is that of decision.
    /// </summary>
    internal const string EveryPush = $"({OfOutbox} union all {OfHistory})";

    /// <summary>What is not over, or not for long. Together with <see cref="OfHistory"/> for a list that takes its first rows from either: of both as one a database would sort all rows.</summary>
    internal const string OfOutbox = $"select {Columns}, next_at, lease_owner from outbox";

    /// <summary>What is over, with the same columns.</summary>
    internal const string OfHistory = $"select {Columns}, finished_at as next_at, cast(null as text) as lease_owner from outbox_history";

    /// <summary>A few rows by age, and whether each is over. Nothing is locked.</summary>
    public const string Look = """
        select o.notification_id, case when o.state <> 0 and c.state = 4 and c.completed_at <= @over then 1 else 0 end
        from outbox o join callbacks c on c.tenant_id = o.tenant_id and c.callback_id = o.callback_id
        where o.tenant_id = @tenant and o.notification_id > @after and o.notification_id < @before order by o.notification_id limit @most
        """;

    /// <summary>For SQLite: in one transaction with <see cref="Remove"/>, beside which nobody else writes.</summary>
    public const string Copy = $"""
        insert into outbox_history (tenant_id, {ColumnsWithoutTenant})
        select tenant_id, {ColumnsWithoutTenant} from outbox where tenant_id = @tenant and notification_id = @notification and state <> 0
        """;

    public const string Remove = "delete from outbox where tenant_id = @tenant and notification_id = @notification and state <> 0";

    /// <summary>For PostgreSQL: what is deleted is what is added. A row that another process is moving is gone when its turn comes.</summary>
    public const string MoveAll = $"""
        with gone as (
            delete from outbox o where o.tenant_id = @tenant and o.notification_id = any(@notification) and o.state + 0 <> 0 returning {Columns})
        insert into outbox_history ({Columns}) select {Columns} from gone
        """;

    public const string Forget = """
        delete from outbox_history where tenant_id = @tenant and notification_id in (
            select h.notification_id from outbox_history h where h.tenant_id = @tenant and h.notification_id < @before order by h.notification_id limit @most)
        """;

    private const string Columns = $"tenant_id, {ColumnsWithoutTenant}";

    private const string ColumnsWithoutTenant =
        "notification_id, callback_id, event, round, target_ordinal, payload, state, attempts, occurred_at, expires_at, last_code, last_at, finished_at";
}
