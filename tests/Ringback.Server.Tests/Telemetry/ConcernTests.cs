namespace Ringback.Server.Tests.Telemetry;

/// <summary>What somebody should be woken for, as metrics (rule F4).</summary>
public sealed class ConcernTests
{
    private const string Queue = "support";

    [Theory, Trait("Rule", "F4")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Queue_state_that_is_out_of_date_shows_only_where_somebody_waits(SiteDatabase on)
    {
        await using var site = await TestSite.StartAsync(provision: false, on: on);
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.CreateQueueAsync("idle");
        await site.Home.ReportAsync(Queue);
        await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(30));
        await ExpectAsync(site, "ringback_queues_stale", 0);
        await site.AdvanceAsync(TimeSpan.FromSeconds(45));
        await ExpectAsync(site, "ringback_queues_stale", 1);
        await site.Home.ReportAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(12));
        await ExpectAsync(site, "ringback_queues_stale", 0);
        Assert.Null((await Scrape.OfAsync(site)).Sum("ringback_queues_stale", "tenant=2"));

        // Never reported on is as bad.
        await site.Home.CreateCallbackAsync("idle");
        await site.AdvanceAsync(TimeSpan.FromSeconds(12));
        await ExpectAsync(site, "ringback_queues_stale", 1);
    }

    [Theory, Trait("Rule", "F4")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task An_attempt_without_an_outcome_shows_until_it_is_reported(SiteDatabase on)
    {
        await using var site = await TestSite.StartAsync(provision: false, on: on);
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.CreateCallbackAsync(Queue);
        var attempt = (await site.Home.DialAsync(Queue)).AttemptId;
        await site.AdvanceAsync(TimeSpan.FromSeconds(60));
        await ExpectAsync(site, "ringback_attempts_unknown", 0);
        await site.AdvanceAsync(TimeSpan.FromSeconds(90));
        await ExpectAsync(site, "ringback_attempts_unknown", 1);
        await site.Home.OutcomeAsync(attempt, "NO_ANSWER");
        await site.AdvanceAsync(TimeSpan.FromSeconds(12));
        await ExpectAsync(site, "ringback_attempts_unknown", 0);
    }

    [Theory, Trait("Rule", "F4")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_promised_time_that_passed_without_a_call_is_missed_after_a_quarter_of_an_hour(SiteDatabase on)
    {
        await using var site = await TestSite.StartAsync(provision: false, on: on);
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.CreateCallbackAsync(Queue); // Nothing was promised for a time.
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.Home.CreateCallbackAsync(Queue, desired: site.Now.AddMinutes(10));
        await site.AdvanceAsync(TimeSpan.FromMinutes(24));
        await ExpectAsync(site, "ringback_promises_missed", 0);
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        await ExpectAsync(site, "ringback_promises_missed", 1);
    }

    /// <summary>A reading may still be under way when the clock has moved.</summary>
    private static async Task ExpectAsync(TestSite site, string name, double value) => await Eventually.GetAsync(
        async () => (await Scrape.OfAsync(site)).Sum(name, "tenant=1") == value ? "so" : null, $"{name} of {value}");
}
