using System.Globalization;

namespace Ringback.Server.Tests.Queues;

/// <summary>Business hours over HTTP: refusals, closing, what is not announced any more, and the last attempt (rules B3, D6, D7, D8). The sites begin at 11:15:30 in Berlin.</summary>
public sealed partial class BusinessHoursTests
{
    private const string Queue = "support";
    private const string Phone = "phone-1";

    [Fact, Trait("Rule", "D8")]
    public async Task Outside_business_hours_an_immediate_callback_is_refused_and_nothing_is_created()
    {
        await using var site = await StartAsync("12:00-17:00");
        var refused = (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue))).Expect(HttpStatusCode.BadRequest);
        Assert.Equal(7042, refused.EnvelopeCode);
        Assert.Contains("opens at 2026-11-23T11:00:00.000Z", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, site.Query("select count(*) from callbacks", r => r.GetInt32(0))[0]);
        await site.AdvanceToAsync(Berlin("12:00"));
        await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceToAsync(Berlin("17:00"));
        Assert.Equal(7042, (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue))).EnvelopeCode);
    }

    [Theory, Trait("Rule", "D8")]
    [InlineData("2026-11-23T16:59:59", true)]
    [InlineData("2026-11-23T17:00", false)]
    [InlineData("2026-11-24T09:00", true)]
    [InlineData("2026-11-24T08:59:59", false)]
    [InlineData("2026-11-25T10:00", false)] // The holiday.
    [InlineData("2026-11-26T10:00", true)] // The exception: 10:00 to 10:30.
    [InlineData("2026-11-26T11:00", false)]
    [InlineData("2027-07-01T16:30", true)] // Summer time: 14:30 UTC.
    [InlineData("2027-07-01T17:30", false)]
    public async Task A_desired_time_must_lie_in_business_hours(string berlin, bool taken)
    {
        await using var site = await StartAsync("09:00-17:00", new
        {
            businessHours = new
            {
                holidays = new[] { new { date = "2026-11-25", name = "Company day" } },
                exceptions = new[] { new { date = "2026-11-26", open = (string[])["10:00-10:30"] } },
            },
        });
        var zone = TimeSpan.FromHours(berlin.StartsWith("2027-07", StringComparison.Ordinal) ? 2 : 1);
        var desired = new DateTimeOffset(DateTime.Parse(berlin, CultureInfo.InvariantCulture), zone);
        var answer = await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue, desired: desired.ToUniversalTime()));
        if (taken) answer.ExpectOk();
        else Assert.Equal(7042, answer.Expect(HttpStatusCode.BadRequest).EnvelopeCode);
    }

    [Fact, Trait("Rule", "D7"), Trait("Rule", "B6")]
    public async Task At_closing_whoever_waits_is_purged_by_the_clock_but_not_ROUTING_and_PROCESSING()
    {
        await using var site = await StartAsync("09:00-12:00");
        var routing = await site.Home.CreateCallbackAsync(Queue, ["routing"]);
        var order = await site.Home.DialAsync(Queue);
        (await site.Home.ExtendAsync(order.AttemptId, 3_600)).ExpectOk();
        var processing = await site.Home.CreateCallbackAsync(Queue, ["processing"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue, "Bea")).AttemptId, "CONNECTED");
        var waiting = await site.Home.CreateCallbackAsync(Queue, [Phone]);

        site.Clock.Advance(Berlin("12:00") - site.Now - TimeSpan.FromSeconds(1));
        Assert.Empty(await site.InboxAsync());
        Assert.Equal("QUEUED", await site.Home.StateAsync(waiting));
        site.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("END_OF_BUSINESS", (await site.WaitForPushAsync(Phone, "CALLBACK_PURGED")).Data("reason"));
        Assert.Equal(("COMPLETED/END_OF_BUSINESS", "ROUTING", "PROCESSING"),
            (await site.Home.StateAsync(waiting), await site.Home.StateAsync(routing), await site.Home.StateAsync(processing)));

        // Back in the queue after its closing, it goes at once.
        await site.Home.OutcomeAsync(order.AttemptId, "NOT_DIALLED");
        await site.WaitForPushAsync("routing", "CALLBACK_PURGED");
        Assert.Equal("COMPLETED/END_OF_BUSINESS", await site.Home.StateAsync(routing));
        Assert.Empty(await site.InboxAsync("processing"));
    }

    [Theory, Trait("Rule", "D7")]
    [InlineData(3)]
    [InlineData(24)]
    public async Task A_closing_through_which_the_server_slept_counts_although_it_is_open_again(int hours)
    {
        await using var site = await StartAsync("09:00-12:00", new { maxTimeInQueueSeconds = 2_000_000 });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.StopServerAsync();
        site.Clock.Advance(TimeSpan.FromHours(hours));
        await site.StartServerAsync();
        Assert.Equal("END_OF_BUSINESS", (await site.WaitForPushAsync(Phone, "CALLBACK_PURGED")).Data("reason"));
        Assert.Equal("COMPLETED/END_OF_BUSINESS", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task The_longest_time_in_queue_counts_where_it_ends_before_closing()
    {
        await using var site = await StartAsync("09:00-12:00", new { maxTimeInQueueSeconds = 600 });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(600));
        Assert.Equal("COMPLETED/MAX_WAIT", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "B3")]
    public async Task UPCOMING_is_held_back_while_closing_would_come_first_and_sent_once_there_is_time()
    {
        await using var site = await StartAsync("09:00-11:20", new { pushNotificationThresholdMinutes = 5 });
        await site.Home.ReportAsync(Queue, waiting: 5, handling: 57);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        // 342 s. One leaves: 285 s, below the threshold, but closing is in 270 s.
        await site.Home.ReportAsync(Queue, waiting: 4, handling: 57, departures: 1);
        Assert.Empty(await site.InboxAsync(Phone));
        var entry = Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "push.suppressed");
        Assert.Equal(("NO_TIME_BEFORE_CLOSING", "2026-11-23T10:20:00.000Z", 285),
            (entry.Detail["reason"]!.GetValue<string>(), entry.Detail["closesAt"]!.GetValue<string>(), entry.Detail["waitSeconds"]!.GetValue<int>()));
        await site.Home.ReportAsync(Queue, waiting: 4, handling: 57);
        Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "push.suppressed");

        await site.Home.ReportAsync(Queue, waiting: 3, handling: 57, departures: 1);
        Assert.Equal("228", (await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING")).Data("estimatedWaitSeconds"));
    }

    [Theory, Trait("Rule", "D6")]
    [InlineData("NO_ANSWER", 300, "COMPLETED/NOT_REACHED")]
    [InlineData("TRUNK_ERROR", 30, "COMPLETED/TRUNK_ERROR")]
    public async Task An_attempt_whose_retry_would_fall_after_closing_is_the_last(string outcome, int retrySeconds, string end)
    {
        await using var site = await StartAsync("09:00-12:00");
        var inTime = await site.Home.CreateCallbackAsync(Queue, ["in-time"]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        var tooLate = await site.Home.CreateCallbackAsync(Queue, ["too-late"]);
        var first = await site.Home.DialAsync(Queue);
        var second = await site.Home.DialAsync(Queue, "Bea");
        foreach (var order in (DialOrder[])[first, second]) (await site.Home.ExtendAsync(order.AttemptId, 3_600)).ExpectOk();
        await site.AdvanceToAsync(Berlin("12:00").AddSeconds(-retrySeconds - 1));
        Assert.Equal("QUEUED", (await site.Home.OutcomeAsync(first.AttemptId, outcome))["callbackState"]!.GetValue<string>());
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        await site.Home.OutcomeAsync(second.AttemptId, outcome);
        Assert.Equal(end, await site.Home.StateAsync(tooLate));
        await site.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal("FINAL_ATTEMPT_FAILED", await site.EventsAsync("too-late"));
        Assert.Equal("COMPLETED/END_OF_BUSINESS", await site.Home.StateAsync(inTime));
    }

    [Fact, Trait("Rule", "C2"), Trait("Rule", "D7")]
    public async Task New_hours_apply_to_callbacks_that_wait_and_a_queue_that_is_thereby_closed_purges_them()
    {
        await using var site = await StartAsync("09:00-17:00");
        var first = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ChangeQueueAsync(Queue, new { businessHours = new { weekly = new { monday = (string[])["09:00-11:30"] } } });
        await site.AdvanceToAsync(Berlin("11:29"));
        var second = await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        Assert.Equal("QUEUED", await site.Home.StateAsync(first));
        await site.Home.ChangeQueueAsync(Queue, new { businessHours = new { holidays = new[] { new { date = "2026-11-23", name = "Storm" } } } });
        Assert.Equal("END_OF_BUSINESS", (await site.WaitForPushAsync(Phone, "CALLBACK_PURGED")).Data("reason"));
        Assert.Equal("COMPLETED/END_OF_BUSINESS", await site.Home.StateAsync(second));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task A_desired_time_that_new_hours_have_closed_is_not_kept_waiting()
    {
        await using var site = await StartAsync("09:00-17:00");
        await site.Home.ReportAsync(Queue);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone], desired: Berlin("15:00"));
        await site.Home.ChangeQueueAsync(Queue, new { businessHours = new { weekly = new { monday = (string[])["09:00-14:00"] } } });
        await site.AdvanceToAsync(Berlin("15:00").AddSeconds(-1));
        Assert.Equal("SCHEDULED", await site.Home.StateAsync(id));
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("COMPLETED/END_OF_BUSINESS", await site.Home.StateAsync(id));
        // Nobody was told that the call is near, although the clock has brought it below the threshold.
        Assert.Equal("PURGED", await site.EventsAsync(Phone));
        Assert.Equal("NO_TIME_BEFORE_CLOSING", Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "push.suppressed").Detail["reason"]!.GetValue<string>());
    }

    /// <summary>The queue has these hours Monday to Friday in Berlin, where it is an hour later than in UTC.</summary>
    private static async Task<TestSite> StartAsync(string hours, object? settings = null)
    {
        var site = await TestSite.StartAsync();
        var day = hours.Split(',');
        await site.Home.CreateQueueAsync(Queue, new { businessHours = new { timeZone = "Europe/Berlin", weekly = new { monday = day, tuesday = day, wednesday = day, thursday = day, friday = day } } });
        if (settings is not null) await site.Home.ChangeQueueAsync(Queue, settings);
        return site;
    }

    /// <summary>A time of the first day, or of a later one, in Berlin.</summary>
    private static DateTimeOffset Berlin(string time, int day = 23) =>
        DateTimeOffset.Parse(string.Create(CultureInfo.InvariantCulture, $"2026-11-{day:00}T{time}:00+01:00"), CultureInfo.InvariantCulture).ToUniversalTime();
}
