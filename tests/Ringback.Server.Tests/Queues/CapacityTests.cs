namespace Ringback.Server.Tests.Queues;

/// <summary>Capacity per slot over HTTP (rule D8, wire contract 1).</summary>
public sealed class CapacityTests
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "D8"), Trait("Rule", "E1")]
    public async Task With_alwaysCheckCapacity_a_full_slot_is_refused_with_the_free_ones_around_it()
    {
        await using var site = await StartAsync();
        var noon = Utc(12);
        await BookAsync(site, noon.AddMinutes(10));
        await BookAsync(site, noon.AddMinutes(29));
        await BookAsync(site, noon.AddMinutes(30));
        var before = site.Query("select count(*) from callbacks", r => r.GetInt32(0))[0];
        var refused = (await TryBookAsync(site, noon, always: true)).Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal(7041, refused.EnvelopeCode);
        Assert.Equal(
            ["10:30=2", "11:00=2", "11:30=2", "12:30=1", "13:00=2", "13:30=2", "14:00=2", "14:30=2", "15:00=2", "15:30=2"],
            refused.Data["slots"]!.AsObject().Select(s => $"{s.Key["2026-11-23T".Length..][..5]}={s.Value!.GetValue<string>()}"));
        Assert.All(refused.Data["slots"]!.AsObject(), s => Assert.EndsWith(":00.000Z", s.Key, StringComparison.Ordinal));
        Assert.Equal(before, site.Query("select count(*) from callbacks", r => r.GetInt32(0))[0]);

        var chosen = DateTimeOffset.Parse(refused.Data["slots"]!.AsObject().ElementAt(3).Key, System.Globalization.CultureInfo.InvariantCulture);
        (await TryBookAsync(site, chosen, always: true)).ExpectOk();
        Assert.Equal(7041, (await TryBookAsync(site, chosen, always: true)).EnvelopeCode);
    }

    [Fact, Trait("Rule", "D8")]
    public async Task Without_it_the_callback_moves_to_the_next_free_slot_and_the_timeline_says_so()
    {
        await using var site = await StartAsync();
        for (var i = 0; i < 4; i++) await BookAsync(site, Utc(12).AddMinutes(5));
        var id = await BookAsync(site, Utc(12).AddMinutes(7));
        Assert.Equal(("SCHEDULED", Utc(13)), await site.Home.RetrieveAsync(id) is var view ? (view.State, view.DesiredTime) : default);
        var moved = Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "slot.moved");
        Assert.Equal(("2026-11-23T12:07:00.000Z", "2026-11-23T13:00:00.000Z"), (moved.Detail["from"]!.GetValue<string>(), moved.Detail["to"]!.GetValue<string>()));
        await site.AdvanceToAsync(Utc(13));
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "D8")]
    public async Task A_slot_is_free_again_after_a_cancel_and_counted_right_after_a_restart()
    {
        await using var site = await StartAsync();
        var first = await BookAsync(site, Utc(12));
        await BookAsync(site, Utc(12));
        await site.RestartServerAsync();
        Assert.Equal(7041, (await TryBookAsync(site, Utc(12), always: true)).EnvelopeCode);
        (await site.Home.CancelAsync(first)).ExpectOk();
        (await TryBookAsync(site, Utc(12), always: true)).ExpectOk();
        Assert.Equal(7041, (await TryBookAsync(site, Utc(12), always: true)).EnvelopeCode);
    }

    [Fact, Trait("Rule", "D8")]
    public async Task Immediate_callbacks_take_no_slot_and_alwaysCheckCapacity_makes_any_desired_time_a_scheduled_one()
    {
        await using var site = await StartAsync();
        for (var i = 0; i < 3; i++) await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceToAsync(Utc(11));
        Assert.Equal((2, 2), await FirstSlotAsync(site));
        (await TryBookAsync(site, site.Now, always: true)).ExpectOk();
        Assert.Equal((1, 2), await FirstSlotAsync(site));
        (await TryBookAsync(site, site.Now, always: true)).ExpectOk();
        Assert.Equal(7041, (await TryBookAsync(site, site.Now, always: true)).EnvelopeCode);
        // Without it, now is now.
        Assert.Equal("QUEUED", await site.Home.StateAsync(await BookAsync(site, site.Now)));
    }

    [Fact, Trait("Rule", "D9")]
    public async Task A_create_that_is_sent_again_is_not_refused_by_the_slot_that_it_filled_itself()
    {
        await using var site = await StartAsync();
        var body = TenantClient.CreateBody(Queue, ["phone-1"], desired: Utc(12));
        body["alwaysCheckCapacity"] = true;
        await BookAsync(site, Utc(12));
        var id = (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<string>();
        Assert.Equal(id, (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<string>());
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_new_capacity_counts_what_is_booked_already()
    {
        await using var site = await StartAsync();
        await BookAsync(site, Utc(12));
        await site.Home.ChangeQueueAsync(Queue, new { capacity = new { callbacksPerSlot = 1 } });
        Assert.Equal(7041, (await TryBookAsync(site, Utc(12), always: true)).EnvelopeCode);
        await site.Home.ChangeQueueAsync(Queue, new { capacity = new { slotMinutes = 60 } });
        Assert.Equal(7041, (await TryBookAsync(site, Utc(12).AddMinutes(59), always: true)).EnvelopeCode);
        await site.Home.ChangeQueueAsync(Queue, new { capacity = (object?)null });
        (await TryBookAsync(site, Utc(12), always: true)).ExpectOk();
    }

    [Fact, Trait("Rule", "D8")]
    public async Task Where_no_slot_is_free_for_a_month_the_answer_names_none()
    {
        await using var site = await StartAsync(new { businessHours = new { timeZone = "UTC", exceptions = new[] { new { date = "2026-11-23", open = (string[])["10:00-12:00"] } } }, capacity = new { slotMinutes = 120 } });
        for (var i = 0; i < 2; i++) await BookAsync(site, Utc(11));
        var refused = (await TryBookAsync(site, Utc(11), always: false)).Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal((7041, "{}"), (refused.EnvelopeCode, refused.Data["slots"]!.ToJsonString()));
        Assert.False((await StatusAsync(site))["offerScheduledCallback"]!.GetValue<bool>());
    }

    private static async Task<(int, int)> FirstSlotAsync(TestSite site)
    {
        var slot = (await site.Home.SendAsync(HttpMethod.Get, $"/engagement/v3/callbacks/availability/{Queue}", null, site.Home.Keys.App)).ExpectOk().Data["slots"]!.AsArray()[0]!;
        return (slot["capacity"]!.GetValue<int>(), slot["total"]!.GetValue<int>());
    }

    private static async Task<JsonNode> StatusAsync(TestSite site) =>
        (await site.Home.SendAsync(HttpMethod.Get, $"/engagement/v3/callbacks/queue-status/{Queue}", null, site.Home.Keys.App)).ExpectOk().Data;

    private static Task<Guid> BookAsync(TestSite site, DateTimeOffset desired) => site.Home.CreateCallbackAsync(Queue, desired: desired);

    private static Task<ApiAnswer> TryBookAsync(TestSite site, DateTimeOffset desired, bool always)
    {
        var body = TenantClient.CreateBody(Queue, desired: desired);
        body["alwaysCheckCapacity"] = always;
        return site.Home.EngageAsync("callbacks/create", body);
    }

    private static DateTimeOffset Utc(int hour) => new(2026, 11, 23, hour, 0, 0, TimeSpan.Zero);

    /// <summary>Open around the clock, half-hour slots of two.</summary>
    private static async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue, new { capacity = new { slotMinutes = 30, callbacksPerSlot = 2 } });
        if (settings is not null) await site.Home.ChangeQueueAsync(Queue, settings);
        return site;
    }
}
