namespace Ringback.Server.Tests.Delivery;

/// <summary>One app's flood or broken key holds up no other app of its tenant (rule B10).</summary>
public sealed class FairnessTests
{
    private const string Queue = "support", Partners = "partners";
    private const int Flood = 8;
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";

    [Theory, Trait("Rule", "B10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Beside_an_app_that_waits_for_its_quota_another_app_of_the_tenant_sends_at_once(SiteDatabase on)
    {
        // The flood has more rows than the memory has room, and the database more than are claimed ahead.
        await using var site = await StartAsync(on, new() { ["Delivery:MessagesPerMinute"] = "60", ["Delivery:RampUpSeconds"] = "0", ["Delivery:HandoverCapacity"] = "4" });
        for (var i = 0; i < Flood; i++) await site.Home.FailForGoodAsync(Partners, $"partner-{i}");
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.WaitForPushAsync("phone-1", Final);
        for (var i = 2; i < 5; i++)
        {
            await site.AdvanceAsync(TimeSpan.FromSeconds(1));
            await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
            await site.WaitForPushAsync($"phone-{i}", Final);
        }
        var sent = await site.Phones.InboxAsync();
        Assert.Equal(4, sent.Count(push => push.Project == FirebaseAccount.First.Project));
        Assert.InRange(sent.Count(push => push.Project == FirebaseAccount.Elsewhere.Project), 1, 5);
        for (var i = 0; i < Flood; i++) await site.AdvanceUntilPushAsync($"partner-{i}", Final, TimeSpan.FromSeconds(30));
        Assert.Equal(Flood + 4, (await site.InboxAsync()).Select(push => push.NotificationId).Distinct().Count());
    }

    [Theory, Trait("Rule", "B10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Beside_an_app_whose_key_is_refused_another_app_of_the_tenant_sends_and_nothing_of_the_first_is_claimed(SiteDatabase on)
    {
        await using var site = await StartAsync(on, new() { ["Delivery:HandoverCapacity"] = "4" });
        await site.Phones.RevokeAsync(FirebaseAccount.Elsewhere);
        for (var i = 0; i < Flood; i++) await site.Home.FailForGoodAsync(Partners, $"partner-{i}");
        await site.SettleAsync();
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.WaitForPushAsync("phone-1", Final);
        await site.StopServerAsync();
        // Due and taken by nobody, as after a restart on a full outbox.
        site.Tamper("update outbox set next_at = 0, last_code = null where state = 0 and app = 'partner'");
        await site.StartServerAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(10));
        await site.Home.FailForGoodAsync(Queue, "phone-2");
        await site.WaitForPushAsync("phone-2", Final);
        await site.SettleAsync();
        Assert.Equal(Flood, site.Outbox().Count(row => row.State == "pending"));
        // Two were claimed, for which there was room, and met the refusal; what came after them was left where it lies.
        Assert.Equal(Flood - 2, site.Outbox().Count(row => row is { State: "pending", Code: null }));

        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        await site.AdvanceAsync(TimeSpan.FromSeconds(30)); // The probe.
        for (var i = 0; i < Flood; i++) await site.AdvanceUntilPushAsync($"partner-{i}", Final, TimeSpan.FromMinutes(1));
        Assert.Equal(Flood + 2, (await site.InboxAsync()).Select(push => push.NotificationId).Distinct().Count());
    }

    [Theory, Trait("Rule", "B10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task What_a_full_memory_has_left_in_the_database_follows_as_room_comes_and_not_sweep_by_sweep(SiteDatabase on)
    {
        await using var site = await StartAsync(on, new() { ["Delivery:RampUpSeconds"] = "0", ["Delivery:HandoverCapacity"] = "8" });
        (await site.Home.ManageAsync(HttpMethod.Post, "delivery/pause", new { queue = Partners })).ExpectOk();
        for (var i = 0; i < 2 * Flood; i++) await site.Home.FailForGoodAsync(Partners, $"partner-{i}");
        (await site.Home.ManageAsync(HttpMethod.Post, "delivery/resume", new { queue = Partners })).ExpectOk();
        // The clock stands still from here on, and with it the sweep.
        for (var i = 0; i < 2 * Flood; i++) await site.WaitForPushAsync($"partner-{i}", Final);
    }

    private static async Task<TestSite> StartAsync(SiteDatabase on, Dictionary<string, string?> settings)
    {
        var site = await TestSite.StartAsync(settings: settings, on: on);
        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere, app: "partner")).ExpectOk();
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.CreateQueueAsync(Partners, new { firebaseApp = "partner" });
        return site;
    }
}
