namespace Ringback.Server.Tests.Queues;

/// <summary>
/// Forecasts against what then happened (rule D3). One agent and a minute a call: with nine live interactions ahead, a customer is told ten minutes.
/// </summary>
public abstract class ForecastQualityTests(SiteDatabase database)
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "D3")]
    public async Task Bias_error_and_coverage_are_those_of_the_time_to_the_first_attempt()
    {
        await using var site = await StartAsync();
        // 100 s too early is within 120 s; 300 s too late is neither within 120 s nor within a fifth of 600 s.
        await ServeAfterAsync(site, TimeSpan.FromSeconds(500));
        await ServeAfterAsync(site, TimeSpan.FromSeconds(900));
        await ExpectAsync(site, "CREATE mode2: 2 said, 0 unknown, 2 served, bias 100, error 200, coverage 0.5");
        // The longer the forecast, the more it may be off: 1200 s may be off by 240 s.
        await site.Home.ReportAsync(Queue, waiting: 19);
        await ServeAfterAsync(site, TimeSpan.FromSeconds(1_440));
        await ExpectAsync(site, "CREATE mode2: 3 said, 0 unknown, 3 served, bias 146.7, error 213.3, coverage 0.6667");
    }

    [Fact, Trait("Rule", "D3")]
    public async Task A_retry_is_no_answer_to_the_forecast_and_a_callback_that_was_never_called_is_only_counted_as_said()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(600));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "BUSY");
        await site.AdvanceAsync(TimeSpan.FromSeconds(120));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "CONNECTED");
        Assert.Equal("PROCESSING", await site.Home.StateAsync(id));
        (await site.Home.CancelAsync(await site.Home.CreateCallbackAsync(Queue))).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        await ExpectAsync(site, "CREATE mode2: 2 said, 0 unknown, 1 served, bias 0, error 0, coverage 1");
    }

    [Fact, Trait("Rule", "D3")]
    public async Task What_the_customer_moved_is_held_against_no_forecast()
    {
        await using var site = await StartAsync();
        var snoozed = await site.Home.CreateCallbackAsync(Queue);
        var rescheduled = await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(60));
        (await site.Home.EngageAsync("callbacks/snooze", new { id = snoozed, minutes = 30 })).ExpectOk();
        (await site.Home.EngageAsync("callbacks/reschedule", new { id = rescheduled, desiredTime = site.Now.AddMinutes(40) })).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromMinutes(45));
        await site.Home.DialAsync(Queue, "Ada");
        await site.Home.DialAsync(Queue, "Grace");
        await ExpectAsync(site, "CREATE mode2: 2 said, 0 unknown, 0 served");
    }

    [Fact, Trait("Rule", "D3")]
    public async Task The_forecast_of_UPCOMING_is_judged_by_itself()
    {
        await using var site = await StartAsync();
        await site.Home.CreateCallbackAsync(Queue, ["phone-1"]);
        await site.Home.ReportAsync(Queue, waiting: 3, departures: 6);
        Assert.Equal("240", (await site.WaitForPushAsync("phone-1", "CALLBACK_UPCOMING")).Data("estimatedWaitSeconds"));
        await site.AdvanceAsync(TimeSpan.FromSeconds(60));
        await site.Home.DialAsync(Queue);
        await ExpectAsync(site,
            "CREATE mode2: 1 said, 0 unknown, 1 served, bias -540, error 540, coverage 0",
            "UPCOMING mode2: 1 said, 0 unknown, 1 served, bias -180, error 180, coverage 0");
    }

    [Fact, Trait("Rule", "D3")]
    public async Task An_unknown_wait_is_counted_and_enters_no_figure_and_each_mode_has_its_own()
    {
        await using var site = await StartAsync();
        await site.Home.ChangeQueueAsync(Queue, new { ewtMode = "mode3" });
        await ServeAfterAsync(site, TimeSpan.FromSeconds(100));
        await site.Home.ChangeQueueAsync(Queue, new { ewtMode = "mode2" });
        await ServeAfterAsync(site, TimeSpan.FromSeconds(600));
        await ExpectAsync(site,
            "CREATE mode2: 1 said, 0 unknown, 1 served, bias 0, error 0, coverage 1",
            "CREATE mode3: 1 said, 1 unknown, 0 served");
    }

    [Fact, Trait("Rule", "D3"), Trait("Rule", "B4")]
    public async Task Where_the_customer_calls_in_it_is_the_time_to_READY()
    {
        await using var site = await StartAsync();
        await site.Home.CreateCallInQueueAsync("callin");
        await site.Home.ReportAsync("callin", waiting: 9);
        await site.Home.CreateCallbackAsync("callin", ["phone-1"]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(630));
        await site.Home.ReportAsync("callin", ready: 1, departures: 9);
        await site.WaitForPushAsync("phone-1", "CALLBACK_READY");
        Assert.Equal(["CREATE mode2: 1 said, 0 unknown, 1 served, bias 30, error 30, coverage 1"], await QualityAsync(site, "callin"));
        Assert.Empty(await QualityAsync(site, Queue));
    }

    [Fact, Trait("Rule", "D3"), Trait("Rule", "E3")]
    public async Task It_is_asked_for_a_span_of_time_by_the_tenant_itself_and_survives_a_restart()
    {
        await using var site = await StartAsync();
        var first = site.Now;
        await ServeAfterAsync(site, TimeSpan.FromSeconds(600));
        var second = site.Now;
        await ServeAfterAsync(site, TimeSpan.FromSeconds(700));
        await site.RestartServerAsync();
        const string Early = "CREATE mode2: 1 said, 0 unknown, 1 served, bias 0, error 0, coverage 1", Late = "CREATE mode2: 1 said, 0 unknown, 1 served, bias 100, error 100, coverage 1";
        Assert.Equal([Early], await QualityAsync(site, Queue, $"?from={At(first)}&to={At(second)}"));
        Assert.Equal([Late], await QualityAsync(site, Queue, $"?from={At(second)}"));
        Assert.Empty(await QualityAsync(site, Queue, $"?to={At(first)}"));

        var path = $"queues/{Queue}/forecast-quality";
        (await site.Other.ManageAsync(HttpMethod.Get, path)).Expect(HttpStatusCode.NotFound);
        (await site.Home.AgentAsync(HttpMethod.Get, path)).Expect(HttpStatusCode.Forbidden);
        await site.Other.CreateQueueAsync(Queue);
        Assert.Empty((await site.Other.ManageAsync(HttpMethod.Get, path)).ExpectOk().Json["forecasts"]!.AsArray());
        foreach (var wrong in (string[])["from=monday", $"from={At(second)}&to={At(first)}", $"from={At(second.AddDays(-93))}"])
            (await site.Home.ManageAsync(HttpMethod.Get, $"{path}?{wrong}")).Expect(HttpStatusCode.BadRequest);
    }

    private async Task<TestSite> StartAsync()
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.ReportAsync(Queue, waiting: 9);
        return site;
    }

    private static async Task ServeAfterAsync(TestSite site, TimeSpan wait)
    {
        await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(wait);
        var attempt = (await site.Home.DialAsync(Queue)).AttemptId;
        await site.Home.OutcomeAsync(attempt, "CONNECTED");
        await site.Home.OutcomeAsync(attempt, "COMPLETED");
    }

    private static async Task ExpectAsync(TestSite site, params string[] expected) => Assert.Equal(expected, await QualityAsync(site, Queue));

    private static async Task<IEnumerable<string>> QualityAsync(TestSite site, string queue, string span = "")
    {
        var json = (await site.Home.ManageAsync(HttpMethod.Get, $"queues/{queue}/forecast-quality{span}")).ExpectOk().Json;
        Assert.Equal(queue, json["queue"]!.GetValue<string>());
        return json["forecasts"]!.AsArray().Select(f =>
            $"{f!["moment"]} {f["mode"]}: {f["said"]} said, {f["unknown"]} unknown, {f["served"]} served"
            + (f["biasSeconds"] is { } bias ? $", bias {bias}, error {f["meanAbsoluteErrorSeconds"]}, coverage {f["coverage"]}" : ""));
    }

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>On SQLite.</summary>
public sealed class SqliteForecastQualityTests() : ForecastQualityTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlForecastQualityTests() : ForecastQualityTests(SiteDatabase.PostgreSql);
