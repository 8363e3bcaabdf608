using System.Globalization;

namespace Ringback.Server.Tests.Callbacks;

/// <summary>How many callbacks are taken for a number, in a queue and of a tenant (rule D9).</summary>
public abstract class ThrottleTests(SiteDatabase database)
{
    private const string Queue = "support";
    private const string Customer = "+14155550123";

    [Fact, Trait("Rule", "D9")]
    public async Task A_number_that_asks_too_often_is_told_when_it_may_again_and_others_are_not_held_up()
    {
        await using var site = await StartAsync(new { maxCreatesPerNumberPerHour = 3 });
        for (var i = 0; i < 3; i++)
        {
            await CreateAndCancelAsync(site);
            await site.AdvanceAsync(TimeSpan.FromMinutes(10));
        }
        await RefusedAsync(site, TimeSpan.FromMinutes(30));
        await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromMinutes(30) - TimeSpan.FromMilliseconds(1));
        await RefusedAsync(site, TimeSpan.FromSeconds(1));
        await site.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        await CreateAndCancelAsync(site);
        await RefusedAsync(site, TimeSpan.FromMinutes(10));
        // A refusal never makes it longer.
        await site.AdvanceAsync(TimeSpan.FromMinutes(10));
        await CreateAndCancelAsync(site);
    }

    [Fact, Trait("Rule", "D9")]
    public async Task A_request_that_is_sent_again_gets_its_answer_whatever_the_limit()
    {
        await using var site = await StartAsync(new { maxCreatesPerNumberPerHour = 1 });
        var id = await site.Home.CreateCallbackAsync(Queue, ["phone-1"], Customer);
        for (var i = 0; i < 3; i++) Assert.Equal(id, await site.Home.CreateCallbackAsync(Queue, ["phone-1"], Customer));
        (await site.Home.CancelAsync(id)).ExpectOk();
        await RefusedAsync(site, TimeSpan.FromHours(1), "phone-1");
    }

    [Fact, Trait("Rule", "D9")]
    public async Task A_queue_takes_so_many_within_a_minute_also_after_a_restart_and_another_queue_has_its_own_count()
    {
        await using var site = await StartAsync(new { maxCreatesPerMinute = 2 });
        await site.Home.CreateQueueAsync("sales");
        await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(20));
        await site.Home.CreateCallbackAsync(Queue);
        await RefusedAsync(site, TimeSpan.FromSeconds(40));
        await site.RestartServerAsync();
        await RefusedAsync(site, TimeSpan.FromSeconds(40));
        await site.Home.CreateCallbackAsync("sales", phone: Customer);
        await site.AdvanceAsync(TimeSpan.FromSeconds(40));
        await site.Home.CreateCallbackAsync(Queue);
        await RefusedAsync(site, TimeSpan.FromSeconds(20));
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_limit_is_in_force_at_once_and_zero_is_none()
    {
        await using var site = await StartAsync(new { maxCreatesPerNumberPerHour = 0, maxCreatesPerMinute = 0 });
        for (var i = 0; i < 25; i++) await CreateAndCancelAsync(site);
        await site.Home.CreateCallbackAsync(Queue);
        await site.Home.ChangeQueueAsync(Queue, new { maxCreatesPerMinute = 1 });
        await RefusedAsync(site, TimeSpan.FromMinutes(1));
        await site.Home.ChangeQueueAsync(Queue, new { maxCreatesPerMinute = 2 });
        await CreateAndCancelAsync(site);
        // What stands in the way of a lower limit is more than one.
        await site.AdvanceAsync(TimeSpan.FromSeconds(10));
        await site.Home.ChangeQueueAsync(Queue, new { maxCreatesPerMinute = 1 });
        await RefusedAsync(site, TimeSpan.FromSeconds(50));
        await site.Home.ChangeQueueAsync(Queue, new { maxCreatesPerMinute = 0 });
        await CreateAndCancelAsync(site);
    }

    [Fact, Trait("Rule", "D9")]
    public async Task One_tenants_flood_of_requests_is_held_back_and_the_other_tenant_does_not_notice()
    {
        await using var site = await TestSite.StartAsync(on: database, settings: new Dictionary<string, string?> { ["Throttles:CreatesPerTenantPerMinute"] = "5" });
        foreach (var tenant in new[] { site.Home, site.Other }) await tenant.CreateCallInQueueAsync("callin");
        await site.Home.CreateQueueAsync(Queue);
        // Whatever becomes of them: what is wrong in a request is found out only by reading and looking it up.
        for (var i = 0; i < 3; i++) (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody("nowhere"))).Expect(HttpStatusCode.BadRequest);
        await site.Home.CreateCallbackAsync(Queue);
        (await site.Home.CallInAsync(null)).ExpectOk();

        await RefusedAsync(site, TimeSpan.FromMinutes(1));
        Refused(await site.Home.CallInAsync(null), TimeSpan.FromMinutes(1));
        (await site.Other.CallInAsync(null)).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromMinutes(1));
        await site.Home.CreateCallbackAsync(Queue);
    }

    private static async Task CreateAndCancelAsync(TestSite site) => (await site.Home.CancelAsync(await site.Home.CreateCallbackAsync(Queue, phone: Customer))).ExpectOk();

    private static async Task RefusedAsync(TestSite site, TimeSpan wait, params string[] targets) =>
        Refused(await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue, targets, Customer)), wait);

    private static void Refused(ApiAnswer answer, TimeSpan wait)
    {
        answer.Expect(HttpStatusCode.TooManyRequests);
        var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        Assert.Equal((7041, seconds), (answer.EnvelopeCode, answer.Headers["Retry-After"]));
        Assert.Contains($"again in {seconds} seconds", answer.Message, StringComparison.Ordinal);
        Assert.False(answer.Json.AsObject().ContainsKey("data"));
    }

    private async Task<TestSite> StartAsync(object settings)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteThrottleTests() : ThrottleTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlThrottleTests() : ThrottleTests(SiteDatabase.PostgreSql);
