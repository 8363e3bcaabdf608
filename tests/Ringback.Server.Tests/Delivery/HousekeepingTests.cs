using System.Text;
using Ringback.Server.Tests.Web;

namespace Ringback.Server.Tests.Delivery;

/// <summary>What is over leaves the outbox and can be read all the same; personal data go by age and by request (rule F3).</summary>
public sealed class HousekeepingTests
{
    private const string Queue = "support";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";

    [Theory, Trait("Rule", "D10")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_finished_push_leaves_the_outbox_ten_minutes_after_its_callback_and_stays_on_the_timeline_for_thirty_days(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        var id = await FinalAsync(site, "phone-1");
        await site.WaitForPushAsync("phone-1", Final);
        await site.AdvanceAsync(TimeSpan.FromMinutes(9));
        var before = await KindsAsync(site, id);
        Assert.Equal((1, 0), Count(site));
        site.Clock.Advance(TimeSpan.FromMinutes(3));
        await Eventually.UntilAsync(() => Task.FromResult(Count(site) == (0, 1)), "the push to move");
        Assert.Equal(before, await KindsAsync(site, id));
        Assert.Contains("push.accepted", before);

        site.Clock.Advance(TimeSpan.FromDays(31));
        await Eventually.UntilAsync(() => Task.FromResult(Count(site) == (0, 0)), "the push to be forgotten");
        Assert.Equal(before.Where(kind => kind != "push.accepted"), await KindsAsync(site, id));
    }

    [Fact, Trait("Rule", "B1")]
    public async Task The_push_of_a_callback_that_waits_stays_so_that_its_event_cannot_be_decided_twice()
    {
        await using var site = await StartAsync();
        await site.Home.CreateCallbackAsync(Queue, ["phone-1"]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        await site.WaitForPushAsync("phone-1", "CALLBACK_ATTEMPT_FAILED");
        await site.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal((1, 0), Count(site));
    }

    [Theory, Trait("Rule", "F3")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Number_user_data_and_target_are_erased_by_age_and_the_figures_stay(SiteDatabase on)
    {
        await using var site = await StartAsync(on, new Dictionary<string, string?> { ["Retention:RetentionDays"] = "7" });
        var phone = TenantClient.NewPhone();
        var body = TenantClient.CreateBody(Queue, ["phone-1"], phone);
        body["userData"] = new JsonObject { ["name"] = "Ada Lovelace" };
        var id = (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<Guid>();
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        await site.WaitForPushAsync("phone-1", Final);
        await site.SettleAsync();
        site.Clock.Advance(TimeSpan.FromDays(6.9));
        await site.SettleAsync();
        Assert.Equal(phone, (await site.Home.RetrieveAsync(id)).PhoneNumber);

        site.Clock.Advance(TimeSpan.FromDays(0.2));
        await Eventually.UntilAsync(async () => (await site.Home.RetrieveAsync(id)).PhoneNumber.Length == 0, "the number to be erased");
        Assert.Equal("COMPLETED/INVALID_NUMBER", await site.Home.StateAsync(id));
        Assert.Equal(["", "1"], site.Query("select p.address, c.target_count from callbacks c join push_targets p on p.callback_id = c.callback_id", r => (string[])[r.GetString(0), r.GetInt32(1).ToString(System.Globalization.CultureInfo.InvariantCulture)])[0]);
        Assert.Equal(0, site.Query("select count(*) from callbacks where user_data is not null", r => r.GetInt32(0))[0]);
    }

    [Theory, Trait("Rule", "F3")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_customer_is_erased_by_number_wherever_nothing_waits_for_it_and_it_is_written_down_without_the_number(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        var (phone, neighbour) = (TenantClient.NewPhone(), TenantClient.NewPhone());
        var over = await FinalAsync(site, "phone-1", phone);
        var others = await FinalAsync(site, "phone-2", neighbour);
        await site.WaitForPushAsync("phone-2", Final);
        await site.SettleAsync();
        var waiting = await site.Home.CreateCallbackAsync(Queue, ["phone-3"], phone);

        var answer = await EraseAsync(site, new { phoneNumber = phone });
        Assert.Equal("""{"callbacks":1,"callIns":0,"inUse":1}""", answer.Body);
        Assert.Equal("", (await site.Home.RetrieveAsync(over)).PhoneNumber);
        Assert.Equal(neighbour, (await site.Home.RetrieveAsync(others)).PhoneNumber);
        Assert.Equal(phone, (await site.Home.RetrieveAsync(waiting)).PhoneNumber);
        var audit = (await site.Home.ManageAsync(HttpMethod.Get, "audit")).ExpectOk();
        Assert.Equal("personal_data.erased", audit.Json["entries"]![0]!["action"]!.GetValue<string>());
        Assert.DoesNotContain(phone, audit.Body, StringComparison.Ordinal);

        (await site.Home.CancelAsync(waiting)).ExpectOk();
        Assert.Equal("""{"callbacks":1,"callIns":0,"inUse":0}""", (await EraseAsync(site, new { phoneNumber = phone })).Body);
        Assert.Equal("""{"callbacks":0,"callIns":0,"inUse":0}""", (await EraseAsync(site, new { phoneNumber = phone })).Body);
        Assert.Equal(["", "", "phone-2"], site.Query("select address from push_targets", r => r.GetString(0)).Order(StringComparer.Ordinal));
    }

    [Fact, Trait("Rule", "F3")]
    public async Task What_is_erased_is_gone_from_the_bytes_of_the_files()
    {
        await using var site = await StartAsync();
        const string name = "Grace-Brewster-Murray", token = "token-that-must-be-gone";
        var phone = TenantClient.NewPhone();
        await site.Home.ChangeQueueAsync(Queue, new { maxCreatesPerNumberPerHour = 100 });
        // Many and long, so that they fill pages of their own, among others that stay.
        for (var i = 0; i < 30; i++)
        {
            var body = TenantClient.CreateBody(Queue, [$"{token}-{i}"], phone);
            body["userData"] = new JsonObject { ["name"] = string.Concat(Enumerable.Repeat(name, 10 + 20 * i)) };
            var id = (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<Guid>();
            (await site.Home.CancelAsync(id)).ExpectOk();
            await site.Home.CreateCallbackAsync(Queue, [$"stays-{i}"]);
        }
        string[] erased = [phone, name, token];
        Assert.All(erased, text => Assert.NotEmpty(FilesWith(site, text)));
        // Into the file itself, as it is after a while: an update then leaves the old bytes in the page.
        await site.RestartServerAsync();
        Assert.All(erased, text => Assert.Contains("ringback.db", FilesWith(site, text)));

        Assert.Equal("""{"callbacks":30,"callIns":0,"inUse":0}""", (await EraseAsync(site, new { phoneNumber = phone })).Body);
        Assert.All(erased, text => Assert.Empty(FilesWith(site, text)));
        Assert.NotEmpty(FilesWith(site, "stays-29"));
    }

    [Fact, Trait("Rule", "F3")]
    public async Task What_was_erased_while_somebody_read_is_gone_from_the_files_a_minute_after()
    {
        await using var site = await StartAsync();
        var phone = TenantClient.NewPhone();
        await site.Home.CancelAsync(await site.Home.CreateCallbackAsync(Queue, ["phone-1"], phone));
        using (site.ReadOn())
        {
            Assert.Equal("""{"callbacks":1,"callIns":0,"inUse":0}""", (await EraseAsync(site, new { phoneNumber = phone })).Body);
            Assert.NotEmpty(FilesWith(site, phone)); // The reader sees it yet.
        }
        await Eventually.UntilAsync(
            () =>
            {
                site.Clock.Advance(TimeSpan.FromMinutes(1));
                return Task.FromResult(FilesWith(site, phone).Count == 0);
            },
            "the bytes to go");
    }

    [Fact, Trait("Rule", "F3")]
    public async Task A_push_target_is_erased_alone()
    {
        await using var site = await StartAsync();
        var phone = TenantClient.NewPhone();
        var id = await FinalAsync(site, "phone-1", phone);
        await site.WaitForPushAsync("phone-1", Final);
        await site.SettleAsync();
        Assert.Equal("""{"callbacks":1,"callIns":0,"inUse":0}""", (await EraseAsync(site, new { target = "phone-1" })).Body);
        Assert.Equal(phone, (await site.Home.RetrieveAsync(id)).PhoneNumber);
        Assert.Equal([""], site.Query("select address from push_targets", r => r.GetString(0)));
    }

    [Theory, Trait("Rule", "F3")]
    [InlineData("{}", "phoneNumber")]
    [InlineData("""{"phoneNumber":"+14155550123","target":"t"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"4155550123"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":"+1"}""", "phoneNumber")]
    [InlineData("""{"phoneNumber":5}""", "phoneNumber")]
    [InlineData("""{"target":""}""", "target")]
    public async Task An_erasure_that_names_nobody_is_refused(string body, string named)
    {
        await using var site = await StartAsync();
        var answer = (await EraseAsync(site, body)).Expect(HttpStatusCode.BadRequest);
        SharedSite.ExpectForm(answer, "/management/v1/personal-data/erase");
        Assert.StartsWith(named, answer.Message, StringComparison.Ordinal);
        (await site.Home.AgentAsync(HttpMethod.Post, "personal-data/erase", new { phoneNumber = "+14155550123" })).Expect(HttpStatusCode.Forbidden);
    }

    [Fact, Trait("Rule", "E2")]
    public async Task The_audit_is_read_in_pages_the_newest_first_and_by_its_own_tenant_alone()
    {
        await using var site = await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            (await EraseAsync(site, new { phoneNumber = $"+1415555012{i}" })).ExpectOk();
            (await site.Home.ManageAsync(HttpMethod.Post, "delivery/pause", new { })).ExpectOk();
            site.Clock.Advance(TimeSpan.FromSeconds(1));
            (await site.Home.ManageAsync(HttpMethod.Post, "delivery/resume", new { })).ExpectOk();
            site.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        var first = (await site.Home.ManageAsync(HttpMethod.Get, "audit?limit=4")).ExpectOk().Json["entries"]!.AsArray();
        var rest = (await site.Home.ManageAsync(HttpMethod.Get, $"audit?limit=4&before={first[^1]!["id"]}")).ExpectOk().Json["entries"]!.AsArray();
        Assert.Equal((4, 2), (first.Count, rest.Count));
        var at = first.Concat(rest).Select(e => e!["at"]!.GetValue<DateTimeOffset>()).ToList();
        Assert.Equal(at.OrderDescending(), at);
        Assert.Empty((await site.Other.ManageAsync(HttpMethod.Get, "audit")).ExpectOk().Json["entries"]!.AsArray());
        foreach (var query in (string[])["limit=0", "limit=201", "limit=x", "before=x"]) (await site.Home.ManageAsync(HttpMethod.Get, $"audit?{query}")).Expect(HttpStatusCode.BadRequest);
    }

    private static Task<ApiAnswer> EraseAsync(TestSite site, object body) => site.Home.ManageAsync(HttpMethod.Post, "personal-data/erase", body);

    private static List<string> FilesWith(TestSite site, string text) =>
        [.. site.StoredBytes().Where(file => file.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0).Select(file => file.Key)];

    private static (int Outbox, int History) Count(TestSite site) => site.Query("select (select count(*) from outbox), (select count(*) from outbox_history)", r => (r.GetInt32(0), r.GetInt32(1)))[0];

    private static async Task<List<string>> KindsAsync(TestSite site, Guid id) => [.. (await site.Home.TimelineAsync(id)).Select(entry => entry.Kind)];

    private static async Task<Guid> FinalAsync(TestSite site, string token, string? phone = null)
    {
        var id = await site.Home.CreateCallbackAsync(Queue, [token], phone);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        return id;
    }

    private static async Task<TestSite> StartAsync(SiteDatabase on = SiteDatabase.Sqlite, Dictionary<string, string?>? settings = null)
    {
        var site = await TestSite.StartAsync(settings: settings, on: on);
        await site.Home.CreateQueueAsync(Queue, new { retrySeconds = new { noAnswer = 3_600 } });
        return site;
    }
}
