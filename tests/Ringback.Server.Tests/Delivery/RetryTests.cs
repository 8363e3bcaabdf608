using System.Globalization;

namespace Ringback.Server.Tests.Delivery;

/// <summary>Several targets, dead ones, and when a push is sent again (rules B9, B11, ARCHITECTURE.md).</summary>
public sealed class RetryTests
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "B9")]
    public async Task Every_target_gets_every_event_and_a_bad_one_neither_delays_nor_hides_another()
    {
        await using var site = await StartAsync();
        string[] targets = ["unregistered-1", "good-2", "invalid-3", "unavailable-4", "quota-5", "mismatch-6", "internal-7", "slow-8", "good-9"];
        await FailAsync(site, targets);
        var good = await site.WaitForPushAsync("good-2", "CALLBACK_ATTEMPT_FAILED");
        var last = await site.WaitForPushAsync("good-9", "CALLBACK_ATTEMPT_FAILED");
        var slow = await site.WaitForPushAsync("slow-8", "CALLBACK_ATTEMPT_FAILED");
        Assert.Equal(3, new HashSet<string> { good.NotificationId, last.NotificationId, slow.NotificationId }.Count);
        Assert.Equal((good.Data("sequence"), good.Data("callbackId")), (last.Data("sequence"), last.Data("callbackId")));

        await site.AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.Equal(
            ["target_dead", "accepted", "target_suspect", "pending", "pending", "target_foreign", "pending", "accepted", "accepted"],
            site.Outbox().OrderBy(r => r.Target).Select(r => r.State));
    }

    [Fact, Trait("Rule", "B9")]
    public async Task A_target_that_FCM_calls_UNREGISTERED_is_dead_and_gets_nothing_any_more()
    {
        await using var site = await StartAsync();
        var id = await FailAsync(site, ["unregistered-1", "good-2"]);
        await site.SettleAsync();
        Assert.Equal([1, 0], site.Query("select state from push_targets order by ordinal", r => r.GetInt32(0)));
        await site.AdvanceAsync(TimeSpan.FromSeconds(301));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        Assert.Equal("ATTEMPT_FAILED FINAL_ATTEMPT_FAILED", await site.EventsAsync("good-2"));
        var dead = site.Outbox().Where(r => r.Target == 0).ToList();
        Assert.Equal([("target_dead", 1, "UNREGISTERED"), ("target_dead", 0, "target.dead")], dead.Select(r => (r.State, r.Attempts, r.Code!)));
        Assert.Contains(await site.Home.TimelineAsync(id), e => e.Kind == "push.target_dead");
    }

    [Fact, Trait("Rule", "B9")]
    public async Task An_address_that_FCM_only_suspects_is_tried_again_with_the_next_event()
    {
        await using var site = await StartAsync();
        await FailAsync(site, ["invalid-1"]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(301));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await site.SettleAsync();
        Assert.Equal([("target_suspect", 1), ("target_suspect", 1)], site.Outbox().Select(r => (r.State, r.Attempts)));
    }

    [Fact, Trait("Rule", "B11")]
    public async Task A_resend_carries_the_same_notification_id_and_what_is_left_of_the_time_to_live()
    {
        await using var site = await StartAsync();
        await FailAsync(site, ["flaky-3-phone"]);
        await site.SettleAsync();
        var decided = site.Query("select json_extract(payload, '$.notificationId') from outbox", r => r.GetString(0))[0];
        var push = await site.AdvanceUntilPushAsync("flaky-3-phone", "CALLBACK_ATTEMPT_FAILED", TimeSpan.FromMinutes(4));
        Assert.Equal(decided, push.NotificationId);
        Assert.Equal(decided, push.Message["android"]!["notification"]!["tag"]!.GetValue<string>());
        Assert.Equal(4, Assert.Single(site.Outbox()).Attempts);

        var left = (int)(TestSite.Start.AddSeconds(300) - push.ReceivedAt).TotalSeconds;
        Assert.InRange(left, 1, 297);
        Assert.Equal($"{left}s", push.Message["android"]!["ttl"]!.GetValue<string>());
        Assert.Equal(left.ToString(CultureInfo.InvariantCulture), push.Message["webpush"]!["headers"]!["TTL"]!.GetValue<string>());
        Assert.Equal(TestSite.Start.AddSeconds(300).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), push.Message["apns"]!["headers"]!["apns-expiration"]!.GetValue<string>());
        Assert.Equal("2026-11-23T10:15:30.000Z", push.Data("occurredAt"));
    }

    [Theory, Trait("Rule", "B10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Retry_After_is_respected_to_the_second(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        await site.Phones.TakeAwayAsync(retryAfterSeconds: 45);
        await FailAsync(site, ["phone-1"]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(44));
        Assert.Equal(1, Assert.Single(site.Outbox()).Attempts);
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(2, Assert.Single(site.Outbox()).Attempts);
    }

    [Theory, Trait("Rule", "B10")]
    [InlineData("internal-1", 10, 20)]
    [InlineData("quota-1", 60, 120)]
    public async Task Without_Retry_After_a_push_waits_its_floor_and_at_most_as_long_again(string token, int least, int most)
    {
        await using var site = await StartAsync();
        await FailAsync(site, [token]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(least - 1));
        Assert.Equal(1, Assert.Single(site.Outbox()).Attempts);
        await site.AdvanceAsync(TimeSpan.FromSeconds(most - least + 3));
        Assert.InRange(Assert.Single(site.Outbox()).Attempts, 2, 3);
    }

    [Fact, Trait("Rule", "D10")]
    public async Task The_timeline_tells_what_was_decided_and_what_FCM_said()
    {
        await using var site = await StartAsync();
        var id = await FailAsync(site, ["good-1", "unavailable-2"]);
        await site.SettleAsync();
        var timeline = await site.Home.TimelineAsync(id);
        Assert.Equal(["created", "attempt.started", "attempt.outcome", "push.decided"], timeline.Select(e => e.Kind).Take(4));
        Assert.StartsWith("projects/fcm-client-11959/messages/", timeline.Single(e => e.Kind == "push.accepted").Detail["code"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("UNAVAILABLE", timeline.Single(e => e.Kind == "push.retrying").Detail["code"]!.GetValue<string>());
    }

    /// <summary>A callback whose first attempt meets nobody.</summary>
    private static async Task<Guid> FailAsync(TestSite site, string[] targets)
    {
        var id = await site.Home.CreateCallbackAsync(Queue, targets);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        return id;
    }

    private static async Task<TestSite> StartAsync(SiteDatabase on = SiteDatabase.Sqlite)
    {
        var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue);
        return site;
    }
}
