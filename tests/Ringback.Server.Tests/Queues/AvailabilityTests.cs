namespace Ringback.Server.Tests.Queues;

/// <summary>Availability, open-for and queue-status as the published clients call them (wire contract 4 to 6). The site begins on Monday, 11:15:30 in Berlin.</summary>
public sealed class AvailabilityTests
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "E1")]
    public async Task Slots_have_both_times_what_they_take_yet_and_in_all()
    {
        await using var site = await StartAsync();
        await site.Home.CreateCallbackAsync(Queue, desired: new DateTimeOffset(2026, 11, 24, 8, 20, 0, TimeSpan.Zero));
        var data = await AvailabilityAsync(site, "start=2026-11-24T08:00:00.000Z&end=2026-11-24T08:59:59.999Z&timezone=Europe/Berlin");
        Assert.Equal(
            """{"slots":[{"utcTime":"2026-11-24T08:00:00.000Z","localTime":"2026-11-24T09:00:00.000+01:00","capacity":2,"total":2},{"utcTime":"2026-11-24T08:15:00.000Z","localTime":"2026-11-24T09:15:00.000+01:00","capacity":1,"total":2},{"utcTime":"2026-11-24T08:30:00.000Z","localTime":"2026-11-24T09:30:00.000+01:00","capacity":2,"total":2},{"utcTime":"2026-11-24T08:45:00.000Z","localTime":"2026-11-24T09:45:00.000+01:00","capacity":2,"total":2}],"durationMin":15,"timezone":"Europe/Berlin"}""",
            data.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    /// <summary>Query · slots by their time in UTC, without the date where it is the 24th.</summary>
    [Theory, Trait("Rule", "E1")]
    // With a zone, times are local to it, unless they say otherwise; without one they are UTC.
    [InlineData("start=2026-11-24T09:00:00.000&end=2026-11-24T09:30:00.000&timezone=Europe/Berlin", "08:00 08:15 08:30")]
    [InlineData("start=2026-11-24T03:00:00.000&end=2026-11-24T03:15:00.000&timezone=America/New_York", "08:00 08:15")]
    [InlineData("start=2026-11-24T08:00:00.000Z&end=2026-11-24T08:15:00.000Z&timezone=America%2FNew_York", "08:00 08:15")]
    [InlineData("start=2026-11-24T09:00:00.000%2B01:00&end=2026-11-24T08:15:00.000Z", "08:00 08:15")]
    [InlineData("start=2026-11-24T08:00:00.000&end=2026-11-24T08:15:00", "08:00 08:15")]
    [InlineData("startMS=1795507200000&endMS=1795508100000", "08:00 08:15")]
    [InlineData("startMS=1795507200000&end=2026-11-24T08:15:00.000Z", "08:00 08:15")]
    // Without an end: the slot that holds the start.
    [InlineData("start=2026-11-24T08:00:00.000Z", "08:00")]
    [InlineData("start=2026-11-24T08:14:59.999Z", "08:00")]
    [InlineData("start=2026-11-24T07:59:59.999Z", "")]
    // Days by the calendar, closing at twelve in Berlin, and at most so many.
    [InlineData("start=2026-11-24T10:45:00.000Z&numberOfDays=1", "10:45 08:00 08:15 08:30 08:45 09:00 09:15 09:30 09:45 10:00 10:15 10:30 10:45")]
    [InlineData("start=2026-11-24T10:45:00.000Z&numberOfDays=62&maxTimeSlots=3", "10:45 08:00 08:15")]
    [InlineData("start=2026-11-24T10:30:00.000Z&end=2026-11-24T20:00:00.000Z", "10:30 10:45")]
    // What has begun is gone.
    [InlineData("start=2026-11-20T00:00:00.000Z&end=2026-11-23T10:30:00.000Z", "10:30")]
    [InlineData("", "")]
    // An empty parameter counts as absent.
    [InlineData("start=2026-11-24T08:00:00.000Z&end=&timezone=&maxTimeSlots=&reportBusy=&numberOfDays=", "08:00")]
    public async Task The_range_may_be_given_in_many_ways(string query, string slots)
    {
        await using var site = await StartAsync();
        Assert.Equal(slots, Times(await AvailabilityAsync(site, query)));
    }

    [Fact, Trait("Rule", "E1"), Trait("Rule", "D8")]
    public async Task Full_slots_are_shown_only_with_reportBusy()
    {
        await using var site = await StartAsync();
        for (var i = 0; i < 2; i++) await site.Home.CreateCallbackAsync(Queue, desired: new DateTimeOffset(2026, 11, 24, 8, 15, 0, TimeSpan.Zero));
        const string Range = "start=2026-11-24T08:00:00.000Z&end=2026-11-24T08:30:00.000Z";
        Assert.Equal("08:00 08:30", Times(await AvailabilityAsync(site, Range)));
        Assert.Equal("08:00 08:30", Times(await AvailabilityAsync(site, Range + "&reportBusy=false")));
        var busy = await AvailabilityAsync(site, Range + "&reportBusy=true");
        Assert.Equal("08:00 08:15 08:30", Times(busy));
        Assert.Equal(0, busy["slots"]![1]!["capacity"]!.GetValue<int>());
    }

    [Fact, Trait("Rule", "D8")]
    public async Task Slots_follow_the_clock_on_the_wall_across_a_change_to_summer_time()
    {
        await using var site = await StartAsync(new { businessHours = new { weekly = new { sunday = (string[])["01:00-04:00"] } }, capacity = new { slotMinutes = 60 } });
        var data = await AvailabilityAsync(site, "start=2027-03-28T00:00:00.000&numberOfDays=1&timezone=Europe/Berlin");
        Assert.Equal(["2027-03-28T01:00:00.000+01:00", "2027-03-28T03:00:00.000+02:00"], data["slots"]!.AsArray().Select(s => s!["localTime"]!.GetValue<string>()));
    }

    [Fact, Trait("Rule", "E1")]
    public async Task Without_a_limit_every_slot_takes_the_largest_number_and_a_queue_without_scheduled_callbacks_has_none()
    {
        await using var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        var data = await AvailabilityAsync(site, "start=2026-11-24T03:00:00.000Z");
        Assert.Equal(
            """{"slots":[{"utcTime":"2026-11-24T03:00:00.000Z","localTime":"2026-11-24T03:00:00.000\u002B00:00","capacity":2147483647,"total":2147483647}],"durationMin":15,"timezone":"UTC"}""",
            data.ToJsonString());
        await site.Home.ChangeQueueAsync(Queue, new { scheduledEnabled = false });
        Assert.Equal("", Times(await AvailabilityAsync(site, "start=2026-11-24T03:00:00.000Z")));
    }

    [Theory, Trait("Rule", "E1")]
    [InlineData("availability", "start", "start=tomorrow")]
    [InlineData("availability", "start", "start=2026-11-24")]
    [InlineData("availability", "start", "start=2026-02-29T10:00:00.000Z")]
    [InlineData("availability", "start", "start=2030-11-24T10:00:00.000Z")]
    [InlineData("availability", "start", "start=9999-12-31T23:59:59.999&timezone=Europe/Berlin")]
    [InlineData("availability", "start", "start=0001-01-01T00:00:00.000&timezone=Asia/Kolkata")]
    [InlineData("availability", "startMS", "startMS=-1")]
    [InlineData("availability", "startMS", "startMS=99999999999999999999")]
    [InlineData("availability", "startMS", "startMS=1795507200000&start=2026-11-24T10:00:00.000Z")]
    [InlineData("availability", "end", "start=2026-11-24T10:00:00.000Z&end=2026-11-24T09:59:59.999Z")]
    [InlineData("availability", "end", "start=2026-11-24T10:00:00.000Z&end=2027-02-24T10:00:00.000Z")]
    [InlineData("availability", "endMS", "endMS=x")]
    [InlineData("availability", "numberOfDays", "numberOfDays=0")]
    [InlineData("availability", "numberOfDays", "numberOfDays=63")]
    [InlineData("availability", "numberOfDays", "numberOfDays=1&end=2026-11-24T10:00:00.000Z")]
    [InlineData("availability", "timezone", "timezone=Europe/Atlantis")]
    [InlineData("availability", "timezone", "timezone=CET%00")]
    [InlineData("availability", "maxTimeSlots", "maxTimeSlots=0")]
    [InlineData("availability", "maxTimeSlots", "maxTimeSlots=2001")]
    [InlineData("availability", "reportBusy", "reportBusy=maybe")]
    [InlineData("open-for", "start", "start=now")]
    [InlineData("open-for", "timezone", "timezone=Mars/Olympus")]
    public async Task What_cannot_be_read_is_named(string call, string field, string query)
    {
        await using var site = await StartAsync();
        var answer = (await GetAsync(site, $"{call}/{Queue}?{query}")).Expect(HttpStatusCode.BadRequest);
        Assert.Equal(501, answer.EnvelopeCode);
        Assert.StartsWith(field + " ", answer.Message, StringComparison.Ordinal);
    }

    [Theory, Trait("Rule", "E1"), Trait("Rule", "E3")]
    [InlineData("availability/nowhere")]
    [InlineData("open-for/nowhere")]
    [InlineData("queue-status/nowhere")]
    [InlineData("queue-status/theirs")]
    public async Task An_unknown_queue_is_7040_and_so_is_one_of_another_tenant(string call)
    {
        await using var site = await StartAsync();
        await site.Other.CreateQueueAsync("theirs");
        Assert.Equal(7040, (await GetAsync(site, call)).Expect(HttpStatusCode.BadRequest).EnvelopeCode);
    }

    [Theory, Trait("Rule", "E1"), Trait("Rule", "D8")]
    [InlineData("", 2_670)] // 10:15:30 to 11:00 UTC.
    [InlineData("start=2026-11-23T11:00:00.000Z", 0)]
    [InlineData("start=2026-11-24T09:00:00.000&timezone=Europe/Berlin", 10_800)]
    [InlineData("start=2026-11-24T09:00:00.000", 7_200)]
    [InlineData("start=2026-11-25T09:00:00.000Z", 0)] // The holiday.
    [InlineData("start=2026-11-26T09:00:00.000Z", 1_800)] // The exception.
    [InlineData("start=2026-11-28T09:00:00.000Z", 0)] // Saturday.
    [InlineData("startMS=1795510800000", 7_200)]
    public async Task Open_for_counts_the_seconds_until_closing(string query, int seconds)
    {
        await using var site = await StartAsync(new
        {
            businessHours = new
            {
                holidays = new[] { new { date = "2026-11-25" } },
                exceptions = new[] { new { date = "2026-11-26", open = (string[])["10:00-10:30"] } },
            },
        });
        Assert.Equal($$"""{"openFor":{{seconds}}}""", (await GetAsync(site, $"open-for/{Queue}?{query}")).ExpectOk().Data.ToJsonString());
    }

    [Fact, Trait("Rule", "E1")]
    public async Task A_queue_that_does_not_close_is_open_for_the_largest_number()
    {
        await using var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        Assert.Equal(int.MaxValue, (await GetAsync(site, $"open-for/{Queue}")).ExpectOk().Data["openFor"]!.GetValue<int>());
    }

    [Fact, Trait("Rule", "E1"), Trait("Rule", "D3")]
    public async Task The_status_tells_a_queue_without_history_from_one_without_agents_and_minds_closing()
    {
        await using var site = await StartAsync();
        Assert.Equal((-1, true, true), await StatusAsync(site));
        await site.Home.ReportAsync(Queue, agents: 0);
        Assert.Equal((-1, false, true), await StatusAsync(site));
        // Closing is in 2670 s.
        await site.Home.ReportAsync(Queue, waiting: 43);
        Assert.Equal((2_640, true, true), await StatusAsync(site));
        await site.Home.ReportAsync(Queue, waiting: 44);
        Assert.Equal((2_700, false, true), await StatusAsync(site));
        await site.Home.ReportAsync(Queue);
        await site.Home.ChangeQueueAsync(Queue, new { immediateEnabled = false });
        Assert.Equal((60, false, true), await StatusAsync(site));
        await site.Home.ChangeQueueAsync(Queue, new { immediateEnabled = true, scheduledEnabled = false });
        Assert.Equal((60, true, false), await StatusAsync(site));
        await site.AdvanceToAsync(new DateTimeOffset(2026, 11, 23, 11, 0, 0, TimeSpan.Zero));
        Assert.Equal((60, false, false), await StatusAsync(site));
    }

    private static async Task<(int, bool, bool)> StatusAsync(TestSite site)
    {
        var data = (await GetAsync(site, $"queue-status/{Queue}")).ExpectOk().Data.AsObject();
        Assert.Equal(["ewt", "offerImmediateCallback", "offerScheduledCallback"], data.Select(f => f.Key));
        return (data["ewt"]!.GetValue<int>(), data["offerImmediateCallback"]!.GetValue<bool>(), data["offerScheduledCallback"]!.GetValue<bool>());
    }

    private static string Times(JsonNode data) => string.Join(' ', data["slots"]!.AsArray().Select(s => s!["utcTime"]!.GetValue<string>()["2026-11-24T".Length..][..5]));

    private static async Task<JsonNode> AvailabilityAsync(TestSite site, string query) => (await GetAsync(site, $"availability/{Queue}?{query}")).ExpectOk().Data;

    private static Task<ApiAnswer> GetAsync(TestSite site, string call) => site.Home.SendAsync(HttpMethod.Get, $"/engagement/v3/callbacks/{call}", null, site.Home.Keys.App);

    /// <summary>Open 09:00 to 12:00 in Berlin from Monday to Friday, slots of a quarter of an hour, two each.</summary>
    private static async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync();
        string[] day = ["09:00-12:00"];
        await site.Home.CreateQueueAsync(Queue, new
        {
            businessHours = new { timeZone = "Europe/Berlin", weekly = new { monday = day, tuesday = day, wednesday = day, thursday = day, friday = day } },
            capacity = new { slotMinutes = 15, callbacksPerSlot = 2 },
        });
        if (settings is not null) await site.Home.ChangeQueueAsync(Queue, settings);
        return site;
    }
}
