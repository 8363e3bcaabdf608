namespace Ringback.Server.Tests.Notifications;

/// <summary>CALLBACK_UPCOMING (rules B1, B2, B3). One agent and a minute a call: the wait is a minute for each place; the threshold is five.</summary>
public abstract class UpcomingTests(SiteDatabase database)
{
    private const string Queue = "support";
    private const string Phone = "phone-1";

    [Fact, Trait("Rule", "B1")]
    public async Task It_is_sent_as_the_wait_falls_below_the_threshold()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 9);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        Assert.Empty(await site.InboxAsync(Phone));

        await site.Home.ReportAsync(Queue, waiting: 3, departures: 6);
        var push = await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");
        Assert.Equal(id.ToString(), push.Data("callbackId"));
        Assert.Equal(("240", "4"), (push.Data("estimatedWaitSeconds"), push.Data("position")));
    }

    [Fact, Trait("Rule", "B1")]
    public async Task It_is_sent_once_although_the_wait_rises_and_falls_again_through_restarts_and_retries()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 9);
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await FallAsync();
        await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");

        await RiseAsync();
        await FallAsync();
        Assert.Equal("UPCOMING", await site.EventsAsync(Phone));

        await site.RestartServerAsync();
        await RiseAsync();
        await FallAsync();
        Assert.Equal("UPCOMING", await site.EventsAsync(Phone));

        var order = await site.Home.DialAsync(Queue);
        await site.Home.OutcomeAsync(order.AttemptId, "BUSY");
        await site.AdvanceAsync(TimeSpan.FromSeconds(121));
        await RiseAsync();
        await FallAsync();
        Assert.Equal("UPCOMING ATTEMPT_FAILED", await site.EventsAsync(Phone));

        Task RiseAsync() => site.Home.ReportAsync(Queue, waiting: 9, handling: 6000);
        Task FallAsync() => site.Home.ReportAsync(Queue, waiting: 0);
    }

    [Fact, Trait("Rule", "B1")]
    public async Task A_wait_equal_to_the_threshold_is_not_below_it()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 9);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);

        await site.Home.ReportAsync(Queue, waiting: 4, departures: 5);
        Assert.Equal(300, (await site.Home.RetrieveAsync(id)).WaitSeconds);
        Assert.Empty(await site.InboxAsync(Phone));

        await site.Home.ReportAsync(Queue, waiting: 4, handling: 59.9);
        await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");
    }

    [Fact, Trait("Rule", "B1")]
    public async Task Threshold_0_switches_it_off()
    {
        await using var site = await StartAsync(new { pushNotificationThresholdMinutes = 0 });
        await site.Home.ReportAsync(Queue, waiting: 9);
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue, handling: 0.001);
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Fact, Trait("Rule", "B1")]
    public async Task An_unknown_wait_never_triggers_it()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 9);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue, waiting: 0, agents: 0);
        Assert.Equal(-1, (await site.Home.RetrieveAsync(id)).WaitSeconds);
        await site.Home.ReportAsync(Queue, waiting: 0, agents: 1, handling: 0);
        Assert.Equal(-1, (await site.Home.RetrieveAsync(id)).WaitSeconds);
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Theory, Trait("Rule", "B1")]
    [InlineData("mode1")]
    [InlineData("mode2")]
    [InlineData("mode3")]
    public async Task The_mode_of_the_queue_decides(string mode)
    {
        await using var site = await StartAsync(new { ewtMode = mode });
        // Every other mode says a second; the queue's own says an hour, then a minute.
        await ReportAsync(waiting: 2, departures: 0, gap: mode == "mode1" ? 3_600 : 1);
        await ReportAsync(waiting: 2, departures: 2, gap: mode == "mode1" ? 3_600 : 1);
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        Assert.Empty(await site.InboxAsync(Phone));

        for (var i = 0; i < 20; i++) await ReportAsync(waiting: 0, departures: 2, gap: 1, far: false);
        await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");

        async Task ReportAsync(int waiting, int departures, int gap, bool far = true)
        {
            await site.AdvanceAsync(TimeSpan.FromSeconds(gap * departures));
            (await site.Home.TryReportAsync(Queue, new
            {
                agentsLoggedIn = 1,
                agentsReady = 0,
                interactionsWaiting = waiting,
                meanHandlingSeconds = mode == "mode2" && far ? 3_600 : 1,
                departures,
                reportedEwtSeconds = mode == "mode3" && far ? 3_600 : 1,
            })).ExpectOk();
        }
    }

    [Fact, Trait("Rule", "B1")]
    public async Task A_scheduled_callback_crosses_by_the_clock_alone()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue);
        await site.Home.CreateCallbackAsync(Queue, [Phone], desired: site.Now.AddMinutes(30));

        await site.AdvanceAsync(TimeSpan.FromMinutes(25));
        Assert.Empty(await site.InboxAsync(Phone));

        // Nobody speaks to the queue from here on.
        site.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var push = await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");
        Assert.Equal("300", push.Data("estimatedWaitSeconds"));
        Assert.Single(await site.InboxAsync(Phone));
    }

    [Fact, Trait("Rule", "B1")]
    public async Task A_scheduled_callback_that_must_wait_in_line_anyway_is_judged_by_the_longer_of_the_two()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 9);
        await site.Home.CreateCallbackAsync(Queue, [Phone], desired: site.Now.AddMinutes(10));
        await site.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Empty(await site.InboxAsync(Phone));

        await site.Home.ReportAsync(Queue, waiting: 1, departures: 8);
        Assert.Equal("120", (await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING")).Data("estimatedWaitSeconds"));
    }

    [Fact, Trait("Rule", "B1")]
    public async Task A_change_of_the_threshold_applies_to_callbacks_that_wait_already()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 9);
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        Assert.Empty(await site.InboxAsync(Phone));
        await site.Home.ChangeQueueAsync(Queue, new { pushNotificationThresholdMinutes = 11 });
        await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");
    }

    [Fact, Trait("Rule", "B1")]
    public async Task Only_those_who_cross_are_told()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, handling: 600);
        for (var i = 1; i <= 8; i++)
        {
            await site.Home.CreateCallbackAsync(Queue, [$"line-{i}"]);
            await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
        await site.Home.ReportAsync(Queue, handling: 60);
        var told = (await site.InboxAsync()).Select(p => p.Token).Order(StringComparer.Ordinal);
        Assert.Equal(["line-1", "line-2", "line-3", "line-4"], told);

        var first = await site.Home.DialAsync(Queue);
        await site.Home.OutcomeAsync(first.AttemptId, "CONNECTED");
        told = (await site.InboxAsync()).Select(p => p.Token).Order(StringComparer.Ordinal);
        Assert.Equal(["line-1", "line-2", "line-3", "line-4", "line-5"], told);
    }

    [Fact, Trait("Rule", "B2")]
    public async Task A_wait_that_is_low_at_create_means_never()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue, handling: 6000);
        await site.Home.ReportAsync(Queue);
        await site.RestartServerAsync();
        await site.Home.ReportAsync(Queue, handling: 6000);
        await site.Home.ReportAsync(Queue);
        await site.Home.ChangeQueueAsync(Queue, new { pushNotificationThresholdMinutes = 60 });
        Assert.Empty(await site.InboxAsync(Phone));
        var suppressed = Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "push.suppressed");
        Assert.Equal(("CALLBACK_UPCOMING", "LOW_AT_CREATE"), (suppressed.Detail["event"]!.GetValue<string>(), suppressed.Detail["reason"]!.GetValue<string>()));
    }

    [Fact, Trait("Rule", "B2")]
    public async Task An_unknown_wait_at_create_is_not_low()
    {
        await using var site = await StartAsync();
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue);
        await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");
    }

    [Fact, Trait("Rule", "B3")]
    public async Task It_waits_as_long_as_the_purge_would_come_first_and_is_sent_once_there_is_time()
    {
        await using var site = await StartAsync(new { maxTimeInQueueSeconds = 180 });
        await site.Home.ReportAsync(Queue, waiting: 9);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);

        await site.Home.ReportAsync(Queue, waiting: 3, departures: 6);
        Assert.Empty(await site.InboxAsync(Phone));
        var suppressed = Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "push.suppressed");
        Assert.Equal("NO_TIME_BEFORE_PURGE", suppressed.Detail["reason"]!.GetValue<string>());

        await site.Home.ReportAsync(Queue, waiting: 1, departures: 2);
        Assert.Equal("120", (await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING")).Data("estimatedWaitSeconds"));
    }

    [Fact, Trait("Rule", "B3")]
    public async Task More_time_in_the_queue_makes_room_for_it()
    {
        await using var site = await StartAsync(new { maxTimeInQueueSeconds = 180 });
        await site.Home.ReportAsync(Queue, waiting: 9);
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue, waiting: 3, departures: 6);
        Assert.Empty(await site.InboxAsync(Phone));
        await site.Home.ChangeQueueAsync(Queue, new { maxTimeInQueueSeconds = 3_600 });
        await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");
    }

    [Fact, Trait("Rule", "B1"), Trait("Rule", "B6")]
    public async Task A_callback_without_push_targets_gets_nothing()
    {
        await using var site = await StartAsync(new { maxTimeInQueueSeconds = 600 });
        await site.Home.ReportAsync(Queue, waiting: 9);
        var id = await site.Home.CreateCallbackAsync(Queue);
        await site.Home.ReportAsync(Queue, waiting: 0);
        await site.AdvanceAsync(TimeSpan.FromMinutes(11));
        Assert.Equal("COMPLETED/MAX_WAIT", await site.Home.StateAsync(id));
        Assert.Empty(await site.InboxAsync());
        Assert.Empty(site.Outbox());
    }

    private async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteUpcomingTests() : UpcomingTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlUpcomingTests() : UpcomingTests(SiteDatabase.PostgreSql);
