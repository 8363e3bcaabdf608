using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using Ringback.Storage.Callbacks;
using Ringback.Storage.Delivery;
using Ringback.Storage.Dialects.PostgreSql;
using Ringback.Storage.Tests.PostgreSql;

namespace Ringback.Storage.Tests.Schema;

public sealed class PostgreSqlSchemaTests(FilledPostgreSql filled) : IClassFixture<FilledPostgreSql>, IDisposable
{
    private readonly PostgreSqlContext model = new PostgreSqlContextFactory().CreateDbContext([]);

    public void Dispose() => model.Dispose();

    [Fact]
    public void The_migrations_make_what_the_model_says() => Assert.False(model.Database.HasPendingModelChanges());

    [Fact]
    public async Task Every_table_has_exactly_the_columns_of_the_model()
    {
        foreach (var entity in model.GetService<IDesignTimeModel>().Model.GetEntityTypes())
        {
            var actual = await ReadAsync($"""
                select column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(collation_name, '') from information_schema.columns
                where table_schema = 'public' and table_name = '{entity.GetTableName()}' order by column_name collate "C"
                """);
            var expected = entity.GetProperties().Select(p => $"{p.GetColumnName()} {p.GetColumnType()} {(p.IsNullable ? "YES" : "NO")} {p.GetCollation()}").Order(StringComparer.Ordinal);
            Assert.Equal(expected, actual);
        }
    }

    /// <summary>With the plan that a prepared statement keeps, on tables that hold much more of the past than of the present.</summary>
    [Theory]
    [InlineData(PostgreSqlDeliverySql.Claim, "ix_outbox_pending", "integer, text, bigint, integer, text, bigint")]
    [InlineData(PostgreSqlDeliverySql.Claim, "pk_outbox", "integer, text, bigint, integer, text, bigint")]
    [InlineData(DeliverySql.DueCredentials, "Index Only Scan using ix_outbox_pending", "bigint")]
    [InlineData(DeliverySql.Expire, "ix_outbox_pending", "bigint, integer, text")]
    [InlineData(PostgreSqlDeliverySql.Withdraw, "ux_outbox_decision", "bigint, uuid[], text[], integer")]
    [InlineData(PostgreSqlDeliverySql.Finish, "pk_outbox", "integer[], uuid[], integer[], integer[], text[], bigint[]")]
    [InlineData(PostgreSqlDeliverySql.Retry, "pk_outbox", "bigint, integer[], uuid[], integer[], text[], bigint[], text")]
    [InlineData(PostgreSqlDeliverySql.FindTargets, "pk_push_targets", "integer[], uuid[], integer[]")]
    [InlineData(DeliverySql.CountWaiting, "ix_outbox_pending", "")]
    [InlineData(DeliverySql.Depth, "ix_outbox_pending", "bigint")]
    [InlineData(DeliverySql.Wake, "ix_outbox_pending", "integer, bigint")]
    [InlineData(PauseSql.WakeHeld, "ix_outbox_pending", "integer, bigint")]
    [InlineData(PauseSql.WakeHeldByQueue, "ix_outbox_pending", "integer, bigint, text")]
    [InlineData(DeliverySql.WithdrawFromTarget, "ux_outbox_decision", "bigint, integer, uuid, integer")]
    [InlineData(DeliverySql.Renew, "pk_outbox", "bigint, integer, uuid, text")]
    [InlineData(PostgreSqlDeliverySql.FreeAbandonedLeases, "ix_outbox_pending", "")]
    [InlineData(PushHistorySql.Look, "pk_outbox", "bigint, integer, uuid, uuid, bigint")]
    [InlineData(PushHistorySql.MoveAll, "pk_outbox", "integer, uuid[]")]
    [InlineData(DeliverySql.FactsOfCallback, "ux_outbox_decision", "integer, uuid")]
    [InlineData(DeliverySql.FactsOfCallback, "ix_outbox_history_callback", "integer, uuid")]
    [InlineData(PushLogSql.List, "pk_outbox ", "integer, uuid, uuid, integer, text, text, text, text, text, integer, bigint")]
    [InlineData(PushLogSql.List, "pk_outbox_history", "integer, uuid, uuid, integer, text, text, text, text, text, integer, bigint")]
    [InlineData(PushLogSql.ListOfCallback, "ux_outbox_decision", "integer, uuid, uuid, uuid, integer, text, text, text, text, text, integer, bigint")]
    [InlineData(PushLogSql.ListOfCallback, "ix_outbox_history_callback", "integer, uuid, uuid, uuid, integer, text, text, text, text, text, integer, bigint")]
    [InlineData(PushLogSql.Find, "pk_outbox ", "integer, uuid")]
    [InlineData(PushLogSql.Find, "pk_outbox_history", "integer, uuid")]
    [InlineData(PushLogSql.OfTarget, "ux_outbox_decision", "integer, uuid, integer")]
    [InlineData(PushLogSql.OfTarget, "ix_outbox_history_callback", "integer, uuid, integer")]
    [InlineData(PersonalDataSql.FindAged, "ix_callbacks_not_erased", "integer, bigint, bigint")]
    [InlineData(PersonalDataSql.EndPushes, "ux_outbox_decision", "bigint, integer, uuid")]
    [InlineData(CallbackSql.LoadNotOver, "ix_callbacks_not_over", "integer, integer")]
    [InlineData(CallbackSql.LoadOverWithAttempt, "ix_attempts_not_over", "integer, integer")]
    [InlineData(CallbackSql.Find, "pk_callbacks", "integer, uuid")]
    [InlineData(AttemptSql.LoadNotOver, "ix_attempts_not_over", "integer, integer")]
    [InlineData(AttemptSql.FindLive, "ux_attempts_live_agent", "integer, text")]
    [InlineData(Storage.Queues.QueueSql.WithWork, "ix_callbacks_not_over", "")]
    public async Task The_hot_statements_use_their_index(string sql, string index, string types)
    {
        var names = System.Text.RegularExpressions.Regex.Matches(sql, "@[a-z_]+").Select(m => m.Value).Distinct().ToList();
        foreach (var name in names.OrderByDescending(n => n.Length)) sql = sql.Replace(name, $"${names.IndexOf(name) + 1}", StringComparison.Ordinal);
        var values = names.Count == 0 ? "" : $"({string.Join(", ", names.Select(_ => "null"))})";
        await using var connection = await PostgreSqlServer.ConnectAsync(filled.Site.ConnectionString);
        await RunAsync(connection, $"set plan_cache_mode = force_generic_plan; prepare hot {(types.Length == 0 ? "" : $"({types})")} as {sql}");
        var plan = await ReadAsync(connection, $"explain execute hot{values}");
        Assert.Contains(plan, step => step.Contains(index, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.Contains("Seq Scan on outbox", StringComparison.Ordinal) || step.Contains("Seq Scan on callbacks", StringComparison.Ordinal));
    }

    /// <summary>Where nearly all rows are pending, a walk through them all costs the planner less than a look for each of a batch, and the batch after it walks again.</summary>
    [Fact]
    public async Task A_claim_looks_up_its_rows_where_nearly_all_are_pending()
    {
        await using var connection = await PostgreSqlServer.ConnectAsync(filled.Site.ConnectionString);
        await RunAsync(connection, """
            begin; update outbox set state = 0, next_at = 1;
            analyze outbox; set local plan_cache_mode = force_generic_plan
            """);
        var claim = PostgreSqlDeliverySql.Claim.Replace("@tenant", "$1", StringComparison.Ordinal).Replace("@app", "$2", StringComparison.Ordinal).Replace("@now", "$3", StringComparison.Ordinal)
            .Replace("@most", "$4", StringComparison.Ordinal).Replace("@node", "$5", StringComparison.Ordinal).Replace("@lease", "$6", StringComparison.Ordinal);
        await RunAsync(connection, $"prepare claim (integer, text, bigint, integer, text, bigint) as {claim}");
        var plan = await ReadAsync(connection, "explain execute claim(1, 'default', 100000, 500, 'n', 200000)");
        await RunAsync(connection, "rollback");
        Assert.DoesNotContain(plan, step => step.Contains("Seq Scan on outbox", StringComparison.Ordinal));
        Assert.Contains(plan, step => step.Contains("pk_outbox", StringComparison.Ordinal));
    }

    /// <summary>A look that went by another index, or to the table, would walk what is over.</summary>
    [Fact]
    public async Task The_look_for_due_credentials_reads_the_index_of_pending_pushes_and_nothing_else()
    {
        // Carried out, because what a recursion looks up in its steps is not shown before.
        var plan = await ReadAsync($"explain (analyze) {DeliverySql.DueCredentials.Replace("@now", "100000", StringComparison.Ordinal)}");
        var reads = plan.Where(step => step.Contains(" on outbox", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, reads.Count);
        Assert.All(reads, step => Assert.Contains("Index Only Scan using ix_outbox_pending", step, StringComparison.Ordinal));
    }

    /// <summary>Pages are counted, not time: whatever ended before must not be touched.</summary>
    [Fact]
    public async Task A_claim_reads_as_many_pages_after_ten_times_as_many_finished_pushes()
    {
        var before = await PagesOfClaimAsync();
        await PostgreSqlServer.ExecuteAsync(filled.Site.ConnectionString, """
            insert into outbox (tenant_id, notification_id, callback_id, event, round, target_ordinal, payload, state, attempts, occurred_at, next_at, expires_at)
            select 1, md5(i || '-' || r)::uuid, md5(i::text)::uuid, '', r, 0, '', 1, 0, i, i, i from generate_series(1, 10000) i, generate_series(1, 9) r;
            analyze outbox
            """);
        Assert.InRange(await PagesOfClaimAsync(), 1, before + 200); // Of two thousand: keys may be a level deeper, for each look at and entry of the twenty.
    }

    private async Task<int> PagesOfClaimAsync()
    {
        await using var connection = await PostgreSqlServer.ConnectAsync(filled.Site.ConnectionString);
        await RunAsync(connection, "begin");
        var claim = PostgreSqlDeliverySql.Claim.Replace("@tenant", "1", StringComparison.Ordinal).Replace("@app", "'default'", StringComparison.Ordinal).Replace("@now", "100000", StringComparison.Ordinal)
            .Replace("@most", "20", StringComparison.Ordinal).Replace("@node", "'n'", StringComparison.Ordinal).Replace("@lease", "200000", StringComparison.Ordinal);
        var plan = await ReadAsync(connection, $"explain (analyze, buffers, timing off, summary off) {claim}");
        await RunAsync(connection, "rollback");
        Assert.Contains(plan, step => step.Contains("actual rows=20", StringComparison.Ordinal));
        Assert.Contains(plan, step => step.Contains("ix_outbox_pending", StringComparison.Ordinal));
        return System.Text.RegularExpressions.Regex.Matches(plan.First(step => step.Contains("Buffers:", StringComparison.Ordinal)), "(hit|read)=([0-9]+)").Sum(m => int.Parse(m.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task<List<string>> ReadAsync(string sql)
    {
        await using var connection = await PostgreSqlServer.ConnectAsync(filled.Site.ConnectionString);
        return await ReadAsync(connection, sql);
    }

    private static async Task<List<string>> ReadAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A database with ten thousand callbacks of the past and twenty of the present.</summary>
public sealed class FilledPostgreSql : IAsyncLifetime
{
    internal PostgreSqlSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await PostgreSqlSite.OpenPostgreSqlAsync();
        await Site.AddQueueAsync(Tests.Site.Tenant);
        await PostgreSqlServer.ExecuteAsync(Site.ConnectionString, """
            insert into callbacks (tenant_id, callback_id, queue_id, state, phone_number, language, target_count, scheduled, created_at, desired_at, sort_key,
                live_ticket, attempts_made, trunk_errors_in_row, upcoming, ready_round, event_sequence, timeline_sequence)
            select 1, md5(i::text)::uuid, 1, case when i % 500 = 0 then 1 else 4 end, '', '', 1, false, i, i, i, i, 0, 0, 0, 0, 0, 0 from generate_series(1, 10000) i;
            insert into push_targets select 1, md5(i::text)::uuid, 0, 0, '', 0 from generate_series(1, 10000) i;
            insert into attempts (tenant_id, attempt_id, queue_id, callback_id, number, agent, state, started_at, lease_ends_at)
            select 1, md5(i::text)::uuid, 1, md5(i::text)::uuid, 1, 'agent-' || i / 100, case when i % 500 = 0 then 0 else 3 end, i, i from generate_series(1, 10000) i;
            insert into outbox (tenant_id, notification_id, callback_id, event, round, target_ordinal, payload, state, attempts, occurred_at, next_at, expires_at)
            select 1, md5(i::text)::uuid, md5(i::text)::uuid, '', 0, 0, '', case when i % 500 = 0 then 0 else 1 end, 0, i, i, i from generate_series(1, 10000) i;
            insert into outbox_history (tenant_id, notification_id, callback_id, event, round, target_ordinal, payload, state, attempts, occurred_at, expires_at)
            select 1, md5('h' || i)::uuid, md5('h' || i)::uuid, '', 0, 0, '', 1, 0, i, i from generate_series(1, 10000) i;
            analyze
            """);
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
