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
}
