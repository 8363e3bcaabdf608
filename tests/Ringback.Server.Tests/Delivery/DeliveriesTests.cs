using System.Globalization;

namespace Ringback.Server.Tests.Delivery;

/// <summary>What became of pushes, why one waits, and sending one again, over the API.</summary>
public sealed class DeliveriesTests
{
    private const string Queue = "support";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";
    private const string Token = "a-token-that-is-long-enough-to-show-six-characters-of-it";

    [Fact, Trait("Rule", "F2")]
    public async Task Pushes_are_filtered_by_state_event_code_and_project_and_paged()
    {
        await using var site = await StartAsync();
        foreach (var target in (string[])["good-1", "invalid-2", "unavailable-3", "good-4"]) await site.Home.FailForGoodAsync(Queue, target);
        await site.SettleAsync();

        Assert.Equal(4, (await ListAsync(site, "")).Count);
        Assert.Equal(["ACCEPTED", "ACCEPTED"], States(await ListAsync(site, "?state=ACCEPTED")));
        Assert.Equal(["PENDING"], States(await ListAsync(site, "?code=UNAVAILABLE")));
        Assert.Equal(4, (await ListAsync(site, $"?event={Final}")).Count);
        Assert.Empty(await ListAsync(site, "?event=CALLBACK_READY"));
        Assert.Equal(4, (await ListAsync(site, $"?project={FirebaseAccount.First.Project}")).Count);
        Assert.Empty(await ListAsync(site, "?project=another-project"));
        Assert.Empty(await ListAsync(site, $"?since={Uri.EscapeDataString(site.Now.AddSeconds(1).ToString("O", CultureInfo.InvariantCulture))}"));

        var pages = new List<string>();
        for (string? next = null; ;)
        {
            var page = (await site.Home.ManageAsync(HttpMethod.Get, $"deliveries?limit=3&before={next}")).ExpectOk().Json;
            pages.AddRange(page["deliveries"]!.AsArray().Select(Id));
            if ((next = page["next"]?.GetValue<string>()) is null) break;
        }
        Assert.Equal((await ListAsync(site, "")).Select(Id), pages);
    }

    [Theory, Trait("Rule", "E2")]
    [InlineData("thirdparty-1", "REJECTED", "on to Apple", "Project settings > Cloud Messaging")]
    [InlineData("invalid-1", "TARGET_SUSPECT", "something else than its registration token", "Compare the beginning of the address")]
    [InlineData("unavailable-1", "PENDING", null, null)]
    public async Task A_push_that_is_over_says_what_that_means_and_what_to_do(string target, string state, string? meaning, string? next)
    {
        await using var site = await StartAsync();
        await site.Home.FailForGoodAsync(Queue, target);
        await site.SettleAsync();
        var id = Id(Assert.Single(await ListAsync(site, $"?state={state}")));
        var end = (await site.Home.ManageAsync(HttpMethod.Get, $"deliveries/{id}")).ExpectOk().Json["end"];
        Assert.Equal(meaning is null, end is null);
        if (end is null) return;
        Assert.Contains(meaning!, Text(end, "meaning"), StringComparison.Ordinal);
        Assert.Contains(next!, Text(end, "next"), StringComparison.Ordinal);
    }

    [Theory, Trait("Rule", "E2")]
    [InlineData("state=DONE", "state")]
    [InlineData("event=CALLBACK_WHAT", "event")]
    [InlineData("project=%25", "project")]
    [InlineData("callbackId=7", "callbackId")]
    [InlineData("since=yesterday", "since")]
    [InlineData("before=7", "before")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    public async Task A_parameter_that_is_wrong_is_named(string query, string field)
    {
        await using var site = await TestSite.StartAsync(provision: false);
        var refused = (await site.Home.ManageAsync(HttpMethod.Get, $"deliveries?{query}")).Expect(HttpStatusCode.BadRequest);
        Assert.StartsWith(field, refused.Json["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "A4")]
    public async Task A_push_is_shown_in_full_but_for_its_address_and_its_access_code()
    {
        await using var site = await TestSite.StartAsync();
        await site.Home.CreateCallInQueueAsync("callin");
        await site.Home.ReportAsync("callin", ready: 1);
        var id = await site.Home.CreateCallbackAsync("callin", [Token]);
        await site.WaitForPushAsync(Token, "CALLBACK_READY");
        var code = (await site.Home.CallInAsync(id)).ExpectOk().Data["accessCode"]!.GetValue<string>();
        await site.WaitForPushAsync(Token, "CALLBACK_CALL_IN");
        await site.SettleAsync();

        var row = Assert.Single(await ListAsync(site, "?event=CALLBACK_CALL_IN"));
        var answer = (await site.Home.ManageAsync(HttpMethod.Get, $"deliveries/{Id(row)}")).ExpectOk();
        Assert.DoesNotContain(Token, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(code, answer.Body.Replace(row!["notificationId"]!.GetValue<string>(), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(("a-toke…", "token", "active"), (Text(answer.Json["delivery"]!["target"]!, "address"), Text(answer.Json["delivery"]!["target"]!, "type"), Text(answer.Json["delivery"]!["target"]!, "state")));
        Assert.Equal(("+14155550199", "…"), (Text(answer.Json["message"]!["data"]!, "toPhoneNumber"), Text(answer.Json["message"]!["data"]!, "accessCode")));
        Assert.NotEqual("", Text(answer.Json["message"]!, "title"));
        Assert.Empty(answer.Json["waits"]!.AsArray());
    }

    [Fact, Trait("Rule", "F2")]
    public async Task A_push_that_waits_says_for_what()
    {
        await using var site = await StartAsync();
        await site.Phones.TakeAwayAsync(retryAfterSeconds: 45);
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        var until = site.Now.AddSeconds(45);
        var reason = Assert.Single(await WaitsAsync(site, "?code=UNAVAILABLE"));
        Assert.Equal(("BACK_OFF", until), (Text(reason, "code"), reason["until"]!.GetValue<DateTimeOffset>()));

        await site.Phones.BringBackAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        await site.Home.FailForGoodAsync(Queue, "good-2");
        await site.SettleAsync();
        Assert.Contains(await WaitsAsync(site, "?code=credential.api_disabled"), r => Text(r, "code") == "CREDENTIALS" && Text(r, "text").Contains("credential.api_disabled", StringComparison.Ordinal));
    }

    [Theory, Trait("Rule", "B11")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_push_that_is_sent_again_arrives_under_an_id_of_its_own_and_is_no_second_decision(SiteDatabase on)
    {
        await using var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue);
        var callback = await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        var first = Id(Assert.Single(await ListAsync(site, "")));

        var again = (await site.Home.ManageAsync(HttpMethod.Post, $"deliveries/{first}/send-again")).ExpectOk().Json["notificationId"]!.GetValue<string>();
        Assert.Equal("It is being sent again already.", (await site.Home.ManageAsync(HttpMethod.Post, $"deliveries/{first}/send-again")).Expect(HttpStatusCode.Conflict).Json["detail"]!.GetValue<string>());
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        await site.SettleAsync();

        var arrived = await site.InboxAsync("good-1");
        Assert.Equal([first, again], arrived.Select(p => p.NotificationId));
        Assert.Equal(arrived[0].Data("sequence"), arrived[1].Data("sequence"));
        Assert.Equal([(1, "accepted"), (-1, "accepted")], site.Outbox().Select(r => (r.Round, r.State)).OrderDescending());
        Assert.Single(await site.Home.TimelineAsync(callback), e => e.Kind == "push.accepted" && e.Detail["sentAgain"]?.GetValue<int>() == 1);
        Assert.Contains(site.ServerLog.Lines, line => line.Contains(" 2020 ", StringComparison.Ordinal) && line.Contains("home administrator", StringComparison.Ordinal));

        // And the one that was sent again, too: number two.
        (await site.Home.ManageAsync(HttpMethod.Post, $"deliveries/{again}/send-again")).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal([1, -1, -2], site.Outbox().Select(r => r.Round).OrderDescending());
    }

    [Theory, Trait("Rule", "D10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_push_that_has_left_the_outbox_is_found_as_before_and_is_sent_again_with_an_entry_in_the_audit(SiteDatabase on)
    {
        await using var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue, new { timeToLiveSeconds = new Dictionary<string, int> { [Final] = 3_600 } });
        var callback = await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        var list = (await ListAsync(site, "")).ToJsonString();
        var id = Id(Assert.Single(await ListAsync(site, "")));
        var inFull = (await site.Home.ManageAsync(HttpMethod.Get, $"deliveries/{id}")).ExpectOk().Body;
        site.Clock.Advance(TimeSpan.FromMinutes(12));
        await Eventually.UntilAsync(() => Task.FromResult(InOutbox(site) == 0), "the push to move");

        Assert.Equal(list, (await ListAsync(site, "")).ToJsonString());
        Assert.Equal(list, (await ListAsync(site, $"?callbackId={callback}&state=ACCEPTED")).ToJsonString());
        Assert.Equal(inFull, (await site.Home.ManageAsync(HttpMethod.Get, $"deliveries/{id}")).ExpectOk().Body);

        var again = (await site.Home.ManageAsync(HttpMethod.Post, $"deliveries/{id}/send-again")).ExpectOk().Json["notificationId"]!.GetValue<string>();
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        await site.SettleAsync();
        Assert.Equal([id, again], (await site.InboxAsync("good-1")).Select(p => p.NotificationId));
        Assert.Equal([again, id], (await ListAsync(site, "")).Select(Id));
        Assert.Equal(1, InOutbox(site));
        Assert.Equal(2, (await site.Home.TimelineAsync(callback)).Count(entry => entry.Kind == "push.accepted"));
        var entry = Assert.Single((await site.Home.ManageAsync(HttpMethod.Get, "audit")).ExpectOk().Json["entries"]!.AsArray())!;
        Assert.Equal(("push.sent_again", "home administrator", again), (Text(entry, "action"), Text(entry, "by"), Text(entry["detail"]!, "sentAs")));
    }

    [Fact, Trait("Rule", "B10")]
    public async Task What_means_nothing_any_more_is_not_sent_again()
    {
        await using var site = await StartAsync();
        await site.Home.ChangeQueueAsync(Queue, new { timeToLiveSeconds = new Dictionary<string, int> { [Final] = 40 } });
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        var id = Id(Assert.Single(await ListAsync(site, "")));
        await site.AdvanceAsync(TimeSpan.FromSeconds(41));
        var refused = (await site.Home.ManageAsync(HttpMethod.Post, $"deliveries/{id}/send-again")).Expect(HttpStatusCode.Conflict);
        Assert.Equal("push.state", refused.Json["code"]!.GetValue<string>());
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Single(await site.InboxAsync());
    }

    [Fact, Trait("Rule", "E3")]
    public async Task Another_tenant_and_a_key_without_the_right_see_nothing_and_send_nothing()
    {
        await using var site = await StartAsync();
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        var id = Id(Assert.Single(await ListAsync(site, "")));
        Assert.Empty((await site.Other.ManageAsync(HttpMethod.Get, "deliveries")).ExpectOk().Json["deliveries"]!.AsArray());
        (await site.Other.ManageAsync(HttpMethod.Get, $"deliveries/{id}")).Expect(HttpStatusCode.NotFound);
        (await site.Other.ManageAsync(HttpMethod.Post, $"deliveries/{id}/send-again")).Expect(HttpStatusCode.NotFound);
        foreach (var key in (string[])[site.Home.Keys.App, site.Home.Keys.Agent, site.Home.Keys.Credentials])
        {
            (await site.Home.SendAsync(HttpMethod.Get, "/management/v1/deliveries", key: key)).Expect(HttpStatusCode.Forbidden);
            (await site.Home.SendAsync(HttpMethod.Post, $"/management/v1/deliveries/{id}/send-again", key: key)).Expect(HttpStatusCode.Forbidden);
        }
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.Single(await site.InboxAsync());
    }

    private static int InOutbox(TestSite site) => site.Query("select count(*) from outbox", r => r.GetInt32(0))[0];

    private static async Task<JsonArray> ListAsync(TestSite site, string query) => (await site.Home.ManageAsync(HttpMethod.Get, "deliveries" + query)).ExpectOk().Json["deliveries"]!.AsArray();

    private static async Task<List<JsonNode>> WaitsAsync(TestSite site, string query)
    {
        var id = Id(await Eventually.GetAsync(async () => (await ListAsync(site, query)).FirstOrDefault(), $"a push of {query}"));
        return [.. (await site.Home.ManageAsync(HttpMethod.Get, $"deliveries/{id}")).ExpectOk().Json["waits"]!.AsArray().Select(reason => reason!)];
    }

    private static string Id(JsonNode? delivery) => Text(delivery!, "notificationId");

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();

    private static IEnumerable<string> States(JsonArray deliveries) => deliveries.Select(d => Text(d!, "state"));

    private static async Task<TestSite> StartAsync()
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        return site;
    }
}
