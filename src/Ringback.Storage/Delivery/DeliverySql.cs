namespace Ringback.Storage.Delivery;

/// <summary>The texts that both databases take. The others: <see cref="SqliteDeliverySql"/>, <see cref="PostgreSqlDeliverySql"/>, which says why a state is compared as <c>state + 0</c>.</summary>
internal static class DeliverySql
{
    /// <summary>What was for a target that is gone. A row that somebody may be sending at this moment stays, as with every withdrawal.</summary>
    public const string WithdrawFromTarget = """
        update outbox set state = 3, last_code = 'target.replaced', last_at = @now, finished_at = @now, lease_owner = null
        where tenant_id = @tenant and callback_id = @callback and target_ordinal = @ordinal and state + 0 = 0 and (lease_owner is null or next_at <= @now)
        """;

    public const string Renew = """
        update outbox set next_at = @lease where tenant_id = @tenant and notification_id = @notification and state + 0 = 0 and lease_owner = @node
        """;

    /// <summary>What waits for credentials, and nothing that the push service has put off. App by app: a flood that is due is not walked, nor what is over.</summary>
    public const string Wake = $"""
        {PendingApps}
        update outbox set next_at = @now
        where tenant_id = @tenant and app in (select a.app from apps a) and state = 0 and lease_owner is null and next_at > @now and last_code like 'credential.%'
        """;

    /// <summary>
    /// Across tenants: whose rows are due. It goes from one tenant's part of the index to the next one's, and in each from one app's to the next one's, so its cost does not grow with
    /// the rows. The tenants are asked for in the order of the whole index, which no other one has: for a least number PostgreSQL may take the primary key, and walk what is over.
    /// </summary>
    public const string DueCredentials = """
        with recursive tenants (tenant_id) as (
            select (select o.tenant_id from outbox o where o.state = 0 order by o.tenant_id, o.app, o.next_at limit 1)
            union all
            select (select o.tenant_id from outbox o where o.state = 0 and o.tenant_id > t.tenant_id order by o.tenant_id, o.app, o.next_at limit 1)
            from tenants t where t.tenant_id is not null),
        apps (tenant_id, app) as (
            select t.tenant_id, (select min(o.app) from outbox o where o.state = 0 and o.tenant_id = t.tenant_id) from tenants t where t.tenant_id is not null
            union all
            select a.tenant_id, (select min(o.app) from outbox o where o.state = 0 and o.tenant_id = a.tenant_id and o.app > a.app) from apps a where a.app is not null)
        select a.tenant_id, a.app from apps a
        where a.app is not null and (select min(o.next_at) from outbox o where o.state = 0 and o.tenant_id = a.tenant_id and o.app = a.app) <= @now
        """;

    /// <summary>In front of a statement: <c>apps</c> has those of a tenant that have pending rows, by a look for each.</summary>
    internal const string PendingApps = """
        with recursive apps (app) as (
            select min(o.app) from outbox o where o.tenant_id = @tenant and o.state = 0
            union all
            select (select min(o.app) from outbox o where o.tenant_id = @tenant and o.state = 0 and o.app > a.app) from apps a where a.app is not null)
        """;

    /// <summary>Only what nobody holds. The condition on <c>next_at</c> is the one of the claim, so it walks what is due and not what waits for later.</summary>
    public const string Expire = """
        update outbox set state = 2, last_code = 'expired', last_at = @now, finished_at = @now, lease_owner = null
        where tenant_id = @tenant and app = @app and state = 0 and next_at <= @now and expires_at <= @now returning event
        """;

    /// <summary>An empty project is any.</summary>
    public const string ReviveTargets = """
        update push_targets set state = 0, state_at = @now, state_project = null
        where tenant_id = @tenant and state = 1 and address <> '' and state_at >= @from and state_at < @to and (@project = '' or state_project = @project)
        """;

    /// <summary>
    /// Across tenants: a figure of the whole site, by tenant. Grouped by a sum, for which SQLite has no index: it would walk all rows in the order of
    /// the primary key instead of the few pending ones.
    /// </summary>
    public const string CountWaiting = "select tenant_id + 0, count(*) from outbox where state = 0 group by tenant_id + 0";

    /// <summary>Across tenants: a figure of the whole site, by tenant, and grouped as <see cref="CountWaiting"/> is.</summary>
    public const string Depth = """
        select tenant_id + 0, count(*), count(*) filter (where next_at <= @now), min(occurred_at) from outbox where state = 0 group by tenant_id + 0
        """;

    /// <summary>Of both tables: a push lies in the one or the other.</summary>
    public const string FactsOfCallback = $"""
        select event, round, target_ordinal, state, attempts, last_code, coalesce(finished_at, last_at) as at from {PushHistorySql.EveryPush} p
        where tenant_id = @tenant and callback_id = @callback and (state <> 0 or last_code is not null)
        order by at, event, round, target_ordinal
        """;
}
