namespace Ringback.Server.Tests.Delivery;

/// <summary>Deliveries of a queue or a tenant are held, not lost, and go out when the pause ends (rule B10).</summary>
public sealed class PauseTests
{
    private const string Queue = "support", Sales = "sales";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";

    [Theory, Trait("Rule", "B10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_paused_queue_holds_its_pushes_through_a_restart_and_lets_them_go_at_its_end(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        (await PauseAsync(site, new { queue = Queue })).ExpectOk();
        var id = await FinalAsync(site, Queue, "phone-1");
        await FinalAsync(site, Sales, "phone-2");
        await site.WaitForPushAsync("phone-2", Final);
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        await site.RestartServerAsync();
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(await site.InboxAsync("phone-1"));
        var held = Assert.Single(await site.Home.TimelineAsync(id), entry => entry.Kind == "push.retrying");
        Assert.Equal(("delivery.paused", 0), (held.Detail["code"]!.GetValue<string>(), held.Detail["attempts"]!.GetValue<int>()));
        var delivery = Assert.Single((await site.Home.ManageAsync(HttpMethod.Get, "deliveries?state=PENDING")).ExpectOk().Json["deliveries"]!.AsArray())!;
        var reason = Assert.Single((await site.Home.ManageAsync(HttpMethod.Get, $"deliveries/{delivery["notificationId"]}")).ExpectOk().Json["waits"]!.AsArray())!;
        Assert.Equal("PAUSED", reason["code"]!.GetValue<string>());
        Assert.Contains("home administrator", reason["text"]!.GetValue<string>(), StringComparison.Ordinal);
        var pause = Assert.Single((await ShowAsync(site))["pauses"]!.AsArray())!;
        Assert.Equal((Queue, "home administrator"), (pause["queue"]!.GetValue<string>(), pause["pausedBy"]!.GetValue<string>()));

        (await ResumeAsync(site, new { queue = Queue })).ExpectOk();
        await site.WaitForPushAsync("phone-1", Final);
        await site.SettleAsync();
        Assert.All(site.Outbox(), row => Assert.Equal(("accepted", 1), (row.State, row.Attempts)));
        Assert.Empty((await ShowAsync(site))["pauses"]!.AsArray());
        Assert.Equal(["delivery.resumed", "delivery.paused"], (await AuditAsync(site)).Select(e => e!["action"]!.GetValue<string>()));
    }

    [Fact, Trait("Rule", "E3")]
    public async Task A_paused_tenant_holds_every_queue_and_nothing_of_another_tenant()
    {
        await using var site = await StartAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        (await site.Other.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere)).ExpectOk();
        await site.Other.CreateQueueAsync(Queue);
        (await PauseAsync(site, new { })).ExpectOk();
        await FinalAsync(site, Queue, "phone-1");
        await FinalAsync(site, Sales, "phone-2");
        await site.Other.CreateCallbackAsync(Queue, ["other"]);
        await site.Other.OutcomeAsync((await site.Other.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await site.WaitForPushAsync("other", Final);
        await site.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(["other"], (await site.InboxAsync()).Select(p => p.Token));
        Assert.Empty((await site.Other.ManageAsync(HttpMethod.Get, "delivery")).ExpectOk().Json["pauses"]!.AsArray());

        (await ResumeAsync(site, new { })).ExpectOk();
        await site.WaitForPushAsync("phone-1", Final);
        await site.WaitForPushAsync("phone-2", Final);
    }

    [Fact, Trait("Rule", "B10")]
    public async Task Two_pauses_over_a_queue_both_have_to_end_and_again_is_no_mistake()
    {
        await using var site = await StartAsync();
        (await PauseAsync(site, new { })).ExpectOk();
        (await PauseAsync(site, new { queue = Queue })).ExpectOk();
        (await PauseAsync(site, new { queue = Queue })).ExpectOk();
        await FinalAsync(site, Queue, "phone-1");
        (await ResumeAsync(site, new { })).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(await site.InboxAsync());
        (await ResumeAsync(site, new { queue = Queue })).ExpectOk();
        await site.WaitForPushAsync("phone-1", Final);
        (await ResumeAsync(site, new { queue = Queue })).ExpectOk();
    }

    [Fact, Trait("Rule", "B10")]
    public async Task What_expires_while_it_is_held_is_recorded_and_never_sent()
    {
        await using var site = await StartAsync(settings: new { timeToLiveSeconds = new Dictionary<string, int> { [Final] = 60 } });
        (await PauseAsync(site, new { queue = Queue })).ExpectOk();
        await FinalAsync(site, Queue, "phone-1");
        await site.AdvanceAsync(TimeSpan.FromSeconds(70));
        Assert.Equal(("expired", 0), Assert.Single(site.Outbox()) is var row ? (row.State, row.Attempts) : default);
        (await ResumeAsync(site, new { queue = Queue })).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(await site.InboxAsync());
    }

    [Theory, Trait("Rule", "B10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_pause_ends_with_its_queue_and_a_later_queue_of_that_name_is_not_paused(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        (await PauseAsync(site, new { queue = Queue })).ExpectOk();
        await FinalAsync(site, Queue, "phone-1");
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Empty(await site.InboxAsync());

        (await site.Home.ManageAsync(HttpMethod.Delete, $"settings/queues/{Queue}")).ExpectOk();
        await site.WaitForPushAsync("phone-1", Final);
        Assert.Empty((await ShowAsync(site))["pauses"]!.AsArray());
        Assert.Equal(
            [("delivery.resumed", "home administrator"), ("delivery.paused", "home administrator")],
            (await AuditAsync(site)).Select(e => (e!["action"]!.GetValue<string>(), e["by"]!.GetValue<string>())));

        await site.Home.CreateQueueAsync(Queue);
        await FinalAsync(site, Queue, "phone-2");
        await site.WaitForPushAsync("phone-2", Final);
    }

    [Fact, Trait("Rule", "E2")]
    public async Task A_pause_of_an_unknown_queue_or_with_wrong_fields_is_refused()
    {
        await using var site = await StartAsync();
        (await PauseAsync(site, new { queue = "nowhere" })).Expect(HttpStatusCode.NotFound);
        (await PauseAsync(site, new { queue = 5 })).Expect(HttpStatusCode.BadRequest);
        (await site.Home.AgentAsync(HttpMethod.Post, "delivery/pause", new { })).Expect(HttpStatusCode.Forbidden);
        Assert.Empty((await ShowAsync(site))["pauses"]!.AsArray());
    }

    private static Task<ApiAnswer> PauseAsync(TestSite site, object body) => site.Home.ManageAsync(HttpMethod.Post, "delivery/pause", body);

    private static Task<ApiAnswer> ResumeAsync(TestSite site, object body) => site.Home.ManageAsync(HttpMethod.Post, "delivery/resume", body);

    private static async Task<JsonNode> ShowAsync(TestSite site) => (await site.Home.ManageAsync(HttpMethod.Get, "delivery")).ExpectOk().Json;

    private static async Task<JsonArray> AuditAsync(TestSite site) => (await site.Home.ManageAsync(HttpMethod.Get, "audit")).ExpectOk().Json["entries"]!.AsArray();

    private static async Task<Guid> FinalAsync(TestSite site, string queue, string token)
    {
        var id = await site.Home.CreateCallbackAsync(queue, [token]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(queue)).AttemptId, "INVALID_NUMBER");
        return id;
    }

    private static async Task<TestSite> StartAsync(SiteDatabase on = SiteDatabase.Sqlite, object? settings = null)
    {
        var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue, settings);
        await site.Home.CreateQueueAsync(Sales);
        return site;
    }
}
