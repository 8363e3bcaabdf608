namespace Ringback.Server.Tests.Queues;

/// <summary>One site for all questions that change nothing. It begins on Monday, 11:15:30 in Berlin, and its clock stands still.</summary>
public sealed class AvailabilitySite : IAsyncLifetime
{
    /// <summary>Open 09:00 to 12:00 in Berlin from Monday to Friday, slots of a quarter of an hour, two each.</summary>
    public const string Queue = "support";

    /// <summary>The same but for a holiday on Wednesday and other hours on Thursday.</summary>
    public const string Days = "days";

    private TestSite site = null!;

    public static object Hours { get; } = new
    {
        timeZone = "Europe/Berlin",
        weekly = new { monday = (string[])["09:00-12:00"], tuesday = (string[])["09:00-12:00"], wednesday = (string[])["09:00-12:00"], thursday = (string[])["09:00-12:00"], friday = (string[])["09:00-12:00"] },
    };

    public static object Capacity { get; } = new { slotMinutes = 15, callbacksPerSlot = 2 };

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync(provision: false);
        await site.Home.CreateQueueAsync(Queue, new { businessHours = Hours, capacity = Capacity });
        await site.Home.CreateQueueAsync(Days, new { businessHours = Hours });
        await site.Home.ChangeQueueAsync(Days, new
        {
            businessHours = new
            {
                holidays = new[] { new { date = "2026-11-25" } },
                exceptions = new[] { new { date = "2026-11-26", open = (string[])["10:00-10:30"] } },
            },
        });
        await site.Other.CreateQueueAsync("theirs");
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    public Task<ApiAnswer> GetAsync(string call) => site.Home.SendAsync(HttpMethod.Get, $"/engagement/v3/callbacks/{call}", null, site.Home.Keys.App);
}

/// <summary>How availability and open-for may be asked (wire contract 4 and 5).</summary>
public sealed class AvailabilityQueryTests(AvailabilitySite site) : IClassFixture<AvailabilitySite>
{
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
    public async Task The_range_may_be_given_in_many_ways(string query, string slots) =>
        Assert.Equal(slots, Times(await AvailabilityAsync(query)));

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
        var answer = (await site.GetAsync($"{call}/{AvailabilitySite.Queue}?{query}")).Expect(HttpStatusCode.BadRequest);
        Assert.Equal(501, answer.EnvelopeCode);
        Assert.StartsWith(field + " ", answer.Message, StringComparison.Ordinal);
    }

    [Theory, Trait("Rule", "E1"), Trait("Rule", "E3")]
    [InlineData("availability/nowhere")]
    [InlineData("open-for/nowhere")]
    [InlineData("queue-status/nowhere")]
    [InlineData("queue-status/theirs")]
    public async Task An_unknown_queue_is_7040_and_so_is_one_of_another_tenant(string call) =>
        Assert.Equal(7040, (await site.GetAsync(call)).Expect(HttpStatusCode.BadRequest).EnvelopeCode);

    [Theory, Trait("Rule", "E1"), Trait("Rule", "D8")]
    [InlineData("", 2_670)] // 10:15:30 to 11:00 UTC.
    [InlineData("start=2026-11-23T11:00:00.000Z", 0)]
    [InlineData("start=2026-11-24T09:00:00.000&timezone=Europe/Berlin", 10_800)]
    [InlineData("start=2026-11-24T09:00:00.000", 7_200)]
    [InlineData("start=2026-11-25T09:00:00.000Z", 0)] // The holiday.
    [InlineData("start=2026-11-26T09:00:00.000Z", 1_800)] // The exception.
    [InlineData("start=2026-11-28T09:00:00.000Z", 0)] // Saturday.
    [InlineData("startMS=1795510800000", 7_200)]
    public async Task Open_for_counts_the_seconds_until_closing(string query, int seconds) =>
        Assert.Equal($$"""{"openFor":{{seconds}}}""", (await site.GetAsync($"open-for/{AvailabilitySite.Days}?{query}")).ExpectOk().Data.ToJsonString());

    private static string Times(JsonNode data) => string.Join(' ', data["slots"]!.AsArray().Select(s => s!["utcTime"]!.GetValue<string>()["2026-11-24T".Length..][..5]));

    private async Task<JsonNode> AvailabilityAsync(string query) => (await site.GetAsync($"availability/{AvailabilitySite.Queue}?{query}")).ExpectOk().Data;
}
