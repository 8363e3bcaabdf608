namespace Ringback.Server.Tests.Queues;

/// <content>Callbacks that move to the next opening instead of being purged (rules B6, D6, D7).</content>
public sealed partial class BusinessHoursTests
{
    [Fact, Trait("Rule", "B6"), Trait("Rule", "D7")]
    public async Task At_closing_a_callback_moves_to_the_next_opening_without_a_PURGED_and_is_called_then()
    {
        await using var site = await StartAsync("09:00-12:00", new { rescheduleOnPurge = true });
        var phone = TenantClient.NewPhone();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone], phone);
        await site.AdvanceToAsync(Berlin("12:00"));
        Assert.Equal(new CallbackView("SCHEDULED", null, null, null, Berlin("09:00", 24), phone), await site.Home.RetrieveAsync(id));
        var entry = Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "rescheduled");
        Assert.Equal(("END_OF_BUSINESS", "2026-11-23T10:15:30.000Z", "2026-11-24T08:00:00.000Z", 1, 3), (
            entry.Detail["reason"]!.GetValue<string>(), entry.Detail["from"]!.GetValue<string>(), entry.Detail["to"]!.GetValue<string>(),
            entry.Detail["times"]!.GetValue<int>(), entry.Detail["most"]!.GetValue<int>()));

        await site.RestartServerAsync();
        await site.AdvanceToAsync(Berlin("09:00", 24));
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
        Assert.Equal(id, (await site.Home.DialAsync(Queue)).CallbackId);
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task It_is_moved_only_so_often_and_then_purged_after_all()
    {
        await using var site = await StartAsync("09:00-12:00", new { rescheduleOnPurge = true, maxReschedules = 1 });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceToAsync(Berlin("12:00"));
        Assert.Equal("SCHEDULED", await site.Home.StateAsync(id));
        await site.RestartServerAsync();
        await site.AdvanceToAsync(Berlin("12:00", 24));
        Assert.Equal("COMPLETED/END_OF_BUSINESS", await site.Home.StateAsync(id));
        Assert.Equal("PURGED", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "B1"), Trait("Rule", "D7")]
    public async Task It_never_gets_a_second_UPCOMING()
    {
        await using var site = await StartAsync("09:00-12:00", new { rescheduleOnPurge = true });
        await site.Home.ReportAsync(Queue, waiting: 9);
        var told = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        var untold = await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        await site.Home.ReportAsync(Queue, waiting: 3, departures: 6);
        await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");
        await site.AdvanceToAsync(Berlin("12:00"));
        Assert.Equal(("SCHEDULED", "SCHEDULED"), (await site.Home.StateAsync(told), await site.Home.StateAsync(untold)));
        // The wait is short now; the clock alone brings both below the threshold on the next morning.
        await site.Home.ReportAsync(Queue, departures: 3);
        await site.AdvanceToAsync(Berlin("09:10", 24));
        Assert.Equal(("UPCOMING", "UPCOMING"), (await site.EventsAsync(Phone), await site.EventsAsync("phone-2")));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task After_the_longest_time_it_moves_to_an_opening_that_begins_later()
    {
        await using var site = await StartAsync("09:00-12:00,13:00-17:00", new { rescheduleOnPurge = true, maxTimeInQueueSeconds = 600 });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(600));
        Assert.Equal(("SCHEDULED", Berlin("13:00")), await site.Home.RetrieveAsync(id) is var view ? (view.State, view.DesiredTime) : default);
        Assert.Equal("MAX_WAIT", Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "rescheduled").Detail["reason"]!.GetValue<string>());
        await site.AdvanceToAsync(Berlin("13:09"));
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Theory, Trait("Rule", "D6"), Trait("Rule", "B7")]
    [InlineData("NO_ANSWER", 300, "ATTEMPT_FAILED")]
    [InlineData("TRUNK_ERROR", 30, "")]
    public async Task A_retry_that_would_fall_after_closing_is_made_in_the_next_opening(string outcome, int retrySeconds, string events)
    {
        await using var site = await StartAsync("09:00-12:00,13:00-17:00", new { rescheduleOnPurge = true });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        (await site.Home.ExtendAsync(order.AttemptId, 3_600)).ExpectOk();
        await site.AdvanceToAsync(Berlin("12:00").AddSeconds(-retrySeconds));
        var answer = await site.Home.OutcomeAsync(order.AttemptId, outcome);
        Assert.Equal(("SCHEDULED", "2026-11-23T12:00:00.000Z"), (answer["callbackState"]!.GetValue<string>(), answer["nextAttemptAt"]!.GetValue<string>()));
        Assert.Equal(events, await site.EventsAsync(Phone));
        if (events.Length > 0) Assert.Equal("2026-11-23T12:00:00.000Z", (await site.InboxAsync(Phone))[0].Data("nextAttemptAt"));
        await site.AdvanceToAsync(Berlin("13:00"));
        Assert.Equal((id, outcome == "NO_ANSWER" ? 2 : 1), await site.Home.DialAsync(Queue) is var next ? (next.CallbackId, next.Attempt) : default);
        Assert.Equal(events, await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task A_server_that_slept_into_the_next_opening_takes_the_callback_up_at_once()
    {
        await using var site = await StartAsync("09:00-12:00", new { rescheduleOnPurge = true });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.StopServerAsync();
        site.Clock.Advance(TimeSpan.FromHours(24));
        await site.StartServerAsync();
        await site.SettleAsync();
        Assert.Equal(("QUEUED", site.Now), await site.Home.RetrieveAsync(id) is var view ? (view.State, view.DesiredTime) : default);
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Fact, Trait("Rule", "D7"), Trait("Rule", "D8")]
    public async Task Moved_callbacks_take_free_slots_of_the_next_opening()
    {
        await using var site = await StartAsync("09:00-12:00", new { rescheduleOnPurge = true, capacity = new { slotMinutes = 60, callbacksPerSlot = 1 } });
        await site.Home.CreateCallbackAsync(Queue, desired: Berlin("09:30", 24));
        var first = await site.Home.CreateCallbackAsync(Queue);
        var second = await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceToAsync(Berlin("12:00"));
        Assert.Equal([Berlin("10:00", 24), Berlin("11:00", 24)], [.. new[] { (await site.Home.RetrieveAsync(first)).DesiredTime, (await site.Home.RetrieveAsync(second)).DesiredTime }.Order()]);
    }
}
