using System.Security.Cryptography;

namespace Ringback.Server.Tests.Firebase;

/// <summary>Firebase credentials over the API (rules A1 to A6, A8).</summary>
public sealed partial class CredentialTests
{
    private const string Path = "/management/v1/credentials/firebase";
    private const string Queue = "support";

    [Fact, Trait("Rule", "A2"), Trait("Rule", "A3")]
    public async Task Three_fields_are_checked_stored_and_shown_masked()
    {
        await using var site = await StartAsync(provision: false);
        await site.Phones.RegisterAsync(FirebaseAccount.First);
        Assert.Equal("""{"configured":false}""", (await site.Home.CredentialsAsync()).ToJsonString());

        var stored = (await PutAsync(site, FirebaseAccount.First)).ExpectOk();
        var expected = new JsonObject
        {
            ["configured"] = true,
            ["projectName"] = "fcm-client-11959",
            ["clientEmail"] = "mar…",
            ["privateKey"] = "MIIE…",
            ["updatedAt"] = "2026-11-23T10:15:30.000Z",
            ["updatedBy"] = "home administrator",
            ["status"] = "verified",
            ["lastTest"] = new JsonObject { ["at"] = "2026-11-23T10:15:30.000Z", ["result"] = "passed", ["detail"] = "Firebase takes the credentials." },
            ["fingerprint"] = FirebaseAccount.First.Fingerprint,
            ["version"] = 1,
        };
        Assert.Equal(expected.ToJsonString(), stored.Json.ToJsonString());
        Assert.Equal(expected.ToJsonString(), (await site.Home.CredentialsAsync()).ToJsonString());
    }

    [Fact, Trait("Rule", "A2")]
    public async Task The_service_account_file_fills_all_three()
    {
        await using var site = await StartAsync(provision: false);
        await site.Phones.RegisterAsync(FirebaseAccount.First);
        var stored = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk().Json;
        Assert.Equal(("fcm-client-11959", "verified"), (stored["projectName"]!.GetValue<string>(), stored["status"]!.GetValue<string>()));
        await site.ExpectSendAsync(Queue, "phone-1");
    }

    [Theory, Trait("Rule", "A2")]
    [InlineData("as copied out of the JSON file")]
    [InlineData("with quotes and comma of the JSON file")]
    [InlineData("with Windows line ends")]
    [InlineData("on one line")]
    [InlineData("without BEGIN and END")]
    [InlineData("indented")]
    [InlineData("as PKCS#1")]
    [InlineData("as the whole file")]
    public async Task A_key_pasted_in_any_usual_way_is_taken(string how)
    {
        await using var site = await StartAsync(provision: false);
        var account = FirebaseAccount.First;
        await site.Phones.RegisterAsync(account);
        var pem = account.Pem;
        var pasted = how switch
        {
            "as copied out of the JSON file" => pem.Replace("\n", "\\n", StringComparison.Ordinal),
            "with quotes and comma of the JSON file" => $"  \"{pem.Replace("\n", "\\n", StringComparison.Ordinal)}\\n\",",
            "with Windows line ends" => pem.Replace("\n", "\r\n", StringComparison.Ordinal),
            "on one line" => pem.Replace('\n', ' '),
            "without BEGIN and END" => string.Join('\n', account.KeyLines),
            "indented" => pem.Replace("\n", "\n      ", StringComparison.Ordinal),
            "as PKCS#1" => Pkcs1(pem),
            _ => account.File().ToJsonString(),
        };
        (await site.Home.SendAsync(HttpMethod.Put, Path, new { projectName = $" {account.Project} ", clientEmail = $"{account.Email}\n", privateKey = pasted }, site.Home.Keys.Credentials)).ExpectOk();
        await site.ExpectSendAsync(Queue, "phone-1");
    }

    [Fact, Trait("Rule", "A6")]
    public async Task A_key_that_Firebase_refuses_never_replaces_one_that_works_unless_forced()
    {
        await using var site = await StartAsync();
        var before = await site.Home.CredentialsAsync();
        var refused = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).Expect(HttpStatusCode.Conflict); // The emulator does not know it.
        Assert.Equal("credential.refused", refused.Json["code"]!.GetValue<string>());
        Assert.Contains("Nothing was changed", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.ToJsonString(), (await site.Home.CredentialsAsync()).ToJsonString());
        await site.ExpectSendAsync(Queue, "phone-1");

        var forced = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second, force: true)).ExpectOk().Json;
        Assert.Equal("refused", forced["status"]!.GetValue<string>());
        await site.Home.FailForGoodAsync(Queue, "phone-2");
        Assert.Empty(await site.InboxAsync("phone-2"));
        Assert.Contains("Google does not know the service account", (await site.Home.ReadyAsync()).ExpectOk().Body, StringComparison.Ordinal);

        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();
        await site.WaitForPushAsync("phone-2", "CALLBACK_FINAL_ATTEMPT_FAILED");
    }

    [Fact, Trait("Rule", "A6")]
    public async Task A_new_key_of_the_same_project_takes_over_without_a_gap()
    {
        await using var site = await StartAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        var stored = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).ExpectOk().Json;
        Assert.Equal(("verified", "2026-11-23T10:15:35.000Z"), (stored["status"]!.GetValue<string>(), stored["updatedAt"]!.GetValue<string>()));
        await site.Phones.RevokeAsync(FirebaseAccount.First);
        await site.ExpectSendAsync(Queue, "phone-2");
        Assert.All(site.Outbox(), row => Assert.Equal(("accepted", 1), (row.State, row.Attempts)));
    }

    [Theory, Trait("Rule", "A6")]
    [InlineData("no-such-project", "no-such-project")]
    [InlineData("another-project", "roles/firebasecloudmessaging.admin")]
    public async Task A_project_that_is_not_the_accounts_own_is_refused_with_what_to_do(string project, string remedy)
    {
        await using var site = await StartAsync(provision: false);
        await site.Phones.RegisterAsync(FirebaseAccount.First);
        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        var refused = (await site.Home.SendAsync(HttpMethod.Put, Path,
            new { projectName = project, clientEmail = FirebaseAccount.First.Email, privateKey = FirebaseAccount.First.Pem }, site.Home.Keys.Credentials)).Expect(HttpStatusCode.Conflict);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
        Assert.False((await site.Home.CredentialsAsync())["configured"]!.GetValue<bool>());
    }

    [Fact, Trait("Rule", "A8")]
    public async Task The_check_without_a_browser_says_how_the_stored_credentials_stand()
    {
        await using var site = await StartAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal("""{"result":"passed"}""", (await site.Home.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).ExpectOk().Body);
        Assert.Equal("2026-11-23T10:15:35.000Z", (await site.Home.CredentialsAsync())["lastTest"]!["at"]!.GetValue<string>());

        await site.Phones.RevokeAsync(FirebaseAccount.First);
        var refused = (await site.Home.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).ExpectOk().Json;
        Assert.Equal(("refused", "credential.account"), (refused["result"]!.GetValue<string>(), refused["code"]!.GetValue<string>()));
        Assert.Equal("refused", (await site.Home.CredentialsAsync())["status"]!.GetValue<string>());
        Assert.Empty(await site.InboxAsync());
        (await site.Other.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).Expect(HttpStatusCode.NotFound);
    }

    [Fact, Trait("Rule", "A1")]
    public async Task Only_the_right_credentials_opens_them()
    {
        await using var site = await StartAsync();
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, Path), (HttpMethod.Put, Path), (HttpMethod.Post, $"{Path}/check")])
        {
            var body = method == HttpMethod.Put ? new JsonObject { ["serviceAccount"] = FirebaseAccount.First.File() } : null;
            foreach (var key in (string[])[site.Home.Keys.App, site.Home.Keys.Agent])
            {
                var refused = (await site.Home.SendAsync(method, path, body, key)).Expect(HttpStatusCode.Forbidden);
                Assert.Equal("access.right", refused.Json["code"]!.GetValue<string>());
            }
            foreach (var key in (string?[])[null, "nonsense", "rb1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", site.Home.Keys.Credentials[..^1]])
                (await site.Home.SendAsync(method, path, body, key)).Expect(HttpStatusCode.Unauthorized);
            (await site.Home.SendAsync(method, path, body, site.Home.Keys.Credentials)).ExpectOk();
            (await site.Home.SendAsync(method, path, body, site.Home.Keys.Management)).ExpectOk();
        }
        (await site.Home.SendAsync(HttpMethod.Get, "/management/v1/settings/queues", null, site.Home.Keys.Credentials)).Expect(HttpStatusCode.Forbidden);
    }

    [Theory, Trait("Rule", "A2")]
    [InlineData("projectName", null, "projectName")]
    [InlineData("projectName", "123456789012", "projectName")]
    [InlineData("projectName", "My Project", "projectName")]
    [InlineData("clientEmail", null, "clientEmail")]
    [InlineData("clientEmail", "no-address", "clientEmail")]
    [InlineData("privateKey", null, "privateKey")]
    [InlineData("privateKey", "nonsense", "privateKey")]
    [InlineData("privateKey", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "privateKey")]
    [InlineData("privateKey", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "privateKey")]
    [InlineData("force", "yes", "force")]
    public async Task What_cannot_be_right_is_refused_by_the_name_of_its_field(string field, string? value, string named)
    {
        await using var site = await StartAsync(provision: false);
        var body = new JsonObject { ["projectName"] = FirebaseAccount.First.Project, ["clientEmail"] = FirebaseAccount.First.Email, ["privateKey"] = FirebaseAccount.First.Pem };
        body[field] = value;
        var refused = (await site.Home.SendAsync(HttpMethod.Put, Path, body, site.Home.Keys.Credentials)).Expect(HttpStatusCode.BadRequest);
        Assert.StartsWith(named, refused.Message, StringComparison.Ordinal);
        if (value is not null) Assert.DoesNotContain(value, refused.Body, StringComparison.Ordinal);
        Assert.False((await site.Home.CredentialsAsync())["configured"]!.GetValue<bool>());
    }

    private static string Pkcs1(string pem)
    {
        using var key = RSA.Create();
        key.ImportFromPem(pem);
        return key.ExportRSAPrivateKeyPem();
    }

    private static Task<ApiAnswer> PutAsync(TestSite site, FirebaseAccount account) =>
        site.Home.SendAsync(HttpMethod.Put, Path, new { projectName = account.Project, clientEmail = account.Email, privateKey = account.Pem }, site.Home.Keys.Management);

    private static async Task<TestSite> StartAsync(bool provision = true)
    {
        var site = await TestSite.StartAsync(provision);
        await site.Home.CreateQueueAsync(Queue);
        return site;
    }
}
