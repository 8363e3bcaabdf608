namespace Ringback.Server.Tests.Callbacks;

/// <summary>Cancel, in every state (rules D1, D7, B6).</summary>
public abstract class CancelTests(SiteDatabase database)
{
    private const string Queue = "support";
    private const string Phone = "phone-1";

    [Fact, Trait("Rule", "B6")]
    public async Task A_waiting_callback_is_cancelled_and_nothing_is_sent_ever_after()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var answer = (await site.Home.CancelAsync(id)).ExpectOk();
        Assert.Equal(id, answer.Data["id"]!.GetValue<Guid>());
        Assert.Equal("COMPLETED/CANCELLED", await site.Home.StateAsync(id));
        Assert.Null(await site.Home.NextAsync(Queue));
        await site.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Empty(await site.InboxAsync(Phone));
        Assert.Equal("COMPLETED/CANCELLED", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "D1")]
    public async Task A_scheduled_callback_is_cancelled()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue);
        var desired = site.Now.AddHours(1);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone], desired: desired);
        (await site.Home.CancelAsync(id)).ExpectOk();
        await site.AdvanceToAsync(desired.AddMinutes(1));
        Assert.Null(await site.Home.NextAsync(Queue));
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task A_callback_that_pauses_between_two_attempts_is_cancelled()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        (await site.Home.CancelAsync(id)).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromMinutes(6));
        Assert.Null(await site.Home.NextAsync(Queue));
        Assert.Equal("ATTEMPT_FAILED", await site.EventsAsync(Phone));
    }

    [Theory, Trait("Rule", "D7")]
    [InlineData("NO_ANSWER", false)]
    [InlineData("INVALID_NUMBER", false)]
    [InlineData("TRUNK_ERROR", false)]
    [InlineData("NOT_DIALLED", false)]
    [InlineData("COMPLETED", false)]
    [InlineData("CONNECTED", false)]
    [InlineData("NO_ANSWER", true)]
    public async Task The_late_outcome_of_a_callback_cancelled_in_ROUTING_is_recorded_and_gives_no_event(string outcome, bool restart)
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        (await site.Home.CancelAsync(id)).ExpectOk();
        Assert.Equal("COMPLETED/CANCELLED", await site.Home.StateAsync(id));
        if (restart) await site.RestartServerAsync();

        var answer = await site.Home.OutcomeAsync(order.AttemptId, outcome);
        Assert.Equal(("COMPLETED", "CANCELLED"), (answer["callbackState"]!.GetValue<string>(), answer["callbackReason"]!.GetValue<string>()));
        Assert.Contains(await site.Home.TimelineAsync(id), e => e.Kind == "attempt.outcome" && e.Detail["outcome"]!.GetValue<string>() == outcome);
        await site.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal("COMPLETED/CANCELLED", await site.Home.StateAsync(id));
        Assert.Empty(await site.InboxAsync(Phone));
        Assert.Null(await site.Home.NextAsync(Queue));
    }

    [Fact, Trait("Rule", "D5")]
    public async Task An_agent_is_free_again_after_the_late_outcome_of_a_cancelled_callback()
    {
        await using var site = await StartAsync(new { inFlightCap = 1 });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        (await site.Home.CancelAsync(id)).ExpectOk();
        await site.Home.OutcomeAsync(order.AttemptId, "NO_ANSWER");
        var next = await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        Assert.Equal(next, (await site.Home.DialAsync(Queue)).CallbackId);
    }

    [Fact, Trait("Rule", "D1")]
    public async Task PROCESSING_and_COMPLETED_cannot_be_cancelled()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        await site.Home.OutcomeAsync(order.AttemptId, "CONNECTED");
        var refused = (await site.Home.CancelAsync(id)).Expect(HttpStatusCode.BadRequest);
        Assert.Equal(7045, refused.EnvelopeCode);
        Assert.Contains("PROCESSING", refused.Message, StringComparison.Ordinal);
        await site.Home.OutcomeAsync(order.AttemptId, "COMPLETED");
        refused = (await site.Home.CancelAsync(id)).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("COMPLETED", refused.Message, StringComparison.Ordinal);
        Assert.Equal("COMPLETED/CONNECTED", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "E1")]
    public async Task An_id_that_nobody_has_is_not_found()
    {
        await using var site = await StartAsync();
        var id = Guid.CreateVersion7(site.Now);
        Assert.Equal(7044, (await site.Home.CancelAsync(id)).Expect(HttpStatusCode.NotFound).EnvelopeCode);
        Assert.Equal(7044, (await site.Home.EngageAsync("callbacks/retrieve", new { id })).Expect(HttpStatusCode.NotFound).EnvelopeCode);
        (await site.Home.AgentAsync(HttpMethod.Get, $"callbacks/{id}/timeline")).Expect(HttpStatusCode.NotFound);
        (await site.Home.TryOutcomeAsync(id, "BUSY")).Expect(HttpStatusCode.NotFound);
        (await site.Home.ExtendAsync(id, 10)).Expect(HttpStatusCode.NotFound);
    }

    private async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteCancelTests() : CancelTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlCancelTests() : CancelTests(SiteDatabase.PostgreSql);
