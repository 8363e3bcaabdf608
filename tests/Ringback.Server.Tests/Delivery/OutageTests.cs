namespace Ringback.Server.Tests.Delivery;

/// <summary>FCM, Google's token endpoint or the server itself is away for a while: nothing is lost, nothing doubled (rules B10, B11).</summary>
public sealed class OutageTests
{
    private const string Queue = "support";

    [Theory, Trait("Rule", "B10")]
    [InlineData("503", SiteDatabase.Sqlite)]
    [InlineData("503", SiteDatabase.PostgreSql)]
    [InlineData("gone", SiteDatabase.Sqlite)]
    public async Task Without_FCM_for_a_minute_nothing_is_lost_and_nothing_doubled(string fault, SiteDatabase on)
    {
        await using var site = await StartAsync(on: on);
        if (fault == "503") await site.Phones.TakeAwayAsync();
        else await site.StopEmulatorAsync();
        for (var i = 0; i < 10; i++)
        {
            await site.Home.CreateCallbackAsync(Queue, [$"a-{i}", $"b-{i}"]);
            await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        }
        await site.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.All(site.Outbox(), row => Assert.Equal(("pending", true), (row.State, row.Attempts > 0)));
        var ready = (await site.Home.ReadyAsync()).ExpectOk();
        Assert.Contains("Firebase cannot be reached", ready.Body, StringComparison.Ordinal);

        if (fault == "503") await site.Phones.BringBackAsync();
        else await site.StartEmulatorAsync();
        for (var i = 0; i < 10; i++) await site.AdvanceUntilPushAsync($"b-{i}", "CALLBACK_FINAL_ATTEMPT_FAILED", TimeSpan.FromMinutes(11));
        for (var i = 0; i < 10; i++) await site.AdvanceUntilPushAsync($"a-{i}", "CALLBACK_FINAL_ATTEMPT_FAILED", TimeSpan.FromMinutes(11));
        var inbox = await site.InboxAsync();
        Assert.Equal((20, 20, 20), (inbox.Count, inbox.Select(p => p.Token).Distinct().Count(), inbox.Select(p => p.NotificationId).Distinct().Count()));
        Assert.All(site.Outbox(), row => Assert.Equal("accepted", row.State));
        Assert.DoesNotContain("cannot be reached", (await site.Home.ReadyAsync()).ExpectOk().Body, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "B10")]
    public async Task A_push_whose_time_to_live_passes_first_is_recorded_as_expired_and_never_sent()
    {
        await using var site = await StartAsync(new { timeToLiveSeconds = new Dictionary<string, int> { ["CALLBACK_ATTEMPT_FAILED"] = 50 } });
        await site.Phones.TakeAwayAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, ["phone-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.AdvanceAsync(TimeSpan.FromSeconds(49));
        Assert.Equal("pending", Assert.Single(site.Outbox()).State);
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal("expired", Assert.Single(site.Outbox()).State);
        await site.Phones.BringBackAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(120));
        Assert.Empty(await site.InboxAsync());
        Assert.Contains(await site.Home.TimelineAsync(id), e => e.Kind == "push.expired");
    }

    [Fact, Trait("Rule", "B10")]
    public async Task A_push_that_a_later_event_makes_pointless_is_cancelled_and_recorded()
    {
        await using var site = await StartAsync(new { maxTimeInQueueSeconds = 600, pushNotificationThresholdMinutes = 9 });
        await site.Home.ReportAsync(Queue, waiting: 9);
        var id = await site.Home.CreateCallbackAsync(Queue, ["phone-1"]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(300));
        await site.Phones.TakeAwayAsync();
        await site.Home.ReportAsync(Queue, waiting: 0);
        await site.SettleAsync();
        Assert.Equal(("CALLBACK_UPCOMING", "pending"), Assert.Single(site.Outbox()) is var row ? (row.Event, row.State) : default);

        await site.AdvanceAsync(TimeSpan.FromSeconds(300));
        await site.Phones.BringBackAsync();
        await site.AdvanceUntilPushAsync("phone-1", "CALLBACK_PURGED", TimeSpan.FromMinutes(11));
        Assert.Equal("PURGED", await site.EventsAsync("phone-1"));
        Assert.Equal(["cancelled", "accepted"], site.Outbox().Select(r => r.State));
        Assert.Contains(await site.Home.TimelineAsync(id), e => e.Kind == "push.cancelled" && e.Detail["event"]!.GetValue<string>() == "CALLBACK_UPCOMING");
    }

    [Fact, Trait("Rule", "B6")]
    public async Task Cancel_withdraws_what_was_not_sent_yet()
    {
        await using var site = await StartAsync();
        await site.Phones.TakeAwayAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, ["phone-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.SettleAsync();
        (await site.Home.CancelAsync(id)).ExpectOk();
        await site.Phones.BringBackAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(120));
        Assert.Empty(await site.InboxAsync());
        Assert.Equal("cancelled", Assert.Single(site.Outbox()).State);
    }

    [Theory, Trait("Rule", "B10"), Trait("Rule", "B11")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_restart_goes_on_with_what_was_not_sent_under_the_same_notification_id(SiteDatabase on)
    {
        await using var site = await StartAsync(on: on);
        await site.Phones.TakeAwayAsync();
        for (var i = 0; i < 5; i++)
        {
            await site.Home.CreateCallbackAsync(Queue, [$"phone-{i}"]);
            await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        }
        await site.SettleAsync();
        var decided = Ids();
        await site.RestartServerAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        await site.RestartServerAsync();
        await site.Phones.BringBackAsync();
        for (var i = 0; i < 5; i++) await site.AdvanceUntilPushAsync($"phone-{i}", "CALLBACK_FINAL_ATTEMPT_FAILED", TimeSpan.FromMinutes(11));
        Assert.Equal(decided, (await site.InboxAsync()).Select(p => p.NotificationId).Order(StringComparer.Ordinal));
        Assert.Equal(5, decided.Count);

        List<string> Ids() => [.. site.Query("select payload from outbox", r => JsonNode.Parse(r.GetString(0))!["notificationId"]!.GetValue<string>()).Order(StringComparer.Ordinal)];
    }

    [Fact, Trait("Rule", "B10")]
    public async Task An_access_token_that_FCM_takes_no_longer_is_replaced_within_the_same_send()
    {
        await using var site = await StartAsync();
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.WaitForPushAsync("phone-1", "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.RestartEmulatorAsync(); // It has forgotten its access tokens.
        await site.Home.FailForGoodAsync(Queue, "phone-2");
        await site.WaitForPushAsync("phone-2", "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.Home.FailForGoodAsync(Queue, "phone-3");
        await site.InboxAsync("phone-3");
        Assert.All(site.Outbox(), row => Assert.Equal(("accepted", 1), (row.State, row.Attempts)));
        Assert.Equal(2, TokensFetched(site));
    }

    [Fact, Trait("Rule", "B10")]
    public async Task One_access_token_serves_many_pushes_and_is_renewed_before_it_expires()
    {
        await using var site = await StartAsync();
        for (var i = 0; i < 10; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        Assert.Equal(10, (await site.InboxAsync()).Count);
        Assert.Equal(1, TokensFetched(site));
        await site.AdvanceAsync(TimeSpan.FromMinutes(70));
        await site.Home.FailForGoodAsync(Queue, "late");
        await site.WaitForPushAsync("late", "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.SettleAsync();
        Assert.All(site.Outbox(), row => Assert.Equal(("accepted", 1), (row.State, row.Attempts)));
        Assert.Equal(2, TokensFetched(site));
    }

    private static int TokensFetched(TestSite site) => site.ServerLog.Lines.Count(line => line.Contains(" 3001 ", StringComparison.Ordinal));

    private static async Task<TestSite> StartAsync(object? settings = null, SiteDatabase on = SiteDatabase.Sqlite)
    {
        var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}
