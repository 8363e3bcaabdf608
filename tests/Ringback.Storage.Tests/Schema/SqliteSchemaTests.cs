using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Ringback.Storage.Callbacks;
using Ringback.Storage.Delivery;
using Ringback.Storage.Dialects.Sqlite;
using Ringback.Storage.Tests.Sqlite;

namespace Ringback.Storage.Tests.Schema;

public sealed class SqliteSchemaTests : IAsyncLifetime
{
    private readonly SqliteContext model = new SqliteContextFactory().CreateDbContext([]);
    private SqliteSite site = null!;

    public async ValueTask InitializeAsync() => site = await SqliteSite.OpenSqliteAsync();

    public async ValueTask DisposeAsync()
    {
        await model.DisposeAsync();
        await site.DisposeAsync();
    }

    [Fact]
    public void The_migrations_make_what_the_model_says() => Assert.False(model.Database.HasPendingModelChanges());

    [Fact]
    public async Task Every_table_has_exactly_the_columns_of_the_model()
    {
        foreach (var entity in model.Model.GetEntityTypes())
        {
            var table = entity.GetTableName()!;
            var actual = await ReadAsync($"select name || ' ' || type || ' ' || \"notnull\" from pragma_table_info('{table}') order by name");
            var expected = entity.GetProperties().Select(p => $"{p.GetColumnName()} {p.GetColumnType()} {(p.IsNullable ? 0 : 1)}").Order(StringComparer.Ordinal);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void The_tenant_leads_every_primary_foreign_and_unique_key()
    {
        var keys = model.Model.GetEntityTypes().SelectMany(Keys).ToList();
        Assert.True(keys.Count > 20, "The keys were not found.");
        // What stands above tenants: their names, and the keys of cookies that are read before it is known whose they are.
        Assert.Equal(["key_ring(KeyId)", "tenants(Name)"], keys.Where(k => !k.Leads).Select(k => k.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(SqliteDeliverySql.FindDue, "ix_outbox_pending (tenant_id=? AND app=? AND next_at<?)")]
    [InlineData(DeliverySql.DueCredentials, "COVERING INDEX ix_outbox_pending (tenant_id>?)")]
    [InlineData(DeliverySql.DueCredentials, "COVERING INDEX ix_outbox_pending (tenant_id=? AND app>?)")]
    [InlineData(DeliverySql.DueCredentials, "COVERING INDEX ix_outbox_pending (tenant_id=? AND app=?)")]
    [InlineData(DeliverySql.Expire, "ix_outbox_pending (tenant_id=? AND app=? AND next_at<?)")]
    [InlineData(DeliverySql.CountWaiting, "ix_outbox_pending")]
    [InlineData(DeliverySql.Depth, "ix_outbox_pending")]
    [InlineData(DeliverySql.Wake, "ix_outbox_pending (tenant_id=? AND app=? AND next_at>?)")]
    [InlineData(PauseSql.WakeHeld, "ix_outbox_pending (tenant_id=? AND app=? AND next_at>?)")]
    [InlineData(PauseSql.WakeHeldByQueue, "ix_outbox_pending (tenant_id=? AND app=? AND next_at>?)")]
    [InlineData(SqliteDeliverySql.FreeAbandonedLeases, "ix_outbox_pending")]
    [InlineData(DeliverySql.WithdrawFromTarget, "ux_outbox_decision (tenant_id=? AND callback_id=? AND target_ordinal=?)")]
    [InlineData(DeliverySql.Renew, "sqlite_autoindex_outbox_1 (tenant_id=? AND notification_id=?)")]
    [InlineData(SqliteDeliverySql.Withdraw, "ux_outbox_decision")]
    [InlineData(PushHistorySql.Look, "sqlite_autoindex_outbox_1")]
    [InlineData(DeliverySql.FactsOfCallback, "ux_outbox_decision")]
    [InlineData(DeliverySql.FactsOfCallback, "ix_outbox_history_callback")]
    [InlineData(PushLogSql.List, "sqlite_autoindex_outbox_1 (tenant_id=? AND notification_id>? AND notification_id<?)")]
    [InlineData(PushLogSql.List, "sqlite_autoindex_outbox_history_1 (tenant_id=? AND notification_id>? AND notification_id<?)")]
    [InlineData(PushLogSql.ListOfCallback, "ux_outbox_decision")]
    [InlineData(PushLogSql.ListOfCallback, "ix_outbox_history_callback")]
    [InlineData(PushLogSql.Find, "sqlite_autoindex_outbox_1")]
    [InlineData(PushLogSql.Find, "sqlite_autoindex_outbox_history_1")]
    [InlineData(PushLogSql.OfTarget, "ux_outbox_decision")]
    [InlineData(PushLogSql.OfTarget, "ix_outbox_history_callback")]
    [InlineData(PersonalDataSql.FindAged, "ix_callbacks_not_erased")]
    [InlineData(PersonalDataSql.FindAgedCallIns, "ix_call_in_requests_not_erased")]
    [InlineData(CallbackSql.LoadNotOver, "ix_callbacks_not_over")]
    [InlineData(CallbackSql.LoadOverWithAttempt, "ix_attempts_not_over")]
    [InlineData(AttemptSql.LoadNotOver, "ix_attempts_not_over")]
    [InlineData(AttemptSql.FindLive, "ux_attempts_live_agent")]
    [InlineData(Storage.CallIn.CallInSql.FindOpen, "ix_call_in_requests_open")]
    [InlineData(Storage.CallIn.CallInSql.LoadOfQueue, "ix_call_in_requests_callback")]
    [InlineData(Storage.Queues.QueueSql.WithWork, "ix_callbacks_not_over")]
    public async Task The_hot_statements_use_their_index(string sql, string index)
    {
        var names = System.Text.RegularExpressions.Regex.Matches(sql, "@[a-z_]+").Select(m => m.Value).Distinct().Count();
        var plan = await site.Database.ReadAsync(s => s.QueryAsync($"explain query plan {sql}", r => (r.Int(), r.Int(), r.Int(), r.Text()).Item4, new object?[names]));
        Assert.Contains(plan, step => step.Contains(index, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Name, bool Leads)> Keys(IEntityType entity) =>
        entity.GetKeys().Select(k => k.Properties)
            .Concat(entity.GetForeignKeys().Select(k => k.Properties))
            .Concat(entity.GetIndexes().Where(i => i.IsUnique).Select(i => i.Properties))
            .Select(p => ($"{entity.GetTableName()}({string.Join(',', p.Select(c => c.Name))})", p[0].Name == "TenantId"));

    private Task<List<string>> ReadAsync(string sql) => site.Database.ReadAsync(s => s.QueryAsync(sql, r => r.Text()));
}
