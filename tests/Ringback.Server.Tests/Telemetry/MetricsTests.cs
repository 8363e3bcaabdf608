using System.Net.Http.Headers;
using Ringback.Engine.Access;

namespace Ringback.Server.Tests.Telemetry;

/// <summary>What <c>/metrics</c> says of pushes, and to whom (rules F2, F4).</summary>
public sealed class MetricsTests
{
    private const string Queue = "support";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";
    private const string Key = "a-key-of-more-than-twenty-characters";

    [Fact, Trait("Rule", "F2")]
    public async Task Every_answer_of_FCM_is_counted_under_its_outcome_and_code()
    {
        await using var site = await StartAsync();
        string[] targets = ["good-1", "unregistered-2", "invalid-3", "unavailable-4", "quota-5", "mismatch-6", "internal-7"];
        foreach (var target in targets) await site.Home.FailForGoodAsync(Queue, target);
        await site.SettleAsync();

        var scrape = await Scrape.OfAsync(site);
        foreach (var (outcome, code) in ((string, string)[])
            [("accepted", "OK"), ("target_dead", "UNREGISTERED"), ("target_suspect", "INVALID_ARGUMENT"), ("unavailable", "UNAVAILABLE"), ("throttled", "QUOTA_EXCEEDED"), ("target_foreign", "SENDER_ID_MISMATCH"), ("unavailable", "INTERNAL")])
        {
            Assert.Equal((outcome, code, 1), (outcome, code, scrape.Sum("ringback_push_sends_total", $"outcome={outcome}", $"code={code}")));
        }
        Assert.Equal(7, scrape.Sum("ringback_push_sends_total"));
        Assert.Equal(7, scrape.Sum("ringback_push_send_duration_seconds_count"));
        Assert.Equal(7, scrape.Sum("ringback_quota_used_total", "tenant=1"));
        Assert.Equal(3, scrape.Sum("ringback_push_retries_total", $"event={Final}"));
        foreach (var state in (string[])["accepted", "target_dead", "target_suspect", "target_foreign"])
            Assert.Equal((state, 1), (state, scrape.Sum("ringback_push_ended_total", $"event={Final}", $"state={state}")));
    }

    [Fact, Trait("Rule", "F2")]
    public async Task Latency_counts_from_the_decision_to_the_acceptance_also_through_a_retry()
    {
        await using var site = await StartAsync();
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        await site.Phones.TakeAwayAsync(retryAfterSeconds: 45);
        await site.Home.FailForGoodAsync(Queue, "good-2");
        await site.SettleAsync();
        await site.Phones.BringBackAsync();
        await site.AdvanceUntilPushAsync("good-2", Final, TimeSpan.FromMinutes(2));
        await site.SettleAsync();

        var scrape = await Scrape.OfAsync(site);
        Assert.Equal(2, scrape.Sum("ringback_push_latency_seconds_count", $"event={Final}"));
        Assert.InRange(scrape.Sum("ringback_push_latency_seconds_sum")!.Value, 45, 47);
        Assert.Equal((1, 2), (scrape.Sum("ringback_push_latency_seconds_bucket", "le=30"), scrape.Sum("ringback_push_latency_seconds_bucket", "le=60")));
    }

    [Fact, Trait("Rule", "F4")]
    public async Task A_database_that_does_not_answer_is_told_by_a_figure()
    {
        await using var site = await StartAsync();
        await IsAsync(1);
        using (site.HideTable("outbox")) await IsAsync(0);
        await IsAsync(1);

        Task IsAsync(int up) => Eventually.UntilAsync(
            async () =>
            {
                site.Clock.Advance(TimeSpan.FromSeconds(5)); // How often it is read.
                return (await Scrape.OfAsync(site)).Sum("ringback_database_up") == up;
            },
            $"the database to be {up}");
    }

    [Fact, Trait("Rule", "F2")]
    public async Task A_message_that_a_caller_wrote_counts_as_a_send_and_against_the_quota()
    {
        await using var site = await StartAsync();
        var key = await site.AddKeyAsync(site.Home.Keys.Tenant, "shop", ApiRights.Publish);
        var message = new { channel = "FCM", target = "phone-1", @event = new { data = new { shop = "42" } } };
        (await site.Home.SendAsync(HttpMethod.Post, "/engagement/v3/notifications/publish", message, key)).ExpectOk();
        var scrape = await Scrape.OfAsync(site);
        Assert.Equal((1, 1, 0), (scrape.Sum("ringback_push_sends_total", "outcome=accepted"), scrape.Sum("ringback_quota_used_total", "tenant=1"), scrape.Sum("ringback_push_ended_total")));
    }

    [Fact, Trait("Rule", "F4")]
    public async Task What_waits_in_the_outbox_and_since_when_is_said_by_tenant_and_no_scrape_reads_the_database()
    {
        await using var site = await StartAsync();
        await site.Phones.TakeAwayAsync(retryAfterSeconds: 600);
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.Home.FailForGoodAsync(Queue, "good-2");
        await site.AdvanceAsync(TimeSpan.FromSeconds(30));

        var scrape = await Scrape.OfAsync(site);
        Assert.Equal((2, 0), (scrape.Sum("ringback_outbox_pending", "tenant=1"), scrape.Sum("ringback_outbox_due", "tenant=1")));
        Assert.InRange(scrape.Sum("ringback_outbox_oldest_age_seconds", "tenant=1")!.Value, 30, 31);
        Assert.Null(scrape.Sum("ringback_outbox_pending", "tenant=2"));

        // A row that comes behind the watch's back is not seen before the clock has moved, however often one asks; the age grows all the same.
        site.Tamper("update outbox set state = 1");
        site.Clock.Advance(TimeSpan.FromSeconds(1));
        var again = await Scrape.OfAsync(site);
        Assert.Equal(2, again.Sum("ringback_outbox_pending", "tenant=1"));
        await site.AdvanceAsync(TimeSpan.FromSeconds(6));
        await Eventually.GetAsync(async () => (await Scrape.OfAsync(site)).Sum("ringback_outbox_pending") is null ? "empty" : null, "an empty outbox");
    }

    [Fact, Trait("Rule", "F4")]
    public async Task A_refused_credential_shows_in_the_circuit_and_in_the_token_refreshes()
    {
        await using var site = await StartAsync();
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        var scrape = await Scrape.OfAsync(site);
        Assert.Equal(0, scrape.Sum("ringback_circuit_state", "tenant=1"));
        Assert.True(scrape.Sum("ringback_token_refreshes_total", "result=fetched", "code=OK") >= 1);
        Assert.Equal(10_000, scrape.Sum("ringback_quota_limit", "tenant=1"));

        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        await site.Home.FailForGoodAsync(Queue, "good-2");
        await site.SettleAsync();
        scrape = await Scrape.OfAsync(site);
        Assert.Equal(1, scrape.Sum("ringback_circuit_state", "tenant=1"));
        Assert.Equal(1, scrape.Sum("ringback_circuit_openings_total", "tenant=1", "code=credential.api_disabled"));
        Assert.Equal(1, scrape.Sum("ringback_push_sends_total", "outcome=credential_fault", "code=credential.api_disabled"));
        Assert.Equal(1, scrape.Sum("ringback_quota_used_total", "tenant=1"));

        await site.Phones.BringBackAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(0, (await Scrape.OfAsync(site)).Sum("ringback_circuit_state", "tenant=1"));
    }

    [Fact, Trait("Rule", "F2")]
    public async Task The_rate_ramps_up_from_a_tenth_is_halved_where_FCM_pushes_back_and_recovers()
    {
        await using var site = await StartAsync();
        await site.ExpectSendAsync(Queue, "good-1");
        Assert.Equal(1_000, await RateAsync(site));
        await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(5_500, await RateAsync(site));
        await site.ExpectSendAsync(Queue, "good-2"); // Else it would be idle after the minute, and begin anew.
        await site.AdvanceAsync(TimeSpan.FromSeconds(35));
        Assert.Equal(10_000, await RateAsync(site));

        await site.Phones.TakeAwayAsync(retryAfterSeconds: 600);
        await site.Home.FailForGoodAsync(Queue, "good-3");
        await site.SettleAsync();
        Assert.Equal(10_000, await RateAsync(site)); // It is judged by whole seconds.
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(await RateAsync(site), 5_000, 5_200);
        await site.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal(10_000, await RateAsync(site));
    }

    [Theory, Trait("Rule", "F4")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_credential_fault_that_no_push_waits_for_shows_for_a_quarter_of_an_hour_and_then_no_more(bool isStoredAnew)
    {
        await using var site = await StartAsync(new { timeToLiveSeconds = new Dictionary<string, int> { [Final] = 40 } });
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.AdvanceAsync(TimeSpan.FromSeconds(45));
        await Eventually.UntilAsync(() => Task.FromResult(site.Outbox().All(row => row.State == "expired")), "the push to expire");
        await site.Phones.BringBackAsync();
        if (isStoredAnew) (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();

        await site.AdvanceAsync(TimeSpan.FromMinutes(13));
        Assert.Equal(2, (await Scrape.OfAsync(site)).Sum("ringback_circuit_state", "tenant=1"));
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        var scrape = await Scrape.OfAsync(site);
        Assert.Equal(0, scrape.Sum("ringback_circuit_state", "tenant=1"));
        Assert.Null(scrape.Sum("ringback_token_refreshes_total", "result=refused")); // The other reason of the alert.
        Assert.Equal("closed", (await site.Home.ManageAsync(HttpMethod.Get, "delivery")).ExpectOk().Json["lanes"]![0]!["circuit"]!.GetValue<string>());
        await site.ExpectSendAsync(Queue, "good-2");
    }

    [Fact, Trait("Rule", "F4")]
    public async Task A_key_in_Firebase_that_Apple_or_a_browser_does_not_take_counts_from_nothing_so_that_the_first_answer_is_an_increase()
    {
        await using var site = await StartAsync();
        string[] labels = ["outcome=rejected", "code=THIRD_PARTY_AUTH_ERROR"];
        Assert.Equal(0, (await Scrape.OfAsync(site)).Sum("ringback_push_sends_total", labels));
        await site.Home.FailForGoodAsync(Queue, "thirdparty-1");
        await site.SettleAsync();
        Assert.Equal(1, (await Scrape.OfAsync(site)).Sum("ringback_push_sends_total", labels));
    }

    [Fact, Trait("Rule", "F4")]
    public async Task An_access_token_that_is_refused_or_not_to_be_had_counts_as_such()
    {
        await using var site = await StartAsync();
        await site.Phones.RevokeAsync(FirebaseAccount.First);
        await site.Home.ManageAsync(HttpMethod.Post, "credentials/firebase/check");
        Assert.Equal(1, (await Scrape.OfAsync(site)).Sum("ringback_token_refreshes_total", "result=refused"));
        await site.StopEmulatorAsync();
        await site.Home.ManageAsync(HttpMethod.Post, "credentials/firebase/check");
        Assert.True((await Scrape.OfAsync(site)).Sum("ringback_token_refreshes_total", "result=unavailable") >= 1);
    }

    [Fact, Trait("Rule", "F4")]
    public async Task Pauses_are_counted_by_tenant_while_they_are_in_force()
    {
        await using var site = await StartAsync();
        Assert.Null((await Scrape.OfAsync(site)).Sum("ringback_delivery_pauses"));
        (await site.Home.ManageAsync(HttpMethod.Post, "delivery/pause", new { queue = Queue })).ExpectOk();
        (await site.Home.ManageAsync(HttpMethod.Post, "delivery/pause", new { })).ExpectOk();
        var scrape = await Scrape.OfAsync(site);
        Assert.Equal((2, null), (scrape.Sum("ringback_delivery_pauses", "tenant=1"), scrape.Sum("ringback_delivery_pauses", "tenant=2")));
        (await site.Home.ManageAsync(HttpMethod.Post, "delivery/resume", new { })).ExpectOk();
        Assert.Equal(1, (await Scrape.OfAsync(site)).Sum("ringback_delivery_pauses", "tenant=1"));
    }

    [Fact, Trait("Rule", "F2")]
    public async Task What_expires_while_nothing_can_be_sent_is_counted_too()
    {
        await using var site = await StartAsync(new { timeToLiveSeconds = new Dictionary<string, int> { [Final] = 40 } });
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        for (var i = 0; i < 4; i++) await site.Home.FailForGoodAsync(Queue, $"phone-{i}");
        await site.AdvanceAsync(TimeSpan.FromSeconds(50));
        // Nothing of the tenant is claimed, so no lease tells when the sweep that records it has come to its end.
        await Eventually.GetAsync(
            async () => (await Scrape.OfAsync(site)).Sum("ringback_push_ended_total", "state=expired", $"event={Final}") == 4 ? "counted" : null, "four expired pushes");
    }

    [Fact, Trait("Rule", "E3")]
    public async Task Two_sites_in_one_process_do_not_count_each_others_pushes()
    {
        await using var site = await StartAsync();
        await using var other = await StartAsync();
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        Assert.Equal(1, (await Scrape.OfAsync(site)).Sum("ringback_push_sends_total"));
        Assert.Equal(0, (await Scrape.OfAsync(other)).Sum("ringback_push_sends_total"));
    }

    [Theory, Trait("Rule", "E3")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9")]
    [InlineData("Via", "1.1 proxy")]
    public async Task Without_a_key_nobody_reads_them_through_a_proxy(string header, string value)
    {
        await using var site = await TestSite.StartAsync(provision: false);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(site)).Status);
        var (status, body) = await GetAsync(site, request => request.Headers.TryAddWithoutValidation(header, value));
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("metrics.not_here", body, StringComparison.Ordinal);
        Assert.DoesNotContain("ringback_", body, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "E3")]
    public async Task With_a_key_only_who_sends_it_reads_them_and_no_key_of_a_tenant_opens_them()
    {
        await using var site = await TestSite.StartAsync(provision: false, settings: new Dictionary<string, string?> { ["Telemetry:MetricsKey"] = Key });
        var (status, body) = await GetAsync(site);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("metrics.key", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(site, r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key + "x"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(site, r => r.Headers.Add("x-api-key", site.Home.Keys.Management))).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(site, r =>
        {
            r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
            r.Headers.Add("X-Forwarded-For", "203.0.113.9");
        })).Status);
    }

    [Fact, Trait("Rule", "F2")]
    public async Task A_key_that_is_too_short_keeps_the_server_from_starting()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => TestSite.StartAsync(provision: false, settings: new Dictionary<string, string?> { ["Telemetry:MetricsKey"] = "short" }));
        Assert.Contains("MetricsKey", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<double> RateAsync(TestSite site) => Math.Round((await Scrape.OfAsync(site)).Sum("ringback_quota_rate", "tenant=1")!.Value, 3);

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(TestSite site, Action<HttpRequestMessage>? change = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.ServerAddress, "/metrics"));
        change?.Invoke(request);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}
