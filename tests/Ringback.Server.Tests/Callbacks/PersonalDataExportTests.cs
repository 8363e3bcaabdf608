using Ringback.Engine;
using Ringback.Server.Tests.Web;

namespace Ringback.Server.Tests.Callbacks;

/// <summary>A customer is told everything that is kept about a number (rule F3).</summary>
public sealed class PersonalDataExportTests
{
    private const string Queue = "support";
    private const string Token = "exported-token-1";

    [Theory, Trait("Rule", "F3")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Everything_that_holds_the_number_is_exported_and_nothing_else(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        var phone = TenantClient.NewPhone();
        var body = TenantClient.CreateBody(Queue, [Token, "exported-token-2"], phone, language: "de");
        (body["userData"], body["channel"], body["routePoint"]) = (new JsonObject { ["name"] = "Ada Lovelace" }, "app", "vip");
        var over = (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<Guid>();
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.AdvanceAsync(TimeSpan.FromSeconds(6));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await site.WaitForPushAsync("exported-token-2", "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.SettleAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(12));
        await Eventually.UntilAsync(() => Task.FromResult(site.Query("select count(*) from outbox", r => r.GetInt32(0))[0] == 0), "the pushes to move into the history");
        var desired = site.Now.AddHours(3);
        var waiting = await site.Home.CreateCallbackAsync(Queue, ["exported-token-3"], phone, desired);
        site.Clock.Advance(TimeSpan.FromSeconds(1)); // Of one millisecond, either id may be the greater.
        var (callsIn, code) = await CallInAsync(site, phone);
        var lone = (await site.Home.CallInAsync(null, from: phone)).ExpectOk().Data["id"]!.GetValue<Guid>();
        await site.Home.CreateCallbackAsync(Queue, ["neighbour"]);
        await site.Other.CreateQueueAsync(Queue);
        await site.Other.CreateCallbackAsync(Queue, ["other-tenant"], phone);

        var answer = (await ExportAsync(site, new { phoneNumber = phone })).ExpectOk();

        Assert.Equal([over, waiting, callsIn], answer.Json["callbacks"]!.AsArray().Select(c => c!["id"]!.GetValue<Guid>()));
        Assert.Equal([lone], answer.Json["callIns"]!.AsArray().Select(c => c!["id"]!.GetValue<Guid>()));
        var first = answer.Json["callbacks"]![0]!;
        foreach (var (name, value) in ((string, string)[])[("queue", Queue), ("state", "COMPLETED"), ("reason", "INVALID_NUMBER"), ("phoneNumber", phone), ("language", "de"), ("routePoint", "vip")])
            Assert.Equal((name, value), (name, first[name]!.GetValue<string>()));
        Assert.Equal("""{"name":"Ada Lovelace"}""", first["userData"]!.ToJsonString());
        Assert.Equal("""{"channel":"app"}""", first["reporting"]!.ToJsonString());
        Assert.Equal([Token, "exported-token-2"], first["pushTargets"]!.AsArray().Select(t => t!["address"]!.GetValue<string>()));
        Assert.Equal(["NO_ANSWER", "INVALID_NUMBER"], first["attempts"]!.AsArray().Select(a => a!["outcome"]!.GetValue<string>()));
        string[] events = ["CALLBACK_ATTEMPT_FAILED", "CALLBACK_FINAL_ATTEMPT_FAILED"];
        Assert.Equal(events.SelectMany(e => new[] { (e, 0, "ACCEPTED"), (e, 1, "ACCEPTED") }), first["pushes"]!.AsArray().Select(Push).Order());
        Assert.Equal((await site.Home.TimelineAsync(over)).Select(e => e.Kind), first["timeline"]!.AsArray().Select(e => e!["kind"]!.GetValue<string>()));
        Assert.Equal(("SCHEDULED", WireTime.Of(desired)), (answer.Json["callbacks"]![1]!["state"]!.GetValue<string>(), answer.Json["callbacks"]![1]!["desiredTime"]!.GetValue<string>()));
        Assert.Single(answer.Json["callbacks"]![2]!["callIns"]!.AsArray());
        Assert.Contains("CALLBACK_CALL_IN", answer.Json["callbacks"]![2]!["pushes"]!.AsArray().Select(p => p!["event"]!.GetValue<string>()));
        Assert.DoesNotContain(code, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("other-tenant", answer.Body, StringComparison.Ordinal);

        var audit = (await site.Home.ManageAsync(HttpMethod.Get, "audit")).ExpectOk();
        var entry = audit.Json["entries"]![0]!;
        Assert.Equal(("personal_data.exported", "home administrator", """{"callbacks":3,"callIns":1}"""), (entry["action"]!.GetValue<string>(), entry["by"]!.GetValue<string>(), entry["detail"]!.ToJsonString()));
        Assert.DoesNotContain(phone, audit.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(site.ServerLog.Lines, line => line.Contains(phone, StringComparison.Ordinal) || line.Contains(Token, StringComparison.Ordinal));
    }

    [Theory, Trait("Rule", "F3")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_long_export_comes_in_pages_and_each_callback_and_request_once(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        var phone = TenantClient.NewPhone();
        await site.Home.CreateCallInQueueAsync("callin");
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add(await site.Home.CreateCallbackAsync(Queue, phone: phone));
            (await site.Home.CancelAsync(ids[^1])).ExpectOk();
            site.Clock.Advance(TimeSpan.FromSeconds(1));
            ids.Add((await site.Home.CallInAsync(null, from: phone)).ExpectOk().Data["id"]!.GetValue<Guid>());
            site.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        var pages = new List<Guid[]>();
        for (Guid? after = null; pages.Count == 0 || after is not null;)
        {
            var page = (await ExportAsync(site, new { phoneNumber = phone, limit = 3, after })).ExpectOk().Json;
            pages.Add([.. page["callbacks"]!.AsArray().Concat(page["callIns"]!.AsArray()).Select(item => item!["id"]!.GetValue<Guid>()).Order()]);
            after = page["next"]?.GetValue<Guid>();
        }
        Assert.Equal([3, 3], pages.Select(page => page.Length));
        Assert.Equal(ids, pages.SelectMany(page => page));
    }

    [Fact, Trait("Rule", "F3")]
    public async Task A_number_of_which_nothing_is_kept_gives_an_empty_export_and_is_written_down_too()
    {
        await using var site = await StartAsync();
        var phone = TenantClient.NewPhone();
        (await site.Home.CancelAsync(await site.Home.CreateCallbackAsync(Queue, [Token], phone))).ExpectOk();
        (await site.Home.ManageAsync(HttpMethod.Post, "personal-data/erase", new { phoneNumber = phone })).ExpectOk();
        site.Clock.Advance(TimeSpan.FromSeconds(1)); // The audit is in order of time.
        Assert.Equal($$"""{"phoneNumber":"{{phone}}","callbacks":[],"callIns":[]}""", (await ExportAsync(site, new { phoneNumber = phone })).ExpectOk().Body);
        Assert.Equal("personal_data.exported", (await site.Home.ManageAsync(HttpMethod.Get, "audit")).ExpectOk().Json["entries"]![0]!["action"]!.GetValue<string>());
    }

    [Theory, Trait("Rule", "F3")]
    [InlineData("{}", "phoneNumber")]
    [InlineData("""{"phoneNumber":"4155550123"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"+14155550123","limit":51}""", "limit")]
    [InlineData("""{"phoneNumber":"+14155550123","after":"x"}""", "after")]
    public async Task An_export_that_names_nobody_is_refused(string body, string named)
    {
        await using var site = await StartAsync();
        var answer = (await ExportAsync(site, body)).Expect(HttpStatusCode.BadRequest);
        SharedSite.ExpectForm(answer, "/management/v1/personal-data/export");
        Assert.StartsWith(named, answer.Message, StringComparison.Ordinal);
        (await site.Home.AgentAsync(HttpMethod.Post, "personal-data/export", new { phoneNumber = "+14155550123" })).Expect(HttpStatusCode.Forbidden);
    }

    [Fact, Trait("Rule", "F3")]
    public async Task A_customer_is_exported_by_command_all_pages_in_one()
    {
        await using var site = await StartAsync();
        var phone = TenantClient.NewPhone();
        await site.Home.ChangeQueueAsync(Queue, new { maxCreatesPerNumberPerHour = 100 });
        for (var i = 0; i < 51; i++) (await site.Home.CancelAsync(await site.Home.CreateCallbackAsync(Queue, [$"token-{i}"], phone))).ExpectOk();
        await site.StopServerAsync();
        var printed = JsonNode.Parse(await ProcessSite.RunAsync("personal-data", "export", "--data", site.DataDirectory, "--tenant", "home", "--phone-number", phone))!;
        Assert.Equal(Enumerable.Range(0, 51).Select(i => $"token-{i}").Order(), printed["callbacks"]!.AsArray().Select(c => c!["pushTargets"]![0]!["address"]!.GetValue<string>()).Order());
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ProcessSite.RunAsync("personal-data", "export", "--data", site.DataDirectory, "--tenant", "home", "--phone-number", "12"));
        Assert.Contains("E.164", refused.Message, StringComparison.Ordinal);
    }

    private static (string Event, int Target, string State) Push(JsonNode? push) => (push!["event"]!.GetValue<string>(), push["target"]!.GetValue<int>(), push["state"]!.GetValue<string>());

    private static Task<ApiAnswer> ExportAsync(TestSite site, object body) => site.Home.ManageAsync(HttpMethod.Post, "personal-data/export", body);

    private static async Task<(Guid Id, string Code)> CallInAsync(TestSite site, string phone)
    {
        await site.Home.CreateCallInQueueAsync("callin");
        await site.Home.ReportAsync("callin", ready: 1);
        var id = await site.Home.CreateCallbackAsync("callin", ["exported-token-4"], phone);
        await site.WaitForPushAsync("exported-token-4", "CALLBACK_READY");
        var code = (await site.Home.CallInAsync(id)).ExpectOk().Data["accessCode"]!.GetValue<string>();
        await site.WaitForPushAsync("exported-token-4", "CALLBACK_CALL_IN");
        return (id, code);
    }

    private static async Task<TestSite> StartAsync(SiteDatabase on = SiteDatabase.Sqlite)
    {
        var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue, new { maxAttempts = 3, retrySeconds = new { noAnswer = 5 } });
        return site;
    }
}
