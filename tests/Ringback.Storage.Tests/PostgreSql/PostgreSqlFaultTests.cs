using Npgsql;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Storage.Access;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>Connections that break and servers that refuse: what the caller is told is true, nothing is written by halves, and the next call works.</summary>
public sealed class PostgreSqlFaultTests : IAsyncLifetime
{
    private PostgreSqlSite site = null!;
    private QueueKey queue;
    private long epoch;

    public async ValueTask InitializeAsync()
    {
        site = await PostgreSqlSite.OpenPostgreSqlAsync();
        queue = await site.AddQueueAsync(Site.Tenant);
        epoch = (await site.Callbacks.ActivateAsync(queue))!.Epoch;
        await site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(1))]);
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task A_connection_that_is_killed_between_statements_leaves_nothing_and_the_caller_knows_it()
    {
        var failure = await Assert.ThrowsAsync<StorageException>(() => site.Database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.QueryAsync(AccessSql.AddTenant, r => r.Tenant(), "third", site.Now);
            await KillOthersAsync();
            return await s.QueryAsync(AccessSql.AddTenant, r => r.Tenant(), "fourth", site.Now);
        }));
        Assert.False(failure.OutcomeUnknown);
        Assert.Equal("The database is shutting down or starting up.", failure.Message);
        Assert.Equal(2, (await site.Access.ListTenantsAsync()).Count);
    }

    [Fact]
    public async Task A_batch_whose_connection_is_killed_leaves_nothing_by_halves_and_is_in_doubt()
    {
        await using var holder = await PostgreSqlServer.ConnectAsync(site.ConnectionString);
        await using var hold = new NpgsqlCommand("begin; select 1 from callbacks for update", holder);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        // The new callback is inserted before the update waits.
        var commit = site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2)), new Change.CallbackChanged(Sample.FullCallback(Sample.Id(1)))]);
        await site.WaitForWaitersAsync(1);
        await KillOthersAsync(holder.ProcessID);
        Assert.True((await Assert.ThrowsAsync<StorageException>(() => commit)).OutcomeUnknown);
        await holder.CloseAsync();

        var loaded = (await site.Callbacks.ActivateAsync(queue))!;
        Assert.Equal(Sample.Callback(Sample.Id(1)), Assert.Single(loaded.Callbacks));
        await site.Callbacks.CommitAsync(queue, loaded.Epoch, [Sample.Created(Sample.Id(2))]);
    }

    [Theory]
    [InlineData(Cut.BeforeServer, false)]
    [InlineData(Cut.BeforeAnswer, true)]
    public async Task A_commit_whose_answer_never_comes_is_in_doubt_and_is_there_as_a_whole_or_not_at_all(object cut, bool written)
    {
        await using var proxy = new CuttingProxy(site.ConnectionString);
        await using var far = new PostgreSqlSite(proxy.ConnectionString);
        Assert.NotNull(await far.Callbacks.FindAsync(Site.Tenant, Sample.Id(1)));

        proxy.Arm((Cut)cut);
        var failure = await Assert.ThrowsAsync<StorageException>(() => far.Callbacks.CommitAsync(
            queue, epoch, [Sample.Created(Sample.Id(2)), new Change.CallbackChanged(Sample.FullCallback(Sample.Id(1)))]));
        proxy.Arm(Cut.Nothing);

        Assert.True(failure.OutcomeUnknown);
        // The activation waits for what the server may still be doing with the batch.
        var loaded = (await far.Callbacks.ActivateAsync(queue))!;
        Assert.Equal(written ? [Sample.Id(1), Sample.Id(2)] : [Sample.Id(1)], loaded.Callbacks.Select(c => c.Id).Order());
        Assert.Equal(written ? Sample.FullCallback(Sample.Id(1)) : Sample.Callback(Sample.Id(1)), loaded.Callbacks.Single(c => c.Id == Sample.Id(1)));
    }

    [Theory]
    [InlineData(Cut.BeforeServer, false)]
    [InlineData(Cut.BeforeAnswer, true)]
    public async Task A_separate_commit_whose_answer_never_comes_is_in_doubt(object cut, bool written)
    {
        await using var proxy = new CuttingProxy(site.ConnectionString);
        await using var far = new PostgreSqlSite(proxy.ConnectionString);
        var failure = await Assert.ThrowsAsync<StorageException>(() => far.Database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.QueryAsync(AccessSql.AddTenant, r => r.Tenant(), "third", site.Now);
            proxy.Arm((Cut)cut);
            return true;
        }));
        proxy.Arm(Cut.Nothing);
        Assert.True(failure.OutcomeUnknown);
        Assert.Equal(written, await far.Access.FindTenantAsync("third") is not null);
    }

    [Fact]
    public async Task A_connection_that_breaks_before_commit_leaves_no_doubt()
    {
        await using var proxy = new CuttingProxy(site.ConnectionString);
        await using var far = new PostgreSqlSite(proxy.ConnectionString);
        var failure = await Assert.ThrowsAsync<StorageException>(() => far.Database.WriteAsync(WorkKind.Other, async s =>
        {
            await s.QueryAsync(AccessSql.AddTenant, r => r.Tenant(), "third", site.Now);
            proxy.Arm(Cut.BeforeAnswer);
            return await s.QueryAsync(AccessSql.AddTenant, r => r.Tenant(), "fourth", site.Now);
        }));
        proxy.Arm(Cut.Nothing);
        Assert.False(failure.OutcomeUnknown);
        Assert.Equal(2, (await far.Access.ListTenantsAsync()).Count);
    }

    [Theory]
    [InlineData("40001", "The change collided with another one.")]
    [InlineData("40P01", "The change collided with another one.")]
    [InlineData("53100", "The disk of the database is full.")]
    [InlineData("53200", "The database is out of memory.")]
    [InlineData("53300", "The database has no connection free.")]
    [InlineData("57014", "The database did not finish in time.")]
    [InlineData("42501", "The user of the database lacks a right.")]
    [InlineData("42P01", "The database schema is not that of this version of the program.")]
    [InlineData("58030", "The disk of the database reports an error.")]
    [InlineData("XX001", "The database failed with PostgreSQL error XX001.")]
    public async Task What_the_server_refuses_is_told_in_our_words_and_leaves_no_doubt(string state, string words)
    {
        await PostgreSqlServer.ExecuteAsync(site.ConnectionString, $"""
            create function refuse() returns trigger language plpgsql as $$ begin raise exception using errcode = '{state}', message = 'phone +15550000001'; end $$;
            create trigger refuse before insert on timeline for each row execute function refuse()
            """);
        try
        {
            var entry = new Change.TimelineAdded(Sample.Id(2), new TimelineEntry(1, site.Now, "created", new Dictionary<string, object?>()));
            var failure = await Assert.ThrowsAsync<StorageException>(() => site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2)), entry]));
            Assert.Equal((words, false), (failure.Message, failure.OutcomeUnknown));
        }
        finally
        {
            await PostgreSqlServer.ExecuteAsync(site.ConnectionString, "drop function refuse() cascade");
        }
        Assert.Null(await site.Callbacks.FindAsync(Site.Tenant, Sample.Id(2)));
        await site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2))]);
    }

    [Fact]
    public async Task A_row_that_is_there_already_is_told_without_quoting_it()
    {
        var failure = await Assert.ThrowsAsync<StorageException>(() => site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(1))]));
        Assert.Equal(("A rule of the database refuses the change.", false), (failure.Message, failure.OutcomeUnknown));
        Assert.DoesNotContain(Sample.Id(1).ToString(), failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_with_a_null_character_is_refused_as_a_whole()
    {
        var failure = await Assert.ThrowsAsync<StorageException>(() => site.Callbacks.CommitAsync(
            queue, epoch, [Sample.Created(Sample.Id(2)), Sample.Created(Sample.Id(3), CallbackState.Queued, new PushTarget(PushTargetType.Token, "a\0b"))]));
        Assert.Equal(("The database takes no text with the character U+0000.", false), (failure.Message, failure.OutcomeUnknown));
        Assert.Null(await site.Callbacks.FindAsync(Site.Tenant, Sample.Id(2)));
        await site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2))]);
    }

    [Fact]
    public async Task A_database_that_takes_no_writes_says_so_and_can_still_be_read()
    {
        await using var readOnly = new PostgreSqlSite($"{site.ConnectionString};Options=-c default_transaction_read_only=on");
        var failure = await Assert.ThrowsAsync<StorageException>(() => readOnly.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2))]));
        Assert.Equal("The database takes no writes: it is a standby, or set to read-only.", failure.Message);
        Assert.NotNull(await readOnly.Callbacks.FindAsync(Site.Tenant, Sample.Id(1)));
    }

    [Theory]
    [InlineData("Port=1", "The database cannot be reached.")]
    [InlineData("Host=unknown.invalid", "The database cannot be reached.")]
    [InlineData("Database=missing", "The server has no database of that name.")]
    [InlineData("Username=nobody-of-that-name", "The database refuses the log-in.")]
    public async Task A_server_that_does_not_let_us_in_is_told_without_the_connection_string(string mistake, string words)
    {
        await using var wrong = new PostgreSqlSite($"{site.ConnectionString};Password=hunter2;{mistake}");
        foreach (var call in (Func<Task>[])[
            () => wrong.Callbacks.FindAsync(Site.Tenant, Sample.Id(1)), () => wrong.Callbacks.CommitAsync(queue, epoch, []),
            () => wrong.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Tests.Site.Tenant), site.Now, site.Now, 1)])
        {
            var failure = await Assert.ThrowsAsync<StorageException>(call);
            Assert.Equal((words, false), (failure.Message, failure.OutcomeUnknown));
            Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_without_a_free_connection_says_so_and_waiting_for_our_own_ends()
    {
        await PostgreSqlServer.ExecuteAsync(site.ConnectionString, "create role ringback_limited login connection limit 0");
        try
        {
            await using var limited = new PostgreSqlSite($"{site.ConnectionString};Username=ringback_limited");
            Assert.Equal("The database has no connection free.", (await Assert.ThrowsAsync<StorageException>(() => limited.Access.ListTenantsAsync())).Message);
        }
        finally
        {
            await PostgreSqlServer.ExecuteAsync(site.ConnectionString, "drop role ringback_limited");
        }

        await using var narrow = new PostgreSqlSite($"{site.ConnectionString};Maximum Pool Size=1;Timeout=1");
        await narrow.Database.ReadAsync(async s =>
        {
            await s.QueryAsync(AccessSql.ListTenants, r => r.Tenant());
            var failure = await Assert.ThrowsAsync<StorageException>(() => narrow.Callbacks.CommitAsync(queue, epoch, []));
            Assert.Equal(("The database does not answer in time, or all connections to it are busy.", false), (failure.Message, failure.OutcomeUnknown));
            return true;
        });
        await narrow.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2))]);
    }

    [Fact]
    public async Task A_database_that_is_closed_says_so()
    {
        var closed = new PostgreSqlSite(site.ConnectionString);
        await closed.DisposeAsync();
        Assert.Equal("The database is closed.", (await Assert.ThrowsAsync<StorageException>(() => closed.Callbacks.CommitAsync(queue, epoch, []))).Message);
    }

    /// <summary>Kills every connection to the database but those of this test.</summary>
    private Task KillOthersAsync(int spared = 0) => PostgreSqlServer.ExecuteAsync(site.ConnectionString,
        $"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid not in (pg_backend_pid(), {spared})");
}
