namespace Ringback.Server.Tests.Callbacks;

/// <summary>The longest time in queue (rules B6, D7).</summary>
public abstract class PurgeTests(SiteDatabase database)
{
    private const string Queue = "support";
    private const string Phone = "phone-1";

    [Fact, Trait("Rule", "B6"), Trait("Rule", "D7")]
    public async Task A_callback_is_purged_at_its_deadline_by_the_clock_alone()
    {
        await using var site = await StartAsync(600);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        site.Clock.Advance(TimeSpan.FromSeconds(599));
        Assert.Empty(await site.InboxAsync(Phone));
        site.Clock.Advance(TimeSpan.FromSeconds(1));
        var push = await site.WaitForPushAsync(Phone, "CALLBACK_PURGED");
        Assert.Equal("MAX_WAIT", push.Data("reason"));
        Assert.Equal("COMPLETED/MAX_WAIT", await site.Home.StateAsync(id));
        Assert.Equal("PURGED", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task What_fell_due_while_the_server_was_down_happens_at_its_start()
    {
        await using var site = await StartAsync(600);
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.StopServerAsync();
        site.Clock.Advance(TimeSpan.FromHours(1));
        await site.StartServerAsync();
        await site.WaitForPushAsync(Phone, "CALLBACK_PURGED");
    }

    [Fact, Trait("Rule", "D7")]
    public async Task The_time_runs_on_during_retries()
    {
        await using var site = await StartAsync(600);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.AdvanceAsync(TimeSpan.FromSeconds(599));
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("COMPLETED/MAX_WAIT", await site.Home.StateAsync(id));
        Assert.Equal("ATTEMPT_FAILED PURGED", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task The_time_of_a_scheduled_callback_counts_from_its_desired_time()
    {
        await using var site = await StartAsync(600);
        var desired = site.Now.AddHours(2);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone], desired: desired);
        await site.AdvanceToAsync(desired.AddSeconds(599));
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("COMPLETED/MAX_WAIT", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task ROUTING_and_PROCESSING_are_not_purged()
    {
        await using var site = await StartAsync(60);
        var routing = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        var processing = await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue, "Bea")).AttemptId, "CONNECTED");
        await site.AdvanceAsync(TimeSpan.FromSeconds(90));
        Assert.Equal(("ROUTING", "PROCESSING"), (await site.Home.StateAsync(routing), await site.Home.StateAsync(processing)));

        // Back in the queue after its deadline, it goes at once.
        await site.Home.OutcomeAsync(order.AttemptId, "NOT_DIALLED");
        await site.WaitForPushAsync(Phone, "CALLBACK_PURGED");
        Assert.Equal("COMPLETED/MAX_WAIT", await site.Home.StateAsync(routing));
        Assert.Empty(await site.InboxAsync("phone-2"));
    }

    [Fact, Trait("Rule", "C1")]
    public async Task A_shorter_time_applies_to_callbacks_that_wait_already()
    {
        await using var site = await StartAsync(14_400);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        await site.Home.ChangeQueueAsync(Queue, new { maxTimeInQueueSeconds = 20 });
        await site.WaitForPushAsync(Phone, "CALLBACK_PURGED");
        Assert.Equal("COMPLETED/MAX_WAIT", await site.Home.StateAsync(id));
    }

    private async Task<TestSite> StartAsync(int maxTimeInQueueSeconds)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue, new { maxTimeInQueueSeconds });
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqlitePurgeTests() : PurgeTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlPurgeTests() : PurgeTests(SiteDatabase.PostgreSql);
