namespace Ringback.Server.Tests.Delivery;

/// <summary>Every rule of the emulator's fault list against the real program (rules B9–B11, fcm.md's table).</summary>
public sealed class FaultTests
{
    private const string Queue = "support";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";

    [Theory, Trait("Rule", "B10")]
    [InlineData("reset", "RESET")]
    [InlineData("html502", "HTTP_502")]
    [InlineData("hang", "TIMEOUT")]
    public async Task A_broken_answer_is_sent_again_under_the_same_notification_id(string effect, string code)
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(new { effect });
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        var waiting = await FirstSendEndsAsync(site);
        Assert.Equal(("pending", 1, code), (waiting.State, waiting.Attempts, waiting.Code));

        await site.Phones.BringBackAsync();
        await site.AdvanceUntilPushAsync("phone-1", Final, TimeSpan.FromMinutes(2));
        await site.SettleAsync();
        Assert.Equal("accepted", Assert.Single(site.Outbox()).State);
        Assert.Single(await site.InboxAsync("phone-1"));
    }

    [Theory, Trait("Rule", "B11")]
    [InlineData("reset", 0)]
    [InlineData("html502", 0)]
    [InlineData("hang", 0)]
    [InlineData("slowBody", 15_000)]
    public async Task An_answer_that_is_lost_after_FCM_took_the_message_repeats_it_and_never_doubles_it(string effect, int bodyMs)
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(bodyMs > 0 ? new { effect, bodyMs, acceptFirst = true } : new { effect, acceptFirst = true });
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        Assert.Equal("pending", (await FirstSendEndsAsync(site)).State);
        await site.Phones.BringBackAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(40));

        var arrived = await site.InboxAsync("phone-1");
        Assert.Equal((2, 1), (arrived.Count, arrived.Select(p => p.NotificationId).Distinct().Count()));
        Assert.Equal("accepted", Assert.Single(site.Outbox()).State);
    }

    [Fact, Trait("Rule", "B10")]
    public async Task An_answer_that_trickles_in_within_the_time_out_counts()
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(new { effect = "slowBody", bodyMs = 3_000 });
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.SettleAsync();
        // Ten pieces, each after a wait of its own.
        for (var i = 0; i < 20 && Assert.Single(site.Outbox()).State == "pending"; i++)
        {
            site.Clock.Advance(TimeSpan.FromMilliseconds(300));
            await site.SettleAsync();
        }
        var row = Assert.Single(site.Outbox());
        Assert.Equal(("accepted", 1), (row.State, row.Attempts));
    }

    [Theory, Trait("Rule", "B10")]
    [InlineData("QUOTA_EXCEEDED", "seconds")]
    [InlineData("QUOTA_EXCEEDED", "date")]
    [InlineData("UNAVAILABLE", "seconds")]
    [InlineData("UNAVAILABLE", "date")]
    [InlineData("INTERNAL", "seconds")]
    public async Task Retry_After_in_either_form_is_respected_to_the_second(string error, string retryAfterAs)
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error, retryAfterSeconds = 75, retryAfterAs });
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.AdvanceAsync(TimeSpan.FromSeconds(73));
        Assert.Equal((1, error), Assert.Single(site.Outbox()) is var row ? (row.Attempts, row.Code) : default);
        await site.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(2, Assert.Single(site.Outbox()).Attempts);
    }

    /// <summary>What becomes of a push by each error: its state, the code that it is shown with, and whether the project is accused, which every push of it waits for.</summary>
    public static TheoryData<string, string, string, bool> Errors => new()
    {
        { "UNREGISTERED", "target_dead", "UNREGISTERED", false },
        { "SENDER_ID_MISMATCH", "target_foreign", "SENDER_ID_MISMATCH", false },
        { "INVALID_ARGUMENT", "target_suspect", "INVALID_ARGUMENT", false },
        { "SCHEMA", "rejected", "INVALID_ARGUMENT", false },
        { "THIRD_PARTY_AUTH_ERROR", "rejected", "THIRD_PARTY_AUTH_ERROR", false },
        { "UNAUTHENTICATED", "pending", "credential.access_token", true },
        { "SERVICE_DISABLED", "pending", "credential.api_disabled", true },
        { "IAM_PERMISSION_DENIED", "pending", "credential.role_missing", true },
        { "PROJECT_NOT_FOUND", "pending", "credential.wrong_project", true },
        { "QUOTA_EXCEEDED", "pending", "QUOTA_EXCEEDED", false },
        { "INTERNAL", "pending", "INTERNAL", false },
        { "UNAVAILABLE", "pending", "UNAVAILABLE", false },
    };

    [Theory, Trait("Rule", "B9"), MemberData(nameof(Errors))]
    public async Task Every_error_of_the_table_ends_the_push_or_keeps_it_and_never_touches_the_next_target(string error, string state, string code, bool isOfProject)
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error, token = "bad" });
        await site.Home.FailForGoodAsync(Queue, "bad");
        await Eventually.UntilAsync(() => Task.FromResult(site.Outbox() is [{ Code: not null }]), "the answer to the bad one");
        var bad = Assert.Single(site.Outbox());
        Assert.Equal((state, code, isOfProject ? 0 : 1), (bad.State, bad.Code, bad.Attempts));

        // A probe of the credentials with the bad one would be refused again, and rightly.
        if (isOfProject) await site.Phones.BringBackAsync();
        await site.Home.FailForGoodAsync(Queue, "good");
        await site.AdvanceUntilPushAsync("good", Final, TimeSpan.FromSeconds(isOfProject ? 35 : 5));
        Assert.Equal(isOfProject ? 1 : 0, (await site.InboxAsync("bad")).Count);
    }

    [Fact, Trait("Rule", "B9")]
    public async Task The_table_has_every_error_that_the_emulator_knows()
    {
        await using var site = await TestSite.StartAsync(provision: false);
        Assert.Equal(await site.Phones.KnownErrorsAsync(), Errors.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
    }

    [Theory, Trait("Rule", "B10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_broken_credential_is_probed_by_one_push_at_a_time_and_then_everything_goes_out(SiteDatabase on)
    {
        await using var site = await StartAsync(on: on);
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        await site.Home.FailForGoodAsync(Queue, "phone-0");
        await site.SettleAsync();
        for (var i = 1; i < 8; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        await site.AdvanceAsync(TimeSpan.FromSeconds(65));
        // The first push, and a probe at 30 s and at 60 s.
        Assert.Equal(3, await site.Phones.StruckAsync());
        Assert.All(site.Outbox(), row => Assert.Equal(("pending", 0), (row.State, row.Attempts)));

        await site.Phones.BringBackAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(8, (await site.InboxAsync()).Count);
        Assert.All(site.Outbox(), row => Assert.Equal(("accepted", 1), (row.State, row.Attempts)));
    }

    [Fact, Trait("Rule", "B10")]
    public async Task While_a_credential_is_broken_what_expires_is_recorded_without_a_send()
    {
        await using var site = await StartAsync(settings: new { timeToLiveSeconds = new Dictionary<string, int> { [Final] = 40 } });
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        for (var i = 0; i < 4; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        await site.AdvanceAsync(TimeSpan.FromSeconds(50));
        Assert.All(site.Outbox(), row => Assert.Equal("expired", row.State));
        await site.Phones.BringBackAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(40));
        Assert.Empty(await site.InboxAsync());
    }

    [Fact, Trait("Rule", "E3")]
    public async Task One_tenants_broken_key_delays_nobody_else()
    {
        await using var site = await StartAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        (await site.Other.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere)).ExpectOk();
        await site.Other.CreateQueueAsync(Queue);
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED", projectId = FirebaseAccount.First.Project });
        for (var i = 0; i < 5; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        await site.Other.CreateCallbackAsync(Queue, ["other"]);
        await site.Other.OutcomeAsync((await site.Other.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await site.WaitForPushAsync("other", Final);
        Assert.Equal(["other"], (await site.InboxAsync()).Select(p => p.Token));
    }

    [Fact, Trait("Rule", "B10")]
    public async Task The_quota_of_the_project_holds_pushes_back_and_loses_none()
    {
        await using var site = await StartAsync();
        await site.Phones.SetQuotaAsync(3); // The check of the credentials has used none: the quota counts from now.
        for (var i = 0; i < 5; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        await site.SettleAsync();
        Assert.Contains(site.Outbox(), row => row is { State: "pending", Code: "QUOTA_EXCEEDED" });
        await site.AdvanceAsync(TimeSpan.FromSeconds(150));
        Assert.All(site.Outbox(), row => Assert.Equal("accepted", row.State));
        Assert.Equal(5, (await site.InboxAsync()).Select(p => p.NotificationId).Distinct().Count());
    }

    [Fact, Trait("Rule", "B10")]
    public async Task Our_own_quota_sends_no_faster_than_it_says()
    {
        await using var site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Delivery:MessagesPerMinute"] = "60", ["Delivery:RampUpSeconds"] = "0" });
        await site.Home.CreateQueueAsync(Queue);
        for (var i = 0; i < 6; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        await site.SettleAsync();
        for (var second = 0; second < 20; second++)
        {
            Assert.InRange((await site.Phones.InboxAsync()).Count, 1, second + 1);
            await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(6, (await site.Phones.InboxAsync()).Count);
    }

    [Theory, Trait("Rule", "F2")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_stop_waits_for_the_answers_to_what_was_sent_and_gives_the_rest_back(SiteDatabase on)
    {
        await using var site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Delivery:SendsInFlight"] = "1" }, on: on);
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.FailForGoodAsync(Queue, "slow-1");
        await site.Home.FailForGoodAsync(Queue, "phone-2");
        await site.WaitForPushAsync("slow-1", Final);
        var stop = site.StopServerAsync();
        // The answer comes after 3 s; it is waited for by the one clock, which moves only here.
        for (var i = 0; i < 20 && !stop.IsCompleted; i++)
        {
            site.Clock.Advance(TimeSpan.FromSeconds(0.5));
            await Eventually.TryStepAsync(stop);
        }
        await Eventually.EndsAsync(stop.ContinueWith(_ => true, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default));
        Assert.Equal([("accepted", 1), ("pending", 0)], site.Outbox().Select(row => (row.State, row.Attempts)).Order());
        Assert.Equal(0, site.Query("select count(*) from outbox where lease_owner is not null", r => r.GetInt64(0))[0]);

        await site.StartServerAsync();
        await site.WaitForPushAsync("phone-2", Final);
        Assert.Equal(2, (await site.InboxAsync()).Count);
    }

    [Fact, Trait("Rule", "F2")]
    public async Task A_stop_waits_no_longer_than_the_setting_and_the_push_is_sent_again_under_the_same_id()
    {
        await using var site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Delivery:DrainSeconds"] = "2" });
        await site.Home.CreateQueueAsync(Queue);
        await site.Phones.AddRuleAsync(new { effect = "hang", acceptFirst = true });
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.WaitForPushAsync("phone-1", Final);
        var stop = site.StopServerAsync();
        for (var i = 0; i < 10 && !stop.IsCompleted; i++)
        {
            site.Clock.Advance(TimeSpan.FromSeconds(0.5));
            await Eventually.TryStepAsync(stop);
        }
        await Eventually.EndsAsync(stop.ContinueWith(_ => true, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default));
        await site.Phones.BringBackAsync();
        await site.StartServerAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(31));
        var arrived = await site.InboxAsync("phone-1");
        Assert.Equal((2, 1), (arrived.Count, arrived.Select(p => p.NotificationId).Distinct().Count()));
    }

    // A refusal comes at once and its repeat ten seconds later at the earliest; silence ends with the time-out of ten seconds.
    private static async Task<OutboxItem> FirstSendEndsAsync(TestSite site)
    {
        await site.SettleAsync();
        for (var second = 0; second < 15 && Assert.Single(site.Outbox()).Attempts == 0; second++) await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        return Assert.Single(site.Outbox());
    }

    private static async Task<TestSite> StartAsync(object? settings = null, SiteDatabase on = SiteDatabase.Sqlite)
    {
        var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}
