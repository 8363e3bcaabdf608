using Ringback.Server.Tests.Telemetry;

namespace Ringback.Server.Tests.Delivery;

/// <summary>What is known of an address: dead by UNREGISTERED alone, suspect, foreign; and the way back (rule B9).</summary>
public sealed class TargetTests
{
    private const string Queue = "support";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";
    private static readonly string[] states = ["active", "dead", "suspect", "foreign"];

    [Theory, Trait("Rule", "B9")]
    [InlineData("UNREGISTERED", "dead", "target_dead", 0, SiteDatabase.Sqlite)]
    [InlineData("UNREGISTERED", "dead", "target_dead", 0, SiteDatabase.PostgreSql)]
    [InlineData("INVALID_ARGUMENT", "suspect", "target_suspect", 1, SiteDatabase.Sqlite)]
    [InlineData("INVALID_ARGUMENT", "suspect", "target_suspect", 1, SiteDatabase.PostgreSql)]
    [InlineData("SENDER_ID_MISMATCH", "foreign", "target_foreign", 1, SiteDatabase.Sqlite)]
    [InlineData("SENDER_ID_MISMATCH", "foreign", "target_foreign", 1, SiteDatabase.PostgreSql)]
    [InlineData("SCHEMA", "active", "rejected", 1, SiteDatabase.Sqlite)]
    [InlineData("THIRD_PARTY_AUTH_ERROR", "active", "rejected", 1, SiteDatabase.Sqlite)]
    public async Task Only_UNREGISTERED_kills_an_address_and_every_other_one_hears_the_next_event(string error, string target, string push, int arrived, SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        await site.Phones.AddRuleAsync(new { effect = "error", error });
        await site.Home.CreateCallbackAsync(Queue, ["phone-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "BUSY");
        await EndedAsync(site, 1);
        Assert.Equal((target, push), (Assert.Single(Targets(site)), Assert.Single(site.Outbox()).State));

        await site.Phones.BringBackAsync();
        await FinishAsync(site);
        Assert.Equal(arrived, (await site.InboxAsync("phone-1")).Count);
        // Whoever takes a message lives.
        Assert.Equal(arrived == 1 ? "active" : "dead", Assert.Single(Targets(site)));
    }

    [Theory, Trait("Rule", "B9")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Addresses_that_died_in_a_span_of_time_and_for_a_project_come_back_and_it_is_written_down(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        await site.Phones.AddRuleAsync(new { effect = "error", error = "UNREGISTERED" });
        await site.Home.CreateCallbackAsync(Queue, ["phone-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "BUSY");
        await EndedAsync(site, 1);
        await site.Phones.BringBackAsync();
        var before = site.Now;
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await ReviveAsync(site, new { from = site.Now }));
        Assert.Equal(0, await ReviveAsync(site, new { from = before.AddMinutes(-1), project = "another-project" }));
        Assert.Equal(0, (await site.Other.ManageAsync(HttpMethod.Post, "push-targets/revive", new { from = before.AddMinutes(-1) })).ExpectOk().Json["revived"]!.GetValue<int>());
        Assert.Equal("dead", Assert.Single(Targets(site)));

        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await ReviveAsync(site, new { from = before.AddMinutes(-1), to = site.Now, project = FirebaseAccount.First.Project }));
        await FinishAsync(site);
        Assert.Equal(Final, Assert.Single(await site.InboxAsync("phone-1")).Event);
        var entry = (await site.Home.ManageAsync(HttpMethod.Get, "audit?limit=1")).ExpectOk().Json["entries"]![0]!;
        Assert.Equal(("push_targets.revived", "home administrator", 1), (entry["action"]!.GetValue<string>(), entry["by"]!.GetValue<string>(), entry["detail"]!["revived"]!.GetValue<int>()));
    }

    [Theory, Trait("Rule", "B9")]
    [InlineData("{}", "from")]
    [InlineData("""{"from":"yesterday"}""", "from")]
    [InlineData("""{"from":"2026-11-23T10:15:30.000Z","to":5}""", "to")]
    [InlineData("""{"from":"2026-11-23T10:15:30.000Z","to":"2026-11-23T10:15:30.000Z"}""", "from")]
    [InlineData("""{"from":"2026-11-23T10:15:30.000Z","project":""}""", "project")]
    public async Task A_revival_with_wrong_fields_is_refused(string body, string named)
    {
        await using var site = await StartAsync();
        Assert.StartsWith(named, (await site.Home.ManageAsync(HttpMethod.Post, "push-targets/revive", body)).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "B9"), Trait("Rule", "F2")]
    public async Task When_too_many_die_within_a_minute_the_rest_is_only_suspected_and_after_it_they_die_again()
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error = "UNREGISTERED", tokenPrefix = "gone-" });
        for (var i = 0; i < 30; i++)
        {
            await site.Home.CreateCallbackAsync(Queue, [$"gone-{i}"]);
            await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
            await EndedAsync(site, i + 1);
        }
        // The nineteen before the one that stops it; that one is not marked any more.
        Assert.Equal((19, 11), (Targets(site).Count(t => t == "dead"), Targets(site).Count(t => t == "suspect")));
        Assert.Single(site.ServerLog.Lines, line => line.Contains("of the addresses of tenant", StringComparison.Ordinal));
        Assert.True((await site.Home.ManageAsync(HttpMethod.Get, "delivery")).ExpectOk().Json["lanes"]![0]!["deadMarkingStopped"]!.GetValue<bool>());
        Assert.Equal(1, await StoppedAsync(site));

        await site.AdvanceAsync(TimeSpan.FromSeconds(70));
        await site.Home.CreateCallbackAsync(Queue, ["gone-late"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await EndedAsync(site, 31);
        Assert.Equal(20, Targets(site).Count(t => t == "dead"));
        Assert.False((await site.Home.ManageAsync(HttpMethod.Get, "delivery")).ExpectOk().Json["lanes"]![0]!["deadMarkingStopped"]!.GetValue<bool>());
        Assert.Equal(0, await StoppedAsync(site));
    }

    private static async Task<double?> StoppedAsync(TestSite site) => (await Scrape.OfAsync(site)).Sum("ringback_dead_marking_stopped", "tenant=1", "app=default");

    private static async Task<int> ReviveAsync(TestSite site, object body) => (await site.Home.ManageAsync(HttpMethod.Post, "push-targets/revive", body)).ExpectOk().Json["revived"]!.GetValue<int>();

    private static async Task FinishAsync(TestSite site)
    {
        await site.AdvanceAsync(TimeSpan.FromSeconds(6));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await EndedAsync(site, 2);
    }

    /// <summary>So many pushes are over; however slow the machine is.</summary>
    private static Task EndedAsync(TestSite site, int count) => Eventually.UntilAsync(() => Task.FromResult(site.Outbox().Count(row => row.State != "pending") == count), $"{count} pushes to end");

    private static IReadOnlyList<string> Targets(TestSite site) => site.Query("select state from push_targets", r => states[r.GetInt32(0)]);

    private static async Task<TestSite> StartAsync(SiteDatabase on = SiteDatabase.Sqlite)
    {
        var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue, new { retrySeconds = new { busy = 5 } });
        return site;
    }
}
