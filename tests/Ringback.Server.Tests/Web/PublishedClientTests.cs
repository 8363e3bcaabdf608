using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Ringback.Server.Tests.Web;

/// <summary>What the published engagement clients send and expect, their traps above all (docs/api, rule E1).</summary>
public sealed partial class PublishedClientTests
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "E1")]
    public async Task Reporting_fields_are_never_a_reason_to_refuse()
    {
        await using var site = await StartAsync();
        var values = new JsonNode?[] { "Type of callback offer: one of ASAP, SCHEDULED or COMBINED_SCHEDULED_AND_ASAP", "", 5, true, new JsonArray(), new JsonObject(), null, new string('x', 5_000) };
        foreach (var value in values)
        {
            var body = TenantClient.CreateBody(Queue);
            foreach (var field in (string[])["cbOfferType", "offerTiming", "offerThreshold", "channel", "inboundVQ", "cbOriginationIxnId", "alwaysCheckCapacity", "captchaToken", "somethingNew"])
                body[field] = value?.DeepClone();
            (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk();
        }
    }

    [Theory, Trait("Rule", "E1")]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("text/plain")]
    [InlineData("")]
    public async Task The_content_type_does_not_matter(string contentType)
    {
        await using var site = await StartAsync();
        var text = TenantClient.CreateBody(Queue).ToJsonString();
        var answer = (await site.Home.SendAsync(HttpMethod.Post, "/engagement/v3/callbacks/create", text, site.Home.Keys.App, contentType)).ExpectOk();
        Assert.Equal("application/json; charset=utf-8", answer.Headers["Content-Type"]);
        (await site.Home.SendAsync(HttpMethod.Post, "/engagement/v3/callbacks/create", "\uFEFF" + TenantClient.CreateBody(Queue).ToJsonString(), site.Home.Keys.App, contentType)).ExpectOk();
    }

    [Fact, Trait("Rule", "E1")]
    public async Task A_GET_may_carry_a_content_type_and_an_empty_body()
    {
        await using var site = await StartAsync();
        foreach (var call in (string[])[$"estimated-wait-time?virtual-queues={Queue}", $"callbacks/availability/{Queue}?numberOfDays=1", $"callbacks/open-for/{Queue}", $"callbacks/queue-status/{Queue}"])
        {
            using var empty = new ByteArrayContent([]);
            empty.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            (await site.Home.SendAsync(HttpMethod.Get, $"/engagement/v3/{call}", empty, site.Home.Keys.App)).ExpectOk();
        }
    }

    [Fact, Trait("Rule", "E1"), Trait("Rule", "D3")]
    public async Task The_estimate_is_an_array_with_one_entry_for_each_queue_and_the_comma_may_be_encoded()
    {
        await using var site = await StartAsync();
        await site.Home.CreateQueueAsync("sales");
        await site.Home.CreateQueueAsync("night");
        await site.Home.ReportAsync(Queue, waiting: 4);
        await site.Home.ReportAsync("night", agents: 0);
        foreach (var names in (string[])["support%2Csales%2Cnight", "support,sales,night", "support,%20sales%2C,night"])
        {
            var data = (await EstimateAsync(site, $"{names}&include-calls-on-hold=true")).Data.AsArray();
            Assert.Equal([Queue, "sales", "night"], data.Select(e => e!["virtualQueue"]!.GetValue<string>()));
            Assert.Equal([(300, 0), (-1, -1), (-1, -2)], data.Select(e => (e!["estimatedWaitTime"]!.GetValue<int>(), e["resultCode"]!.GetValue<int>())));
            Assert.All(data, e => Assert.NotEmpty(e!["message"]!.GetValue<string>()));
        }
    }

    [Fact, Trait("Rule", "D3")]
    public async Task Each_mode_estimates_in_its_own_way()
    {
        await using var site = await StartAsync();
        Assert.Equal([(-1, -1), (-1, -1), (-1, -1)], await ModesAsync());
        var report = new { agentsLoggedIn = 4, agentsReady = 0, interactionsWaiting = 9, meanHandlingSeconds = 120, departures = 0, reportedEwtSeconds = 500 };
        (await site.Home.TryReportAsync(Queue, report)).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromSeconds(60));
        (await site.Home.TryReportAsync(Queue, report with { departures = 6 })).ExpectOk();
        // mode1: six left in a minute; mode2: 10 places × 120 s ÷ 4; mode3: as reported.
        Assert.Equal([(100, 0), (300, 0), (500, 0)], await ModesAsync());

        async Task<List<(int, int)>> ModesAsync()
        {
            var modes = new List<(int, int)>();
            foreach (var mode in (string[])["mode1", "mode2", "mode3"])
            {
                var entry = Assert.Single((await EstimateAsync(site, $"{Queue}&mode={mode}")).Data.AsArray())!;
                modes.Add((entry["estimatedWaitTime"]!.GetValue<int>(), entry["resultCode"]!.GetValue<int>()));
            }
            return modes;
        }
    }

    [Theory, Trait("Rule", "E1")]
    [InlineData("Sales & Support")]
    [InlineData("München/Süd")]
    [InlineData("100 % + more?#")]
    [InlineData("日本語 😀")]
    [InlineData("a;b=c:d@e")]
    public async Task A_queue_may_have_any_name(string name)
    {
        await using var site = await StartAsync();
        await site.Home.CreateQueueAsync(name, new { maxAttempts = 1 });
        Assert.Equal(name, (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/{Uri.EscapeDataString(name)}")).ExpectOk().Json["queue"]!.GetValue<string>());
        await site.Home.ReportAsync(name);
        var id = await site.Home.CreateCallbackAsync(name, ["phone-1"]);
        foreach (var call in (string[])["availability", "open-for", "queue-status"])
            (await site.Home.SendAsync(HttpMethod.Get, $"/engagement/v3/callbacks/{call}/{Uri.EscapeDataString(name)}", null, site.Home.Keys.App)).ExpectOk();
        Assert.Equal(name, Assert.Single((await EstimateAsync(site, Uri.EscapeDataString(name))).Data.AsArray())!["virtualQueue"]!.GetValue<string>());
        var order = await site.Home.DialAsync(name);
        Assert.Equal((id, name), (order.CallbackId, order.Json["queue"]!.GetValue<string>()));
        await site.Home.OutcomeAsync(order.AttemptId, "NO_ANSWER");
        Assert.Equal(name, (await site.WaitForPushAsync("phone-1", "CALLBACK_FINAL_ATTEMPT_FAILED")).Data("serviceName"));
    }

    [Fact, Trait("Rule", "E1")]
    public async Task Every_answer_has_a_corrId_of_its_own_sets_no_cookie_and_leaves_absent_fields_out()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue);
        await site.Home.RetrieveAsync(id);
        await site.Home.RetrieveAsync(id);
        await EstimateAsync(site, Queue);
        await site.Home.CancelAsync(id);
        await site.Home.CancelAsync(id);
        await site.Home.RetrieveAsync(id);
        await site.Home.EngageAsync("callbacks/create", "{");
        await site.Home.EngageAsync("nothing", new { });
        var envelopes = site.Answers.All.Where(a => a.Request.Contains("/engagement/v3/", StringComparison.Ordinal)).ToList();
        Assert.Equal(9, envelopes.Count);
        Assert.Equal(9, envelopes.Select(a => Guid.ParseExact(a.CorrId, "D")).Distinct().Count());
        Assert.All(envelopes.Where(a => a.Status == HttpStatusCode.OK), a => Assert.Equal((0, "Successful"), (a.EnvelopeCode, a.Message)));
        Assert.All(site.Answers.All, a =>
        {
            Assert.False(a.Headers.ContainsKey("Set-Cookie"));
            Assert.DoesNotContain(":null", a.Body, StringComparison.Ordinal);
        });
        // The id finds the request in the log.
        var lines = site.ServerLog.Lines;
        Assert.All(envelopes, a => Assert.Contains(lines, line => line.Contains(a.CorrId, StringComparison.Ordinal)));
    }

    [Fact, Trait("Rule", "E1")]
    public async Task Times_can_be_read_by_both_clients()
    {
        await using var site = await StartAsync();
        var body = TenantClient.CreateBody(Queue);
        body["desiredTime"] = "2026-11-23T13:00:00.123+02:00";
        var id = (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<string>();
        Assert.Matches(Uuid(), id);
        var desired = (await site.Home.EngageAsync("callbacks/retrieve", new { id })).ExpectOk().Data["desiredTime"]!.GetValue<string>();
        Assert.Equal("2026-11-23T11:00:00.123Z", desired);
    }

    /// <summary>Java parses the times as ISO with an offset and numbers as whole ones; JavaScript reads a time with a blank in place of the T.</summary>
    [Fact, Trait("Rule", "E1")]
    public async Task Slots_and_their_alternatives_can_be_read_by_both_clients()
    {
        await using var site = await StartAsync();
        await site.Home.ChangeQueueAsync(Queue, new { capacity = new { callbacksPerSlot = 1 } });
        var slots = (await site.Home.SendAsync(HttpMethod.Get, $"/engagement/v3/callbacks/availability/{Queue}?start=2026-11-24T09:00:00.000&numberOfDays=1&timezone=Asia/Kolkata", null, site.Home.Keys.App)).ExpectOk().Data["slots"]!.AsArray();
        Assert.Equal(97, slots.Count);
        Assert.All(slots, slot =>
        {
            Assert.Matches(InstantForm(), slot!["utcTime"]!.GetValue<string>());
            Assert.Equal(slot["utcTime"]!.GetValue<DateTimeOffset>(), slot["localTime"]!.GetValue<DateTimeOffset>());
            Assert.EndsWith("+05:30", slot["localTime"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.True(slot["capacity"]!.GetValue<int>() <= slot["total"]!.GetValue<int>());
        });
        // What availability offers can be booked as it stands, once.
        var body = TenantClient.CreateBody(Queue);
        (body["desiredTime"], body["alwaysCheckCapacity"]) = (slots[0]!["utcTime"]!.GetValue<string>(), true);
        (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk();
        body["phoneNumber"] = TenantClient.NewPhone();
        var full = (await site.Home.EngageAsync("callbacks/create", body)).Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal(["status", "data"], full.Json.AsObject().Select(p => p.Key));
        Assert.Equal(10, full.Data["slots"]!.AsObject().Count);
        Assert.All(full.Data["slots"]!.AsObject(), slot => Assert.Matches(InstantForm(), slot.Key));
        body["desiredTime"] = full.Data["slots"]!.AsObject().First().Key;
        (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk();
    }

    [Theory, Trait("Rule", "E1")]
    [InlineData("4155550123", "+14155550123")]
    [InlineData("(415) 555-0123", "+14155550123")]
    [InlineData("+1 415 555 0123", "+14155550123")]
    [InlineData("+49 30 901820", "+4930901820")]
    public async Task Phone_numbers_are_read_as_people_write_them(string written, string number)
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, phone: written);
        Assert.Equal(number, (await site.Home.RetrieveAsync(id)).PhoneNumber);
    }

    private static async Task<ApiAnswer> EstimateAsync(TestSite site, string names) =>
        (await site.Home.SendAsync(HttpMethod.Get, $"/engagement/v3/estimated-wait-time?virtual-queues={names}", null, site.Home.Keys.App)).ExpectOk();

    [GeneratedRegex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex InstantForm();

    private static async Task<TestSite> StartAsync()
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        return site;
    }
}
