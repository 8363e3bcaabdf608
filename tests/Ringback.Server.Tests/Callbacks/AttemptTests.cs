namespace Ringback.Server.Tests.Callbacks;

/// <summary>next, extend and outcome on a USERTERMINATED queue (rules B7, B8, D5, D6).</summary>
public abstract partial class AttemptTests(SiteDatabase database)
{
    private const string Queue = "support";
    private const string Phone = "phone-1";

    [Theory, Trait("Rule", "B7"), Trait("Rule", "D6")]
    [InlineData("NO_ANSWER", 300)]
    [InlineData("BUSY", 120)]
    [InlineData("DECLINED", 900)]
    [InlineData("MACHINE", 900)]
    public async Task An_attempt_that_does_not_connect_is_followed_by_another_after_the_interval_of_its_outcome(string outcome, int seconds)
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        Assert.Equal((id, 1, 3, site.Now.AddSeconds(120)), (order.CallbackId, order.Attempt, order.MaxAttempts, order.LeaseEndsAt));
        Assert.Equal("ROUTING", await site.Home.StateAsync(id));

        var answer = await site.Home.OutcomeAsync(order.AttemptId, outcome);
        var due = site.Now.AddSeconds(seconds);
        Assert.Equal(("QUEUED", null, due), (answer["callbackState"]!.GetValue<string>(), answer["callbackReason"], answer["nextAttemptAt"]!.GetValue<DateTimeOffset>()));
        var push = await site.WaitForPushAsync(Phone, "CALLBACK_ATTEMPT_FAILED");
        Assert.Equal(("1", "3", outcome), (push.Data("attempt"), push.Data("maxAttempts"), push.Data("outcome")));
        Assert.Equal(due, DateTimeOffset.Parse(push.Data("nextAttemptAt"), System.Globalization.CultureInfo.InvariantCulture));

        await site.AdvanceToAsync(due.AddSeconds(-1));
        Assert.Null(await site.Home.NextAsync(Queue));
        await site.AdvanceToAsync(due);
        Assert.Equal((id, 2), await site.Home.DialAsync(Queue) is var again ? (again.CallbackId, again.Attempt) : default);
    }

    [Fact, Trait("Rule", "B8"), Trait("Rule", "D6")]
    public async Task The_last_allowed_attempt_sends_FINAL_in_place_of_FAILED()
    {
        await using var site = await StartAsync(new { maxAttempts = 3, retrySeconds = new { noAnswer = 10 } });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var order = await site.Home.DialAsync(Queue);
            Assert.Equal(attempt, order.Attempt);
            await site.Home.OutcomeAsync(order.AttemptId, "NO_ANSWER");
            await site.AdvanceAsync(TimeSpan.FromSeconds(10));
        }
        Assert.Equal("ATTEMPT_FAILED ATTEMPT_FAILED FINAL_ATTEMPT_FAILED", await site.EventsAsync(Phone));
        Assert.Equal("COMPLETED/NOT_REACHED", await site.Home.StateAsync(id));
        var final = (await site.InboxAsync(Phone))[^1];
        Assert.Equal(("3", "3", "NO_ANSWER"), (final.Data("attempt"), final.Data("maxAttempts"), final.Data("outcome")));
        Assert.Null(await site.Home.NextAsync(Queue));
    }

    [Fact, Trait("Rule", "D6")]
    public async Task INVALID_NUMBER_ends_at_once_with_FINAL()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var answer = await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        Assert.Equal(("COMPLETED", "INVALID_NUMBER"), (answer["callbackState"]!.GetValue<string>(), answer["callbackReason"]!.GetValue<string>()));
        Assert.Equal("COMPLETED/INVALID_NUMBER", await site.Home.StateAsync(id));
        Assert.Equal("FINAL_ATTEMPT_FAILED", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "D6")]
    public async Task TRUNK_ERROR_uses_up_no_attempt_and_the_sixth_in_a_row_ends_with_FINAL()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        for (var i = 1; i <= 5; i++)
        {
            var order = await site.Home.DialAsync(Queue);
            Assert.Equal(1, order.Attempt);
            await site.Home.OutcomeAsync(order.AttemptId, "TRUNK_ERROR");
            Assert.Null(await site.Home.NextAsync(Queue));
            await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        }
        Assert.Empty(await site.InboxAsync(Phone));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "TRUNK_ERROR");
        Assert.Equal("FINAL_ATTEMPT_FAILED", await site.EventsAsync(Phone));
        Assert.Equal("COMPLETED/TRUNK_ERROR", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "D6")]
    public async Task A_call_that_reached_the_network_starts_the_count_of_trunk_errors_anew()
    {
        await using var site = await StartAsync(new { retrySeconds = new { noAnswer = 1, trunkError = 1 } });
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        foreach (var outcome in (string[])[.. Enumerable.Repeat("TRUNK_ERROR", 5), "NO_ANSWER", .. Enumerable.Repeat("TRUNK_ERROR", 5)])
        {
            await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, outcome);
            await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(2, (await site.Home.DialAsync(Queue)).Attempt);
        Assert.Equal("ATTEMPT_FAILED", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "D5")]
    public async Task NOT_DIALLED_gives_the_callback_back_to_its_place_and_uses_nothing_up()
    {
        await using var site = await StartAsync();
        var first = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        var order = await site.Home.DialAsync(Queue);
        var answer = await site.Home.OutcomeAsync(order.AttemptId, "NOT_DIALLED");
        Assert.Equal(("QUEUED", null), (answer["callbackState"]!.GetValue<string>(), answer["nextAttemptAt"]));
        Assert.Equal(1, (await site.Home.RetrieveAsync(first)).Position);
        var again = await site.Home.DialAsync(Queue);
        Assert.Equal((first, 1), (again.CallbackId, again.Attempt));
        Assert.NotEqual(order.AttemptId, again.AttemptId);
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Fact, Trait("Rule", "D5")]
    public async Task CONNECTED_then_COMPLETED_is_the_good_path_and_sends_nothing()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        Assert.Equal("PROCESSING", (await site.Home.OutcomeAsync(order.AttemptId, "CONNECTED"))["callbackState"]!.GetValue<string>());
        Assert.Equal("PROCESSING", await site.Home.StateAsync(id));
        var end = await site.Home.OutcomeAsync(order.AttemptId, "COMPLETED");
        Assert.Equal(("COMPLETED", "CONNECTED"), (end["callbackState"]!.GetValue<string>(), end["callbackReason"]!.GetValue<string>()));
        Assert.Equal("COMPLETED/CONNECTED", await site.Home.StateAsync(id));
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Theory, Trait("Rule", "D5")]
    [InlineData("CONNECTED")]
    [InlineData("NO_ANSWER")]
    [InlineData("BUSY")]
    [InlineData("DECLINED")]
    [InlineData("MACHINE")]
    [InlineData("INVALID_NUMBER")]
    [InlineData("TRUNK_ERROR")]
    [InlineData("NOT_DIALLED")]
    [InlineData("COMPLETED")]
    public async Task The_same_outcome_again_gets_the_same_answer_and_any_other_409(string outcome)
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var attempt = (await site.Home.DialAsync(Queue)).AttemptId;
        var first = (await site.Home.TryOutcomeAsync(attempt, outcome)).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(first.Body, (await site.Home.TryOutcomeAsync(attempt, outcome)).ExpectOk().Body);

        await site.RestartServerAsync();
        Assert.Equal(first.Body, (await site.Home.TryOutcomeAsync(attempt, outcome)).ExpectOk().Body);
        var state = await site.Home.StateAsync(id);
        foreach (var other in (string[])["NO_ANSWER", "NOT_DIALLED", "INVALID_NUMBER", "CONNECTED"])
        {
            if (other == outcome) continue;
            var refused = (await site.Home.TryOutcomeAsync(attempt, other)).Expect(HttpStatusCode.Conflict);
            Assert.Equal("attempt.state", refused.Json["code"]!.GetValue<string>());
        }
        Assert.Equal(state, await site.Home.StateAsync(id));
        Assert.True((await site.InboxAsync(Phone)).Count <= 1);
    }

    [Fact, Trait("Rule", "D6")]
    public async Task A_retry_that_would_fall_after_the_purge_makes_this_attempt_the_final_one_and_there_is_no_PURGED()
    {
        await using var site = await StartAsync(new { maxTimeInQueueSeconds = 400 });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(100));
        var answer = await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        Assert.Equal("NOT_REACHED", answer["callbackReason"]!.GetValue<string>());
        await site.AdvanceAsync(TimeSpan.FromSeconds(400));
        Assert.Equal("FINAL_ATTEMPT_FAILED", await site.EventsAsync(Phone));
        Assert.Equal("COMPLETED/NOT_REACHED", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "D5")]
    public async Task An_agent_who_holds_an_attempt_gets_it_again()
    {
        await using var site = await StartAsync();
        await site.Home.CreateQueueAsync("sales");
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        await site.Home.CreateCallbackAsync("sales", ["phone-3"]);
        var order = await site.Home.DialAsync(Queue);
        Assert.Equal(order.AttemptId, (await site.Home.DialAsync(Queue)).AttemptId);
        Assert.Equal(order.AttemptId, (await site.Home.DialAsync("sales")).AttemptId);
        await site.RestartServerAsync();
        Assert.Equal(order.AttemptId, (await site.Home.DialAsync(Queue)).AttemptId);
        Assert.NotEqual(order.AttemptId, (await site.Home.DialAsync(Queue, "Bea")).AttemptId);
    }

    [Fact, Trait("Rule", "D5")]
    public async Task No_more_callbacks_are_in_flight_than_the_cap_allows()
    {
        await using var site = await StartAsync(new { inFlightCap = 1 });
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        var order = await site.Home.DialAsync(Queue);
        Assert.Null(await site.Home.NextAsync(Queue, "Bea"));
        await site.Home.OutcomeAsync(order.AttemptId, "CONNECTED"); // PROCESSING is not in flight.
        Assert.NotNull(await site.Home.NextAsync(Queue, "Bea"));
    }

    [Fact, Trait("Rule", "D5")]
    public async Task Next_waits_until_somebody_can_be_called()
    {
        await using var site = await StartAsync();
        var waiting = site.Home.NextAsync(Queue, waitSeconds: 30);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await Eventually.EndsAsync(waiting);
        Assert.Equal(id, order!.CallbackId);

        await site.Home.OutcomeAsync(order.AttemptId, "BUSY");
        waiting = site.Home.NextAsync(Queue, waitSeconds: 60);
        await site.AdvanceAsync(TimeSpan.FromSeconds(59));
        Assert.False(waiting.IsCompleted);
        await site.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Null(await Eventually.EndsAsync(waiting));

        // The clock alone ends the pause and hands the callback to whoever waits.
        waiting = site.Home.NextAsync(Queue, waitSeconds: 60);
        await Eventually.UntilAsync(async () => { site.Clock.Advance(TimeSpan.FromSeconds(1)); return await Task.FromResult(waiting.IsCompleted); }, "the retry");
        Assert.Equal(2, (await waiting)!.Attempt);
    }

    [Fact, Trait("Rule", "D2")]
    public async Task A_retry_keeps_its_place_and_is_ahead_of_nobody_while_it_pauses()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue);
        var first = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        var second = await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "BUSY");
        Assert.Equal(1, (await site.Home.RetrieveAsync(second)).Position);
        Assert.Equal(120, (await site.Home.RetrieveAsync(first)).WaitSeconds);
        await site.AdvanceAsync(TimeSpan.FromSeconds(120));
        Assert.Equal((1, 2), ((await site.Home.RetrieveAsync(first)).Position, (await site.Home.RetrieveAsync(second)).Position));
        Assert.Equal(first, (await site.Home.DialAsync(Queue)).CallbackId);
    }

    private async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteAttemptTests() : AttemptTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlAttemptTests() : AttemptTests(SiteDatabase.PostgreSql);
