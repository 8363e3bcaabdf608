namespace Ringback.Storage.Callbacks;

/// <summary>Figures across tenants, each by an index that holds only what is not over. Grouped by a sum, for which SQLite has no index: else it walks the primary key.</summary>
internal static class CallbackConcernsSql
{
    /// <summary>Across tenants: the live side of every queue that has callbacks.</summary>
    public const string Queues = """
        select q.tenant_id, q.live from queues q
        where exists (select 1 from callbacks c where c.tenant_id = q.tenant_id and c.queue_id = q.queue_id and c.state <> 4)
        """;

    /// <summary>Across tenants: attempts without an outcome. The first condition is that of the index.</summary>
    public const string UnknownOutcomes = "select tenant_id + 0, count(*) from attempts where state <> 3 and state = 2 group by tenant_id + 0";

    /// <summary>Across tenants: what was promised for a time and is still in line, untried.</summary>
    public const string MissedPromises = """
        select tenant_id + 0, count(*) from callbacks
        where state <> 4 and state < 2 and scheduled and attempts_made = 0 and desired_at < @before group by tenant_id + 0
        """;
}
