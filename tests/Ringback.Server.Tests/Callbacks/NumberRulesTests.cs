namespace Ringback.Server.Tests.Callbacks;

/// <summary>Which numbers a queue calls (rule D9).</summary>
public abstract class NumberRulesTests(SiteDatabase database)
{
    private const string Queue = "support";
    private const string FromUs = "+14155550123";
    private const string FromCanada = "+16045550123";
    private const string FromGermany = "+4930123456";
    private const string FromNowhere = "+80012345678";

    [Fact, Trait("Rule", "D9")]
    public async Task Only_numbers_of_permitted_countries_are_taken_at_once_and_until_the_setting_is_taken_back()
    {
        await using var site = await StartAsync();
        await site.Home.ChangeQueueAsync(Queue, new { permittedCountries = (string[])["US", "DE"] });
        await TakenAsync(site, FromUs, FromGermany, "(650) 253-0000");
        // Canada shares the country code of the United States and is another country all the same.
        await RefusedAsync(site, 7036, FromCanada, FromNowhere, "+442079460123");
        await site.RestartServerAsync();
        await RefusedAsync(site, 7036, FromCanada);
        await site.Home.ChangeQueueAsync(Queue, new { permittedCountries = (string[]?)null });
        await TakenAsync(site, FromCanada, FromNowhere);
    }

    [Fact, Trait("Rule", "D9")]
    public async Task A_blocked_number_is_refused_however_it_is_written()
    {
        await using var site = await StartAsync(new { blockedNumbers = (string[])[FromUs] });
        await RefusedAsync(site, 7037, FromUs, "(415) 555-0123", "011 1 415 555 0123", "+1 415-555-0123");
        await TakenAsync(site, "+14155550124", "+14155550122");
    }

    [Fact, Trait("Rule", "D9")]
    public async Task All_numbers_with_a_blocked_beginning_are_refused()
    {
        await using var site = await StartAsync(new { blockedNumbers = (string[])["+4990*", "+1415555*"], permittedCountries = (string[])["US"] });
        await RefusedAsync(site, 7037, FromUs, "+14155559999", "+4990012345");
        await RefusedAsync(site, 7036, FromGermany);
        await TakenAsync(site, "+14155540123");
    }

    [Fact, Trait("Rule", "D9")]
    public async Task The_rules_of_one_queue_do_not_hold_for_another()
    {
        await using var site = await StartAsync(new { blockedNumbers = (string[])[FromUs], permittedCountries = (string[])["US"] });
        await site.Home.CreateQueueAsync("sales");
        await site.Home.CreateCallbackAsync("sales", phone: FromUs);
        await site.Home.CreateCallbackAsync("sales", phone: FromGermany);
    }

    private static async Task TakenAsync(TestSite site, params string[] numbers)
    {
        foreach (var number in numbers) await site.Home.CreateCallbackAsync(Queue, phone: number);
    }

    private static async Task RefusedAsync(TestSite site, int code, params string[] numbers)
    {
        foreach (var number in numbers)
        {
            var answer = (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue, phone: number))).Expect(HttpStatusCode.BadRequest);
            Assert.Equal((number, code), (number, answer.EnvelopeCode));
        }
    }

    private async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteNumberRulesTests() : NumberRulesTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlNumberRulesTests() : NumberRulesTests(SiteDatabase.PostgreSql);
