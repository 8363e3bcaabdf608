namespace Ringback.Server.Tests.Callbacks;

/// <content>Leases, outcomes that never come, calls that never end.</content>
public abstract partial class AttemptTests
{
    [Fact, Trait("Rule", "D5")]
    public async Task An_attempt_whose_lease_is_over_is_held_and_a_late_outcome_is_taken()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(121));
        Assert.Equal("ROUTING", await site.Home.StateAsync(id));
        Assert.Null(await site.Home.NextAsync(Queue));
        Assert.Null(await site.Home.NextAsync(Queue, "Bea"));
        Assert.Contains(await site.Home.TimelineAsync(id), e => e.Kind == "attempt.unknown");

        await site.AdvanceAsync(TimeSpan.FromMinutes(10));
        var answer = await site.Home.OutcomeAsync(order.AttemptId, "NO_ANSWER");
        Assert.Equal("QUEUED", answer["callbackState"]!.GetValue<string>());
        Assert.Equal("ATTEMPT_FAILED", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "D5")]
    public async Task An_outcome_that_never_comes_ends_as_OUTCOME_UNKNOWN_without_push_and_without_redial()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(120 + 899));
        Assert.Equal("ROUTING", await site.Home.StateAsync(id));
        await site.RestartServerAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("COMPLETED/OUTCOME_UNKNOWN", await site.Home.StateAsync(id));
        Assert.Null(await site.Home.NextAsync(Queue));
        Assert.Empty(await site.InboxAsync(Phone));
        (await site.Home.TryOutcomeAsync(order.AttemptId, "CONNECTED")).Expect(HttpStatusCode.Conflict);
    }

    [Fact, Trait("Rule", "D5")]
    public async Task The_lease_ends_by_the_clock_alone()
    {
        await using var site = await StartAsync(new { attemptLeaseSeconds = 10, unknownOutcomeHoldSeconds = 10 });
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.DialAsync(Queue);
        site.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.UntilAsync(() => Task.FromResult(site.Query("select 1 from attempts where state = 2", _ => 1).Count == 1), "the lease's end");
        site.Clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.UntilAsync(() => Task.FromResult(site.Query("select 1 from callbacks where state = 4 and reason = 10", _ => 1).Count == 1), "the hold's end");
    }

    [Fact, Trait("Rule", "D5")]
    public async Task Extend_gives_an_attempt_more_time()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(100));
        var extended = (await site.Home.ExtendAsync(order.AttemptId, 300)).ExpectOk();
        Assert.Equal(site.Now.AddSeconds(300), extended.Json["leaseEndsAt"]!.GetValue<DateTimeOffset>());
        await site.AdvanceAsync(TimeSpan.FromSeconds(299));
        Assert.DoesNotContain(await site.Home.TimelineAsync(id), e => e.Kind == "attempt.unknown");
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Contains(await site.Home.TimelineAsync(id), e => e.Kind == "attempt.unknown");

        await site.Home.OutcomeAsync(order.AttemptId, "NO_ANSWER");
        (await site.Home.ExtendAsync(order.AttemptId, 300)).Expect(HttpStatusCode.Conflict);
    }

    [Fact, Trait("Rule", "D5")]
    public async Task A_call_whose_end_is_never_reported_is_assumed_ended_after_four_hours()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        await site.Home.OutcomeAsync(order.AttemptId, "CONNECTED");
        await site.AdvanceAsync(TimeSpan.FromHours(4) - TimeSpan.FromSeconds(1));
        Assert.Equal("PROCESSING", await site.Home.StateAsync(id));
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("COMPLETED/ASSUMED_ENDED", await site.Home.StateAsync(id));
        Assert.Empty(await site.InboxAsync(Phone));
    }
}
