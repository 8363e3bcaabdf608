using System.Globalization;

namespace Ringback.Server.Tests.CallIn;

/// <summary>Call-In Create, CALLBACK_CALL_IN and the match (rule B5, docs/api).</summary>
public abstract class CallInTests(SiteDatabase database)
{
    private const string Queue = "callin";
    private const string Phone = "phone-1";

    [Fact, Trait("Rule", "B5")]
    public async Task The_answer_carries_the_data_and_a_push_carries_the_same_at_once()
    {
        await using var site = await StartAsync();
        var id = await ReadyAsync(site);
        var data = (await site.Home.CallInAsync(id, from: "+14155550123")).ExpectOk().Data;
        Assert.Equal(("numbers", "+14155550199", "+14155550123", id.ToString()), (
            data["groupName"]!.GetValue<string>(), data["toPhoneNumber"]!.GetValue<string>(), data["fromPhoneNumber"]!.GetValue<string>(), data["callbackServiceId"]!.GetValue<string>()));
        Assert.Equal(site.Now.AddSeconds(300).ToUnixTimeMilliseconds(), data["expirationTime"]!.GetValue<long>());
        Assert.Matches("^[1-9][0-9]{5}$", data["accessCode"]!.GetValue<string>());

        var push = await site.WaitForPushAsync(Phone, "CALLBACK_CALL_IN");
        Assert.Equal(
            (data["id"]!.GetValue<string>(), data["toPhoneNumber"]!.GetValue<string>(), data["accessCode"]!.GetValue<string>(), data["expirationTime"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture)),
            (push.Data("callInId"), push.Data("toPhoneNumber"), push.Data("accessCode"), push.Data("expirationTime")));
    }

    [Fact, Trait("Rule", "B5")]
    public async Task A_customer_whose_READY_is_lost_learns_the_group_from_retrieve_while_READY_stands()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        Assert.Null(await GroupAsync(site, id));
        await site.Home.ReportAsync(Queue, ready: 1);
        Assert.Equal("numbers", await GroupAsync(site, id));
        var code = (await site.Home.CallInAsync(id, await GroupAsync(site, id) ?? "")).ExpectOk().Data["accessCode"]!.GetValue<string>();
        Assert.Equal("numbers", await GroupAsync(site, id));
        (await site.Home.MatchAsync(accessCode: code)).ExpectOk();
        Assert.Null(await GroupAsync(site, id));
    }

    private static async Task<string?> GroupAsync(TestSite site, Guid id) => (await site.Home.EngageAsync("callbacks/retrieve", new { id })).ExpectOk().Data["callInGroup"]?.GetValue<string>();

    [Fact, Trait("Rule", "B5")]
    public async Task Repeated_while_unexpired_it_gives_the_same_data_and_no_second_push()
    {
        await using var site = await StartAsync();
        var id = await ReadyAsync(site);
        var first = (await site.Home.CallInAsync(id)).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(first.Data.ToJsonString(), (await site.Home.CallInAsync(id)).ExpectOk().Data.ToJsonString());
        await site.RestartServerAsync();
        Assert.Equal(first.Data.ToJsonString(), (await site.Home.CallInAsync(id)).ExpectOk().Data.ToJsonString());
        Assert.Equal("READY CALL_IN", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "B5")]
    public async Task After_the_expiry_it_is_allowed_again_while_READY_stands()
    {
        await using var site = await StartAsync(expirySeconds: 10);
        var id = await ReadyAsync(site);
        var first = (await site.Home.CallInAsync(id)).ExpectOk().Data;
        await site.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await site.Home.MatchAsync(accessCode: first["accessCode"]!.GetValue<string>())).Expect(HttpStatusCode.NotFound);
        var second = (await site.Home.CallInAsync(id)).ExpectOk().Data;
        Assert.NotEqual(first["id"]!.GetValue<string>(), second["id"]!.GetValue<string>());
        await site.AdvanceAsync(TimeSpan.FromSeconds(10));
        (await site.Home.CallInAsync(id)).ExpectOk();
        Assert.Equal("READY CALL_IN CALL_IN CALL_IN", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "B5")]
    public async Task Before_READY_for_an_unknown_id_another_tenants_or_a_USERTERMINATED_callback_it_is_400()
    {
        await using var site = await StartAsync();
        await site.Home.CreateQueueAsync("support");
        await site.Other.CreateCallInQueueAsync(Queue);
        await site.Other.ReportAsync(Queue, ready: 1);
        await site.Home.ReportAsync(Queue);
        Guid[] refused =
        [
            await site.Home.CreateCallbackAsync(Queue, [Phone]),
            Guid.CreateVersion7(site.Now),
            await site.Other.CreateCallbackAsync(Queue, ["phone-other"]),
            await site.Home.CreateCallbackAsync("support", ["phone-2"]),
        ];
        Assert.Equal("ROUTING", await site.Other.StateAsync(refused[2]));
        foreach (var id in refused)
        {
            var answer = (await site.Home.CallInAsync(id)).Expect(HttpStatusCode.BadRequest);
            Assert.Equal(7045, answer.EnvelopeCode);
            Assert.Contains("callbackServiceId", answer.Message, StringComparison.Ordinal);
        }
        await site.Home.DialAsync("support");
        (await site.Home.CallInAsync(refused[^1])).Expect(HttpStatusCode.BadRequest);
        Assert.DoesNotContain(await site.InboxAsync(), p => p.Event == "CALLBACK_CALL_IN");
    }

    [Fact, Trait("Rule", "B5")]
    public async Task A_group_without_codes_gives_none_and_is_matched_by_the_calling_number()
    {
        await using var site = await StartAsync(codeDigits: 0);
        var id = await ReadyAsync(site);
        var data = (await site.Home.CallInAsync(id, from: "(415) 555-0123")).ExpectOk().Data.AsObject();
        Assert.False(data.ContainsKey("accessCode"));
        Assert.False((await site.WaitForPushAsync(Phone, "CALLBACK_CALL_IN")).Message["data"]!.AsObject().ContainsKey("accessCode"));
        var match = (await site.Home.MatchAsync(from: "+14155550123", to: "+14155550199")).ExpectOk().Json;
        Assert.Equal(["fromPhoneNumber", "toPhoneNumber"], match["matchedBy"]!.AsArray().Select(n => n!.GetValue<string>()));
        Assert.Equal(id.ToString(), match["callbackId"]!.GetValue<string>());
    }

    [Fact, Trait("Rule", "B4")]
    public async Task A_match_by_code_begins_the_conversation_and_the_outcome_ends_it()
    {
        await using var site = await StartAsync();
        var id = await ReadyAsync(site);
        var code = (await site.Home.CallInAsync(id)).ExpectOk().Data["accessCode"]!.GetValue<string>();
        await site.WaitForPushAsync(Phone, "CALLBACK_CALL_IN");
        (await site.Home.MatchAsync(accessCode: code == "111111" ? "222222" : "111111", to: "+14155550199")).Expect(HttpStatusCode.NotFound);

        var match = (await site.Home.MatchAsync(accessCode: code)).ExpectOk().Json;
        Assert.Equal("accessCode", Assert.Single(match["matchedBy"]!.AsArray())!.GetValue<string>());
        Assert.Equal("PROCESSING", await site.Home.StateAsync(id));
        (await site.Home.MatchAsync(accessCode: code)).Expect(HttpStatusCode.NotFound);
        (await site.Home.CallInAsync(id)).Expect(HttpStatusCode.BadRequest);
        (await site.Home.CancelAsync(id)).Expect(HttpStatusCode.BadRequest);

        await site.AdvanceAsync(TimeSpan.FromMinutes(20)); // READY and call-in data are no longer what ends it.
        Assert.Equal("PROCESSING", await site.Home.StateAsync(id));
        await site.Home.OutcomeAsync(match["attemptId"]!.GetValue<Guid>(), "COMPLETED");
        Assert.Equal("COMPLETED/CONNECTED", await site.Home.StateAsync(id));
        Assert.Equal("READY CALL_IN", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "B4")]
    public async Task Whoever_was_given_a_number_may_use_it_until_it_expires()
    {
        await using var site = await StartAsync(new { readyTimeoutSeconds = 60 }, expirySeconds: 120);
        var id = await ReadyAsync(site);
        await site.AdvanceAsync(TimeSpan.FromSeconds(50));
        var code = (await site.Home.CallInAsync(id)).ExpectOk().Data["accessCode"]!.GetValue<string>();
        await site.AdvanceAsync(TimeSpan.FromSeconds(119));
        (await site.Home.MatchAsync(accessCode: code)).ExpectOk();
    }

    [Fact, Trait("Rule", "E1")]
    public async Task A_request_without_callback_gives_data_sends_nothing_and_is_matched_with_its_user_data()
    {
        await using var site = await StartAsync();
        var answer = (await site.Home.EngageAsync("call-in/requests/create", new JsonObject
        {
            ["groupName"] = "numbers",
            ["userData"] = new JsonObject { ["cart"] = "c-17" },
        })).ExpectOk().Data.AsObject();
        Assert.False(answer.ContainsKey("callbackServiceId"));
        Assert.False(answer.ContainsKey("fromPhoneNumber"));
        var match = (await site.Home.MatchAsync(accessCode: answer["accessCode"]!.GetValue<string>())).ExpectOk().Json.AsObject();
        Assert.Equal("c-17", match["userData"]!["cart"]!.GetValue<string>());
        Assert.Equal(answer["id"]!.GetValue<string>(), match["callInId"]!.GetValue<string>());
        Assert.False(match.ContainsKey("attemptId"));
        (await site.Home.MatchAsync(accessCode: answer["accessCode"]!.GetValue<string>())).Expect(HttpStatusCode.NotFound);
        Assert.Empty(await site.InboxAsync());
    }

    [Fact, Trait("Rule", "E1")]
    public async Task The_dialled_number_alone_decides_only_where_one_request_fits()
    {
        await using var site = await StartAsync(codeDigits: 0);
        (await site.Home.CallInAsync(null)).ExpectOk();
        (await site.Home.CallInAsync(null)).ExpectOk();
        (await site.Home.MatchAsync(to: "+14155550199")).Expect(HttpStatusCode.NotFound);
        await site.AdvanceAsync(TimeSpan.FromSeconds(301));
        (await site.Home.CallInAsync(null)).ExpectOk();
        (await site.Home.MatchAsync(to: "+14155550199")).ExpectOk();
    }

    private static async Task<Guid> ReadyAsync(TestSite site)
    {
        await site.Home.ReportAsync(Queue, ready: 1);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.WaitForPushAsync(Phone, "CALLBACK_READY");
        return id;
    }

    private async Task<TestSite> StartAsync(object? settings = null, int codeDigits = 6, int expirySeconds = 300)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateCallInQueueAsync(Queue, settings, codeDigits: codeDigits, expirySeconds: expirySeconds);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteCallInTests() : CallInTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlCallInTests() : CallInTests(SiteDatabase.PostgreSql);
