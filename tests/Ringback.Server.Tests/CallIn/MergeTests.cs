namespace Ringback.Server.Tests.CallIn;

/// <summary>A customer who calls in while a callback waits is merged, and not called again (rule C1).</summary>
public abstract class MergeTests(SiteDatabase database)
{
    private const string Queue = "support";
    private const string Phone = "phone-1";
    private const string Customer = "+14155550123";
    private const string Dialled = "+14155550199";

    [Fact, Trait("Rule", "C1")]
    public async Task Whoever_calls_the_queues_number_while_a_callback_waits_is_not_called_again()
    {
        await using var site = await StartAsync();
        var id = await CreateAsync(site);
        var match = (await site.Home.MatchAsync(from: "(415) 555-0123", to: Dialled)).ExpectOk().Json.AsObject();
        Assert.Equal((id, true, "c-17"), (match["callbackId"]!.GetValue<Guid>(), match["merged"]!.GetValue<bool>(), match["userData"]!["cart"]!.GetValue<string>()));
        Assert.Equal(["fromPhoneNumber", "toPhoneNumber"], match["matchedBy"]!.AsArray().Select(n => n!.GetValue<string>()));
        Assert.False(match.ContainsKey("callInId"));

        Assert.Equal("PROCESSING", await site.Home.StateAsync(id));
        Assert.Null(await site.Home.NextAsync(Queue));
        (await site.Home.MatchAsync(from: Customer, to: Dialled)).Expect(HttpStatusCode.NotFound);
        await site.RestartServerAsync();
        await site.Home.OutcomeAsync(match["attemptId"]!.GetValue<Guid>(), "COMPLETED");
        Assert.Equal("COMPLETED/CONNECTED", await site.Home.StateAsync(id));
        await site.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Equal("", await site.EventsAsync(Phone));
        Assert.Equal("callin.merged", (await site.Home.TimelineAsync(id)).Single(e => e.Kind.StartsWith("callin", StringComparison.Ordinal)).Kind);
    }

    [Fact, Trait("Rule", "C1")]
    public async Task The_queue_that_the_switch_names_counts_and_no_other()
    {
        await using var site = await StartAsync();
        await site.Home.CreateQueueAsync("sales");
        var (here, there) = (await CreateAsync(site), await site.Home.CreateCallbackAsync("sales", phone: Customer));
        var match = (await site.Home.MatchAsync(from: Customer, queue: "sales")).ExpectOk().Json;
        Assert.Equal(there, match["callbackId"]!.GetValue<Guid>());
        Assert.Equal("fromPhoneNumber", Assert.Single(match["matchedBy"]!.AsArray())!.GetValue<string>());
        Assert.Equal(("QUEUED", "PROCESSING"), (await site.Home.StateAsync(here), await site.Home.StateAsync(there)));
        (await site.Home.MatchAsync(from: Customer, queue: "nowhere")).Expect(HttpStatusCode.NotFound);
        // Where it is not known which queue the call is for, nobody's callback is taken for it.
        (await site.Home.MatchAsync(from: Customer)).Expect(HttpStatusCode.NotFound);
        (await site.Home.MatchAsync(from: Customer, to: "+14155550100")).Expect(HttpStatusCode.NotFound);
        (await site.Other.MatchAsync(from: Customer, to: Dialled)).Expect(HttpStatusCode.NotFound);
        Assert.Equal("QUEUED", await site.Home.StateAsync(here));
    }

    [Fact, Trait("Rule", "C1")]
    public async Task A_request_that_stands_for_itself_finds_the_callback_of_its_number_and_is_used_up()
    {
        await using var site = await StartAsync();
        var id = await CreateAsync(site);
        var given = (await site.Home.CallInAsync(null, from: Customer)).ExpectOk().Data;
        var code = given["accessCode"]!.GetValue<string>();
        // From another line than the one that was told: the code says who it is, the request whose callback.
        var match = (await site.Home.MatchAsync(accessCode: code, from: "+14155550177")).ExpectOk().Json;
        Assert.Equal((given["id"]!.GetValue<Guid>(), id), (match["callInId"]!.GetValue<Guid>(), match["callbackId"]!.GetValue<Guid>()));
        Assert.Equal("accessCode", Assert.Single(match["matchedBy"]!.AsArray())!.GetValue<string>());
        (await site.Home.MatchAsync(accessCode: code)).Expect(HttpStatusCode.NotFound);
        await site.Home.OutcomeAsync(match["attemptId"]!.GetValue<Guid>(), "COMPLETED");
        Assert.Equal("COMPLETED/CONNECTED", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "C1")]
    public async Task A_wrong_code_is_no_reason_to_take_the_callback_of_the_calling_number()
    {
        await using var site = await StartAsync();
        var id = await CreateAsync(site);
        (await site.Home.MatchAsync(accessCode: "111111", from: Customer, to: Dialled)).Expect(HttpStatusCode.NotFound);
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
    }

    [Theory, Trait("Rule", "C1")]
    [InlineData("retry")]
    [InlineData("snooze")]
    [InlineData("scheduled")]
    public async Task A_callback_that_waits_for_its_time_is_merged_too(string why)
    {
        await using var site = await StartAsync();
        var id = await CreateAsync(site, why == "scheduled" ? site.Now.AddHours(2) : null);
        if (why == "retry") await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        if (why == "snooze") (await site.Home.EngageAsync("callbacks/snooze", new { id, minutes = 30 })).ExpectOk();
        var match = (await site.Home.MatchAsync(from: Customer, to: Dialled)).ExpectOk().Json;
        await site.Home.OutcomeAsync(match["attemptId"]!.GetValue<Guid>(), "COMPLETED");
        await site.AdvanceAsync(TimeSpan.FromHours(3));
        Assert.Null(await site.Home.NextAsync(Queue));
        Assert.Equal("COMPLETED/CONNECTED", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "D5")]
    public async Task Whom_an_agent_is_just_dialling_becomes_that_conversation_and_the_dialler_is_told()
    {
        await using var site = await StartAsync();
        var id = await CreateAsync(site);
        var order = await site.Home.DialAsync(Queue);
        var match = (await site.Home.MatchAsync(from: Customer, to: Dialled)).ExpectOk().Json;
        Assert.Equal(order.AttemptId, match["attemptId"]!.GetValue<Guid>());
        // The line is busy with the customer's own call. That must not become another attempt.
        (await site.Home.TryOutcomeAsync(order.AttemptId, "BUSY")).Expect(HttpStatusCode.Conflict);
        (await site.Home.ExtendAsync(order.AttemptId, 60)).Expect(HttpStatusCode.Conflict);
        Assert.Null(await site.Home.NextAsync(Queue));
        await site.Home.OutcomeAsync(order.AttemptId, "COMPLETED");
        Assert.Equal("COMPLETED/CONNECTED", await site.Home.StateAsync(id));
        Assert.Equal("", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "B5")]
    public async Task A_customer_of_a_call_in_queue_who_calls_without_the_code_is_recognised_and_the_code_is_worth_nothing_any_more()
    {
        await using var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateCallInQueueAsync("callin");
        await site.Home.ReportAsync("callin", ready: 1);
        var id = await site.Home.CreateCallbackAsync("callin", [Phone], Customer);
        await site.WaitForPushAsync(Phone, "CALLBACK_READY");
        var code = (await site.Home.CallInAsync(id)).ExpectOk().Data["accessCode"]!.GetValue<string>();
        await site.WaitForPushAsync(Phone, "CALLBACK_CALL_IN");

        Assert.Equal(id, (await site.Home.MatchAsync(from: Customer, to: Dialled)).ExpectOk().Json["callbackId"]!.GetValue<Guid>());
        (await site.Home.MatchAsync(accessCode: code)).Expect(HttpStatusCode.NotFound);
        await site.AdvanceAsync(TimeSpan.FromMinutes(20));
        Assert.Equal("PROCESSING", await site.Home.StateAsync(id));
        Assert.Equal("READY CALL_IN", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "D9")]
    public async Task Of_several_callbacks_of_a_number_the_first_in_line_is_merged_and_the_others_wait_on()
    {
        await using var site = await StartAsync(new { oneActivePerNumber = false });
        var later = await CreateAsync(site, site.Now.AddHours(1));
        var first = await CreateAsync(site);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        var second = await CreateAsync(site);
        foreach (var expected in new[] { first, second, later })
            Assert.Equal(expected, (await site.Home.MatchAsync(from: Customer, to: Dialled)).ExpectOk().Json["callbackId"]!.GetValue<Guid>());
        (await site.Home.MatchAsync(from: Customer, to: Dialled)).Expect(HttpStatusCode.NotFound);
    }

    [Fact, Trait("Rule", "C1")]
    public async Task Two_calls_that_are_matched_at_the_same_instant_begin_one_conversation()
    {
        await using var site = await StartAsync();
        await CreateAsync(site);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.Home.MatchAsync(from: Customer, to: Dialled)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(a => a.Status == HttpStatusCode.NotFound));
    }

    private static async Task<Guid> CreateAsync(TestSite site, DateTimeOffset? desired = null)
    {
        var body = TenantClient.CreateBody(Queue, [Phone], Customer, desired);
        body["userData"] = new JsonObject { ["cart"] = "c-17" };
        return (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<Guid>();
    }

    private async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync(on: database);
        (await site.Home.ManageAsync(HttpMethod.Put, "settings/call-in-groups/numbers", new { phoneNumbers = (string[])[Dialled], accessCodeDigits = 6 })).ExpectOk();
        await site.Home.CreateQueueAsync(Queue, new { callInGroup = "numbers" });
        if (settings is not null) await site.Home.ChangeQueueAsync(Queue, settings);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteMergeTests() : MergeTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlMergeTests() : MergeTests(SiteDatabase.PostgreSql);
