namespace Ringback.Server.Tests.Callbacks;

/// <summary>Create and retrieve: places, waits, numbers (rules D1, D2, D9, E1).</summary>
public abstract class CreateTests(SiteDatabase database)
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "E1")]
    public async Task Retrieve_shows_state_position_wait_and_always_the_desired_time()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 2);
        var phone = TenantClient.NewPhone();
        var created = site.Now;
        var id = await site.Home.CreateCallbackAsync(Queue, phone: phone);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(new CallbackView("QUEUED", null, 3, 180, created, phone), await site.Home.RetrieveAsync(id));

        var order = await site.Home.DialAsync(Queue);
        Assert.Equal(new CallbackView("ROUTING", null, 1, 0, created, phone), await site.Home.RetrieveAsync(id));
        await site.Home.OutcomeAsync(order.AttemptId, "CONNECTED");
        Assert.Equal("PROCESSING", (await site.Home.RetrieveAsync(id)).State);
        await site.Home.OutcomeAsync(order.AttemptId, "COMPLETED");
        Assert.Equal(new CallbackView("COMPLETED", "CONNECTED", null, null, created, phone), await site.Home.RetrieveAsync(id));
    }

    [Fact, Trait("Rule", "D1")]
    public async Task A_scheduled_callback_joins_the_line_at_its_desired_time()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue);
        var desired = site.Now.AddMinutes(10);
        var scheduled = await site.Home.CreateCallbackAsync(Queue, desired: desired);
        Assert.Equal(("SCHEDULED", null, null, desired), await site.Home.RetrieveAsync(scheduled) is var view ? (view.State, view.Position, view.WaitSeconds, view.DesiredTime) : default);
        Assert.Null(await site.Home.NextAsync(Queue));

        await site.AdvanceAsync(TimeSpan.FromMinutes(9));
        var before = await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        var after = await site.Home.CreateCallbackAsync(Queue);
        Assert.Equal([before, scheduled, after], await OrderAsync(site, 3));
    }

    [Fact, Trait("Rule", "D2")]
    public async Task Live_interactions_that_come_later_never_push_a_callback_back()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 4);
        var id = await site.Home.CreateCallbackAsync(Queue);
        Assert.Equal(5, await PositionAsync());
        await site.Home.ReportAsync(Queue, waiting: 10);
        Assert.Equal(5, await PositionAsync());
        await site.Home.ReportAsync(Queue, waiting: 10, departures: 3);
        Assert.Equal(2, await PositionAsync());
        await site.Home.ReportAsync(Queue, waiting: 0);
        Assert.Equal(1, await PositionAsync());

        async Task<int?> PositionAsync() => (await site.Home.RetrieveAsync(id)).Position;
    }

    [Fact, Trait("Rule", "D4")]
    public async Task A_report_that_is_repeated_or_late_changes_nothing()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 4);
        var id = await site.Home.CreateCallbackAsync(Queue);
        var report = new { agentsLoggedIn = 1, agentsReady = 0, interactionsWaiting = 3, meanHandlingSeconds = 60, departures = 1, reportId = "r1", reportedAt = site.Now };
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        (await site.Home.TryReportAsync(Queue, report)).ExpectOk();
        (await site.Home.TryReportAsync(Queue, report)).ExpectOk();
        (await site.Home.TryReportAsync(Queue, new { agentsLoggedIn = 9, agentsReady = 0, interactionsWaiting = 0, departures = 9, reportedAt = site.Now.AddMinutes(-5) })).ExpectOk();
        Assert.Equal((4, 240), await site.Home.RetrieveAsync(id) is var view ? (view.Position, view.WaitSeconds) : default);
    }

    [Fact, Trait("Rule", "D2")]
    public async Task A_priority_point_counts_as_earlier_arrival_up_to_the_limit()
    {
        await using var site = await StartAsync(new { prioritySeconds = 60, priorityLimitSeconds = 120 });
        var plain = await CreateAsync(0);
        await site.AdvanceAsync(TimeSpan.FromSeconds(100));
        var one = await CreateAsync(1);
        var two = await CreateAsync(2);
        await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        var capped = await CreateAsync(50);
        Assert.Equal([two, plain, capped, one], await OrderAsync(site, 4));

        async Task<Guid> CreateAsync(int priority)
        {
            var body = TenantClient.CreateBody(Queue);
            body["priority"] = priority;
            return (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<Guid>();
        }
    }

    [Fact, Trait("Rule", "D9")]
    public async Task The_same_number_waits_once_and_only_who_knows_a_push_target_gets_its_id_back()
    {
        await using var site = await StartAsync();
        const string number = "(415) 555-0123";
        var id = await site.Home.CreateCallbackAsync(Queue, ["phone-1", "phone-2"], number);
        Assert.Equal(id, await site.Home.CreateCallbackAsync(Queue, ["phone-2", "phone-9"], "+14155550123"));

        foreach (var targets in (string[]?[])[null, ["phone-9"]])
        {
            var refused = (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue, targets, number))).Expect(HttpStatusCode.TooManyRequests);
            Assert.Equal(7041, refused.EnvelopeCode);
            Assert.DoesNotContain(id.ToString(), refused.Body, StringComparison.Ordinal);
        }

        // Targets are never merged: the stranger's token hears nothing.
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        Assert.Empty(await site.InboxAsync("phone-9"));
        Assert.Single(await site.InboxAsync("phone-1"));
        Assert.NotEqual(id, await site.Home.CreateCallbackAsync(Queue, ["phone-9"], number));
    }

    [Fact, Trait("Rule", "D9")]
    public async Task Another_queue_takes_the_same_number_and_a_queue_may_allow_it_twice()
    {
        await using var site = await StartAsync();
        await site.Home.CreateQueueAsync("sales", new { oneActivePerNumber = false });
        var phone = TenantClient.NewPhone();
        var ids = new HashSet<Guid>
        {
            await site.Home.CreateCallbackAsync(Queue, phone: phone),
            await site.Home.CreateCallbackAsync("sales", phone: phone),
            await site.Home.CreateCallbackAsync("sales", phone: phone),
        };
        Assert.Equal(3, ids.Count);
    }

    [Fact, Trait("Rule", "D9")]
    public async Task A_number_is_free_again_once_its_callback_is_over_also_after_a_restart()
    {
        await using var site = await StartAsync();
        var phone = TenantClient.NewPhone();
        var first = await site.Home.CreateCallbackAsync(Queue, phone: phone);
        await site.Home.DialAsync(Queue);
        (await site.Home.CancelAsync(first)).ExpectOk();
        var second = await site.Home.CreateCallbackAsync(Queue, phone: phone);
        await site.RestartServerAsync();
        (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue, phone: phone))).Expect(HttpStatusCode.TooManyRequests);
        (await site.Home.CancelAsync(second)).ExpectOk();
        await site.Home.CreateCallbackAsync(Queue, phone: phone);
    }

    [Fact, Trait("Rule", "E1")]
    public async Task What_the_app_says_reaches_the_agent()
    {
        await using var site = await StartAsync(new { callerId = "+14155550100", routePoint = "RP1", surveyRoutePoint = "SRP1", priority = 3 });
        var body = TenantClient.CreateBody(Queue, phone: "+14155550123", language: "de-DE");
        body["userData"] = new JsonObject { ["name"] = "Zoë", ["order"] = 42, ["not a name"] = "dropped", ["nested"] = new JsonObject { ["a"] = new JsonArray(1, null) } };
        body["routePoint"] = "RP2";
        body["priority"] = 5;
        (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk();
        var order = (await site.Home.DialAsync(Queue)).Json;
        Assert.Equal("""{"name":"Zoë","order":42,"nested":{"a":[1,null]}}""", order["userData"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Equal(("+14155550123", "+14155550100", "RP2", "SRP1", "de-DE", 5, Queue), (
            order["phoneNumber"]!.GetValue<string>(), order["callerId"]!.GetValue<string>(), order["routePoint"]!.GetValue<string>(),
            order["surveyRoutePoint"]!.GetValue<string>(), order["language"]!.GetValue<string>(), order["priority"]!.GetValue<int>(), order["queue"]!.GetValue<string>()));
    }

    [Fact, Trait("Rule", "C1")]
    public async Task A_queue_may_refuse_immediate_or_scheduled_callbacks()
    {
        await using var site = await StartAsync(new { immediateEnabled = false });
        Assert.Equal(7037, (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue))).Expect(HttpStatusCode.BadRequest).EnvelopeCode);
        await site.Home.CreateCallbackAsync(Queue, desired: site.Now.AddHours(1));
        await site.Home.ChangeQueueAsync(Queue, new { immediateEnabled = true, scheduledEnabled = false });
        Assert.Equal(7037, (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue, desired: site.Now.AddHours(1)))).Expect(HttpStatusCode.BadRequest).EnvelopeCode);
        await site.Home.CreateCallbackAsync(Queue);
    }

    private static async Task<List<Guid>> OrderAsync(TestSite site, int count)
    {
        var order = new List<Guid>();
        for (var i = 0; i < count; i++) order.Add((await site.Home.DialAsync(Queue, $"agent-{i}")).CallbackId);
        return order;
    }

    private async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteCreateTests() : CreateTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlCreateTests() : CreateTests(SiteDatabase.PostgreSql);
