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
        await site.Home.CreateQueueAsync(Queue, new { businessHours = AvailabilitySite.Hours, capacity = AvailabilitySite.Capacity });
        if (settings is not null) await site.Home.ChangeQueueAsync(Queue, settings);
        return site;
    }
}
