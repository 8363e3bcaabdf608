namespace Ringback.Server.Tests.CallIn;

/// <summary>CALLBACK_READY on a USERORIGINATED queue (rule B4).</summary>
public abstract class ReadyTests(SiteDatabase database)
{
    private const string Queue = "callin";
    private const string Phone = "phone-1";

    [Fact, Trait("Rule", "B4")]
    public async Task The_first_in_line_is_told_once_an_agent_is_ready()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        await site.Home.CreateCallbackAsync(Queue, ["phone-2"]);
        Assert.Empty(await site.InboxAsync());

        await site.Home.ReportAsync(Queue, ready: 1);
        var push = await site.WaitForPushAsync(Phone, "CALLBACK_READY");
        Assert.Equal((id.ToString(), "numbers"), (push.Data("callbackId"), push.Data("callInGroup")));
        Assert.Equal("ROUTING", await site.Home.StateAsync(id));
        Assert.Equal([Phone], (await site.InboxAsync()).Select(p => p.Token));
    }

    [Fact, Trait("Rule", "B4")]
    public async Task As_many_are_told_as_agents_are_ready_beyond_those_outstanding()
    {
        await using var site = await StartAsync();
        await CreateAsync(site, 4);
        await site.Home.ReportAsync(Queue, agents: 5, ready: 2);
        Assert.Equal(["line-1", "line-2"], await ToldAsync(site));
        await site.Home.ReportAsync(Queue, agents: 5, ready: 2);
        Assert.Equal(["line-1", "line-2"], await ToldAsync(site));
        await site.Home.ReportAsync(Queue, agents: 5, ready: 3);
        Assert.Equal(["line-1", "line-2", "line-3"], await ToldAsync(site));
    }

    [Fact, Trait("Rule", "B4")]
    public async Task No_more_are_outstanding_than_the_cap_allows()
    {
        await using var site = await StartAsync(new { inFlightCap = 2 });
        await CreateAsync(site, 4);
        await site.Home.ReportAsync(Queue, agents: 9, ready: 9);
        Assert.Equal(["line-1", "line-2"], await ToldAsync(site));
    }

    [Fact, Trait("Rule", "B4")]
    public async Task An_agent_who_took_a_call_since_the_report_is_not_offered_again_also_after_a_restart()
    {
        await using var site = await StartAsync();
        var ids = await CreateAsync(site, 3);
        await site.Home.ReportAsync(Queue, ready: 1);
        await site.WaitForPushAsync("line-1", "CALLBACK_READY");
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        var given = (await site.Home.CallInAsync(ids[0])).ExpectOk().Data;
        (await site.Home.MatchAsync(accessCode: given["accessCode"]!.GetValue<string>())).ExpectOk();
        Assert.Equal("PROCESSING", await site.Home.StateAsync(ids[0]));
        Assert.Equal(["line-1"], await ToldAsync(site));

        await site.RestartServerAsync();
        Assert.Equal(["line-1"], await ToldAsync(site));
        // A call taken in the instant of the report counts as taken since: an agent too few is asked again, one too many is a customer who waits for nobody.
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        await site.Home.ReportAsync(Queue, ready: 1);
        Assert.Equal(["line-1", "line-2"], await ToldAsync(site));
    }

    [Fact, Trait("Rule", "B4")]
    public async Task A_live_interaction_ahead_comes_first_and_a_later_one_does_not()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 2);
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue, waiting: 2, ready: 1);
        await site.Home.ReportAsync(Queue, waiting: 3, ready: 1, departures: 1);
        Assert.Empty(await site.InboxAsync());
        await site.Home.ReportAsync(Queue, waiting: 3, ready: 1, departures: 1);
        await site.WaitForPushAsync(Phone, "CALLBACK_READY");
    }

    [Fact, Trait("Rule", "B4")]
    public async Task A_READY_that_expires_is_repeated_once_and_then_purged_by_the_clock_alone()
    {
        await using var site = await StartAsync(new { readyTimeoutSeconds = 100 });
        await site.Home.ReportAsync(Queue, ready: 1);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var first = await site.WaitForPushAsync(Phone, "CALLBACK_READY");
        Assert.Equal(site.Now.AddSeconds(100), DateTimeOffset.Parse(first.Data("expiresAt"), System.Globalization.CultureInfo.InvariantCulture));

        await site.AdvanceAsync(TimeSpan.FromSeconds(99));
        Assert.Single(await site.InboxAsync(Phone));
        site.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.UntilAsync(async () => (await site.Phones.InboxAsync(Phone)).Count == 2, "the second READY");
        var second = (await site.InboxAsync(Phone))[1];
        Assert.Equal("CALLBACK_READY", second.Event);
        Assert.NotEqual(first.NotificationId, second.NotificationId);
        Assert.Equal("ROUTING", await site.Home.StateAsync(id));

        site.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal("READY_EXPIRED", (await site.WaitForPushAsync(Phone, "CALLBACK_PURGED")).Data("reason"));
        Assert.Equal("COMPLETED/READY_EXPIRED", await site.Home.StateAsync(id));
        Assert.Equal("READY READY PURGED", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "B4")]
    public async Task A_READY_that_expires_returns_to_its_place_before_those_who_came_later()
    {
        await using var site = await StartAsync(new { readyTimeoutSeconds = 60 });
        var ids = await CreateAsync(site, 2);
        await site.Home.ReportAsync(Queue, ready: 1);
        await site.WaitForPushAsync("line-1", "CALLBACK_READY");
        await site.Home.ReportAsync(Queue, ready: 0);
        await site.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(("QUEUED", 1), await site.Home.RetrieveAsync(ids[0]) is var view ? (view.State, view.Position) : default);
        await site.Home.ReportAsync(Queue, ready: 1);
        Assert.Equal(["line-1", "line-1"], await ToldAsync(site));
    }

    [Fact, Trait("Rule", "B4")]
    public async Task READY_stands_through_a_restart_and_is_not_sent_again()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, ready: 1);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.WaitForPushAsync(Phone, "CALLBACK_READY");
        await site.SettleAsync();
        await site.RestartServerAsync();
        await site.Home.ReportAsync(Queue, ready: 1);
        Assert.Single(await site.InboxAsync(Phone));
        (await site.Home.CallInAsync(id)).ExpectOk();
    }

    [Fact, Trait("Rule", "B1")]
    public async Task There_is_no_UPCOMING_on_such_a_queue()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 9, handling: 600);
        await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue, waiting: 1, handling: 1);
        Assert.Empty(await site.InboxAsync());
    }

    [Fact, Trait("Rule", "B4")]
    public async Task Push_targets_are_required()
    {
        await using var site = await StartAsync();
        var refused = (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue))).Expect(HttpStatusCode.BadRequest);
        Assert.Contains("pushTargets", refused.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "D4")]
    public async Task Next_is_refused_because_nobody_is_to_be_dialled()
    {
        await using var site = await StartAsync();
        var refused = (await site.Home.TryNextAsync(Queue)).Expect(HttpStatusCode.Conflict);
        Assert.Equal("queue.wrong_type", refused.Json["code"]!.GetValue<string>());
    }

    [Fact, Trait("Rule", "B6")]
    public async Task A_READY_callback_can_be_cancelled_and_makes_room_for_the_next()
    {
        await using var site = await StartAsync();
        var ids = await CreateAsync(site, 2);
        await site.Home.ReportAsync(Queue, ready: 1);
        await site.WaitForPushAsync("line-1", "CALLBACK_READY");
        (await site.Home.CancelAsync(ids[0])).ExpectOk();
        await site.WaitForPushAsync("line-2", "CALLBACK_READY");
        (await site.Home.CallInAsync(ids[0])).Expect(HttpStatusCode.BadRequest);
        await site.AdvanceAsync(TimeSpan.FromMinutes(6));
        Assert.Equal("READY", await site.EventsAsync("line-1"));
    }

    private static async Task<List<Guid>> CreateAsync(TestSite site, int count)
    {
        var ids = new List<Guid>();
        for (var i = 1; i <= count; i++)
        {
            ids.Add(await site.Home.CreateCallbackAsync(Queue, [$"line-{i}"]));
            await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
        return ids;
    }

    private static async Task<IEnumerable<string>> ToldAsync(TestSite site) =>
        (await site.InboxAsync()).Where(p => p.Event == "CALLBACK_READY").Select(p => p.Token).Order(StringComparer.Ordinal);

    private async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateCallInQueueAsync(Queue, settings);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteReadyTests() : ReadyTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlReadyTests() : ReadyTests(SiteDatabase.PostgreSql);
