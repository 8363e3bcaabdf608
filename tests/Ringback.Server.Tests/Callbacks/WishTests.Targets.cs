namespace Ringback.Server.Tests.Callbacks;

/// <content>Other push targets: unsent pushes follow, and nobody hears an event twice (rules B9, B10).</content>
public sealed partial class WishTests
{
    [Fact, Trait("Rule", "B10")]
    public async Task An_unsent_push_follows_to_the_new_target_under_the_same_notificationId()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, ["unavailable-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.SettleAsync();
        var decided = Ids();
        (await ReplaceAsync(site, id, "good-1")).ExpectOk();
        var push = await site.AdvanceUntilPushAsync("good-1", "CALLBACK_ATTEMPT_FAILED", TimeSpan.FromMinutes(4));
        var row = Assert.Single(site.Outbox());
        Assert.Equal(("accepted", 0), (row.State.ToLowerInvariant(), row.Target));
        Assert.Equal(id.ToString(), push.Data("callbackId"));
        Assert.Equal(decided, Ids());
        Assert.Empty(await site.InboxAsync("unavailable-1"));

        IReadOnlyList<string> Ids() => site.Query("select hex(notification_id) from outbox", r => r.GetString(0));
    }

    [Fact, Trait("Rule", "B9")]
    public async Task Who_stays_keeps_the_slot_and_hears_nothing_twice_and_who_is_new_hears_what_comes()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, ["a-1", "b-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.WaitForPushAsync("b-1", "CALLBACK_ATTEMPT_FAILED");
        (await ReplaceAsync(site, id, "c-1", "b-1", "a-1")).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromMinutes(5));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await site.WaitForPushAsync("c-1", "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.SettleAsync();
        Assert.Equal("ATTEMPT_FAILED FINAL_ATTEMPT_FAILED", await site.EventsAsync("a-1"));
        Assert.Equal("ATTEMPT_FAILED FINAL_ATTEMPT_FAILED", await site.EventsAsync("b-1"));
        Assert.Equal("FINAL_ATTEMPT_FAILED", await site.EventsAsync("c-1"));
    }

    [Fact, Trait("Rule", "B9")]
    public async Task Who_is_gone_hears_nothing_any_more_and_the_unsent_push_is_withdrawn()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, ["unavailable-1", "b-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.WaitForPushAsync("b-1", "CALLBACK_ATTEMPT_FAILED");
        await site.SettleAsync();
        (await ReplaceAsync(site, id, "b-1")).ExpectOk();
        Assert.Contains(site.Outbox(), row => row is { Target: 0, Code: "target.replaced" });
        var sent = (await site.InboxAsync("unavailable-1")).Count;
        await site.AdvanceAsync(TimeSpan.FromMinutes(5));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await site.WaitForPushAsync("b-1", "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(sent, (await site.InboxAsync("unavailable-1")).Count);
        Assert.Equal("ATTEMPT_FAILED FINAL_ATTEMPT_FAILED", await site.EventsAsync("b-1"));
    }

    [Fact, Trait("Rule", "B9")]
    public async Task A_dead_target_is_replaced_by_one_that_lives_also_across_a_restart()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, ["unregistered-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.SettleAsync();
        (await ReplaceAsync(site, id, "good-1", "good-2")).ExpectOk();
        await site.RestartServerAsync();
        await site.AdvanceAsync(TimeSpan.FromMinutes(5));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await site.WaitForPushAsync("good-1", "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.WaitForPushAsync("good-2", "CALLBACK_FINAL_ATTEMPT_FAILED");
    }

    [Fact, Trait("Rule", "B9")]
    public async Task A_callback_that_was_created_without_targets_gets_none()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue);
        Assert.Equal(7045, (await ReplaceAsync(site, id, "good-1")).Expect(HttpStatusCode.BadRequest).EnvelopeCode);
    }

    private static Task<ApiAnswer> ReplaceAsync(TestSite site, Guid id, params string[] targets) => site.Home.EngageAsync("callbacks/push-targets", Targets(id, targets));
}
