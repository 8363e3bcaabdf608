using System.Data.Common;
using System.Text;
using Ringback.Server.Tests.Telemetry;

namespace Ringback.Server.Tests.Firebase;

/// <summary>
/// Whole flows, good and bad, with a marker in every secret; then every log line, answer and stored byte is searched for them (rule A4). Pages: <c>MarkedSecretsPagesTests</c>, which needs a browser.
/// </summary>
public sealed class MarkedSecretsTests
{
    private const string Token = "marked-push-token-4711";
    private const string BadToken = "unregistered-marked-push-token-4712";
    private const string UserData = "marked-user-data-4713";
    private const string Phone = "+14155554714";

    [Theory, Trait("Rule", "A4")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task No_secret_leaves_the_program_but_on_the_wire_to_Firebase(SiteDatabase on)
    {
        await using var collector = await Collector.StartAsync();
        await using var site = await TestSite.StartAsync(settings: collector.Variables, on: on);
        await PlayAsync(site);
        var account = FirebaseAccount.First;
        var refused = FirebaseAccount.Second;
        List<string> secrets = [account.Email, refused.Email, .. account.KeyLines, .. refused.KeyLines, Token, BadToken];

        var log = site.ServerLog.Lines;
        Assert.True(log.Count > 500, "The log was not captured.");
        Assert.Equal([], Leaks(log, [.. secrets, UserData, Phone, "ya29.", "eyJhbGci"]));
        Assert.Equal([], Leaks(site.EmulatorLog.Lines, [account.Email, refused.Email, .. account.KeyLines, .. refused.KeyLines, "ya29.", "eyJhbGci"]));
        var answers = site.Answers.All.Select(a => $"{a.Body} {string.Join(' ', a.Headers.Values)}").ToList();
        Assert.True(answers.Count > 30, "The answers were not kept.");
        Assert.Equal([], Leaks(answers, [.. secrets, "ya29.", "eyJhbGci"]));

        await collector.WaitForAsync("metrics", "ringback.push.retries");
        await collector.WaitForAsync("traces", "push.send");
        var figures = $"{(await Scrape.OfAsync(site)).Text} {collector.Received("metrics")} {collector.Received("traces")}";
        Assert.Equal([], Leaks([figures], [.. secrets, UserData, Phone, "ya29.", "eyJhbGci"]));

        // The push targets have to be there, in one column.
        Assert.Equal(["push_targets.address"], ColumnsWith(site, on, Token));
        Assert.Equal(["push_targets.address"], ColumnsWith(site, on, BadToken));
        List<string> neverStored = [.. secrets.Where(s => s != Token && s != BadToken), "ya29.", "eyJhbGci"];
        foreach (var secret in neverStored) Assert.Equal([], ColumnsWith(site, on, secret));
        if (on == SiteDatabase.Sqlite) SearchFiles(site, neverStored);
    }

    [Fact]
    public void The_search_finds_what_is_there()
    {
        Assert.Equal(["b: x-secret-x"], Leaks(["a", "b: x-secret-x"], ["secret"]));
    }

    private static async Task PlayAsync(TestSite site)
    {
        var (home, account, path) = (site.Home, FirebaseAccount.First, "/management/v1/credentials/firebase");
        await home.CreateQueueAsync("support", new { maxAttempts = 2, retrySeconds = new { noAnswer = 5 } });
        await home.CreateCallInQueueAsync("callin");

        // Credentials, stored and refused in every way; also in the wrong fields.
        await home.CredentialsAsync();
        (await home.ProvisionFirebaseAsync(FirebaseAccount.Second)).Expect(HttpStatusCode.Conflict);
        (await home.ProvisionFirebaseAsync(account)).ExpectOk();
        foreach (var (project, email, key) in ((string, string, string)[])
            [(account.Email, account.Project, account.Pem), (account.Pem, account.Email, account.Project), (account.Project, account.Pem, account.Email), (account.Project, account.Email, account.Pem[..400]), ("nobody", account.Email, account.Pem)])
        {
            var answer = await home.SendAsync(HttpMethod.Put, path, new { projectName = project, clientEmail = email, privateKey = key }, home.Keys.Management);
            Assert.NotEqual(HttpStatusCode.OK, answer.Status);
        }
        var twisted = account.File();
        (twisted["token_uri"], twisted["type"]) = (account.Email, account.Pem);
        (await home.SendAsync(HttpMethod.Put, path, new JsonObject { ["serviceAccount"] = twisted }, home.Keys.Management)).Expect(HttpStatusCode.BadRequest);
        (await home.SendAsync(HttpMethod.Put, path, account.File().ToJsonString()[..600], home.Keys.Management)).Expect(HttpStatusCode.BadRequest);
        (await home.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).ExpectOk();
        await RotateAsync(site);

        // A callback through failure, outage, restart and a dead target.
        await home.ReportAsync("support", waiting: 9);
        var body = TenantClient.CreateBody("support", [Token, BadToken], Phone);
        body["userData"] = new JsonObject { ["name"] = UserData };
        var id = (await home.EngageAsync("callbacks/create", body)).ExpectOk().Data["id"]!.GetValue<Guid>();
        await home.ReportAsync("support", waiting: 0);
        await site.WaitForPushAsync(Token, "CALLBACK_UPCOMING");
        await site.Phones.TakeAwayAsync();
        await home.OutcomeAsync((await home.DialAsync("support")).AttemptId, "NO_ANSWER");
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        await home.ReadyAsync();
        await site.RestartServerAsync();
        await site.StopEmulatorAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(20));
        await site.StartEmulatorAsync();
        await home.OutcomeAsync((await home.DialAsync("support")).AttemptId, "NO_ANSWER");
        await site.AdvanceUntilPushAsync(Token, "CALLBACK_FINAL_ATTEMPT_FAILED", TimeSpan.FromMinutes(5));
        await home.TimelineAsync(id);
        await home.RetrieveAsync(id);

        // A call-in, and requests that are refused although they hold a token.
        await home.ReportAsync("callin", ready: 1);
        var callIn = await home.CreateCallbackAsync("callin", [Token]);
        await site.WaitForPushAsync(Token, "CALLBACK_READY");
        var code = (await home.CallInAsync(callIn)).ExpectOk().Data["accessCode"]!.GetValue<string>();
        (await home.MatchAsync(accessCode: code)).ExpectOk();
        (await home.EngageAsync("callbacks/create", TenantClient.CreateBody("nowhere", [Token]))).Expect(HttpStatusCode.BadRequest);
        (await home.EngageAsync("callbacks/create", TenantClient.CreateBody("support", [Token + " with space"]))).Expect(HttpStatusCode.BadRequest);
        (await home.EngageAsync("callbacks/create", TenantClient.CreateBody(Token, [Token], phone: Token))).Expect(HttpStatusCode.BadRequest);
        (await home.SendAsync(HttpMethod.Post, "/engagement/v3/callbacks/create", $$"""{"serviceName":"support","pushTargets":[{"target":"{{Token}}" """, home.Keys.App)).Expect(HttpStatusCode.BadRequest);

        // The credentials can no longer be opened.
        site.Tamper("update credentials set sealed = substr(sealed, 1, 40)");
        await site.AdvanceAsync(TimeSpan.FromSeconds(31));
        await home.CreateCallbackAsync("support", [Token]);
        await home.OutcomeAsync((await home.DialAsync("support")).AttemptId, "INVALID_NUMBER");
        await site.SettleAsync();
        await home.ReadyAsync();
        await home.CredentialsAsync();

        // Every push, in the list and in full.
        var deliveries = (await home.ManageAsync(HttpMethod.Get, "deliveries")).ExpectOk().Json["deliveries"]!.AsArray();
        Assert.True(deliveries.Count > 5, "There are no deliveries to look at.");
        foreach (var push in deliveries) (await home.ManageAsync(HttpMethod.Get, $"deliveries/{push!["notificationId"]}")).ExpectOk();
    }

    /// <summary>A key that waits, takes over, is refused, comes back; another app; faults of the check. No account is revoked by its address: it would stand in the emulator's log of requests.</summary>
    private static async Task RotateAsync(TestSite site)
    {
        var (home, path) = (site.Home, "credentials/firebase");
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        await site.Phones.TakeAwayAsync();
        (await home.ProvisionFirebaseAsync(FirebaseAccount.Second)).Expect(HttpStatusCode.Accepted);
        (await home.ManageAsync(HttpMethod.Post, $"{path}/next/check")).ExpectOk();
        await site.Phones.BringBackAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Second.Renewed());
        (await home.ManageAsync(HttpMethod.Post, $"{path}/next/check")).ExpectOk();
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        (await home.ManageAsync(HttpMethod.Post, $"{path}/next/check")).ExpectOk();
        await site.Phones.RegisterAsync(FirebaseAccount.Second.Renewed());
        (await home.ManageAsync(HttpMethod.Post, $"{path}/check")).ExpectOk();
        (await home.ManageAsync(HttpMethod.Post, $"{path}/return")).ExpectOk();
        (await home.ManageAsync(HttpMethod.Delete, $"{path}/next")).ExpectOk();
        (await home.ProvisionFirebaseAsync(FirebaseAccount.Second, app: "partner")).Expect(HttpStatusCode.Conflict); // Its key was replaced at Google.
        (await home.ProvisionFirebaseAsync(FirebaseAccount.Second, force: true, app: "partner")).ExpectOk();
        (await home.ManageAsync(HttpMethod.Delete, $"{path}/partner")).ExpectOk();
        await site.Phones.SetClockAheadAsync(TimeSpan.FromHours(2));
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        (await home.ManageAsync(HttpMethod.Post, $"{path}/check")).ExpectOk();
        await site.Phones.SetClockAheadAsync(TimeSpan.Zero);
        await site.Phones.BringBackAsync();
        (await home.ManageAsync(HttpMethod.Post, $"{path}/check")).ExpectOk();
        (await home.ManageAsync(HttpMethod.Get, $"{path}/history")).ExpectOk();
        await home.CredentialsAsync();
    }

    private static List<string> Leaks(IEnumerable<string> texts, IReadOnlyList<string> secrets) =>
        [.. texts.Where(text => secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal)))];

    /// <summary>What no row shows may still stand in a page or in the log.</summary>
    private static void SearchFiles(TestSite site, List<string> secrets)
    {
        foreach (var (file, bytes) in site.StoredBytes())
            foreach (var secret in secrets) Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, $"{file} holds a secret.");
    }

    private static List<string> ColumnsWith(TestSite site, SiteDatabase on, string text)
    {
        var columns = on == SiteDatabase.Sqlite
            ? site.Query("select t.name, c.name, 'any' from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' order by 1, 2", ReadColumn)
            : site.Query("select table_name::text, column_name::text, data_type::text from information_schema.columns where table_schema = 'public' order by 1, 2", ReadColumn);
        Assert.True(columns.Count > 100, "The columns were not listed.");
        return [.. columns.Where(c => site.Query($"select 1 from \"{c.Table}\" where {Holds(c.Name, c.Type)} limit 1", _ => 1, ("@text", text)).Count > 0).Select(c => $"{c.Table}.{c.Name}")];
    }

    private static (string Table, string Name, string Type) ReadColumn(DbDataReader row) => (row.GetString(0), row.GetString(1), row.GetString(2));

    private static string Holds(string column, string type) => type switch
    {
        "any" => $"instr(cast(\"{column}\" as blob), cast(@text as blob)) > 0",
        "bytea" => $"position(convert_to(@text, 'UTF8') in \"{column}\") > 0",
        _ => $"position(@text in \"{column}\"::text) > 0",
    };
}
