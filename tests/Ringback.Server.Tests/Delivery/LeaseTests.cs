namespace Ringback.Server.Tests.Delivery;

/// <summary>A send has time for a token and a request before its lease ends (ARCHITECTURE.md, decision 0004).</summary>
public sealed class LeaseTests
{
    private const string Queue = "support";

    [Theory, Trait("Rule", "B10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_push_that_has_waited_its_turn_is_sent_under_a_lease_that_has_room_for_a_token_and_a_request(SiteDatabase on)
    {
        // One send in fifteen seconds, so the second push waits for that long in memory under the lease that it was committed with.
        await using var site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Delivery:MessagesPerMinute"] = "4", ["Delivery:RampUpSeconds"] = "0" }, on: on);
        await site.Home.CreateQueueAsync(Queue);
        await site.ExpectSendAsync(Queue, "phone-1");
        await site.Phones.AddRuleAsync(new { effect = "hang" });
        await site.Home.FailForGoodAsync(Queue, "phone-2");
        for (var second = 0; second < 17 && await site.Phones.StruckAsync() == 0; second++) await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Eventually.UntilAsync(async () => await site.Phones.StruckAsync() == 1, "the second push to be sent");

        var leaseEndsAt = Ringback.Engine.Clock.FromMicroseconds(Assert.Single(site.Query("select next_at from outbox where lease_owner is not null", r => r.GetInt64(0))));
        Assert.InRange(leaseEndsAt - site.Now, TimeSpan.FromSeconds(19), TimeSpan.FromSeconds(30)); // 20 s, of which the second in which it was sent may be gone.
    }

    [Theory, Trait("Rule", "B11")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Pushes_that_wait_in_memory_for_longer_than_their_lease_go_out_once(SiteDatabase on)
    {
        // One in two seconds: the last of those that are decided in one instant goes out after the leases of all have ended.
        await using var site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Delivery:MessagesPerMinute"] = "30", ["Delivery:RampUpSeconds"] = "0" }, on: on);
        await site.Home.CreateQueueAsync(Queue);
        for (var i = 0; i < 20; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        for (var second = 0; second < 31; second++) await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.InRange((await site.Phones.InboxAsync()).Count, 1, 19);
        for (var second = 0; second < 30; second++) await site.AdvanceAsync(TimeSpan.FromSeconds(1));

        var arrived = await site.InboxAsync();
        Assert.Equal(20, arrived.Select(push => push.NotificationId).Distinct().Count());
        Assert.Equal(20, arrived.Count);
    }

    [Theory, Trait("Rule", "B11")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Pushes_whose_answers_cannot_be_recorded_for_longer_than_their_lease_go_out_once(SiteDatabase on)
    {
        // One row at a time: while the first answers are recorded, the sweep looks for what is due.
        await using var site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Delivery:ClaimSize"] = "1" }, on: on);
        await site.Home.CreateQueueAsync(Queue);
        await site.Phones.AddRuleAsync(new { effect = "latency", latencyMs = 5_000 });
        for (var i = 0; i < 40; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        await Eventually.UntilAsync(async () => await site.Phones.StruckAsync() == 40, "all of them to be on their way");
        using (site.HideTable("outbox"))
        {
            for (var second = 0; second < 5; second++) site.Clock.Advance(TimeSpan.FromSeconds(1));
            await Eventually.UntilAsync(() => Task.FromResult(site.ServerLog.Lines.Count(line => line.Contains("was accepted", StringComparison.Ordinal)) == 40), "all of them to be answered");
            for (var second = 0; second < 40; second++) site.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        for (var second = 0; second < 12; second++) await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(40, (await site.InboxAsync()).Count);
        Assert.All(site.Outbox(), push => Assert.Equal("accepted", push.State));
    }
}
