namespace Ringback.Server.Tests.Firebase;

/// <summary>Rotation of the Firebase key (rule A6): a next one beside the current one, an old one that comes back, and who did what.</summary>
public sealed class RotationTests
{
    private const string Path = "credentials/firebase";
    private const string Queue = "support";
    private static readonly FirebaseAccount third = FirebaseAccount.New("fcm-client-11959");

    [Fact, Trait("Rule", "A6")]
    public async Task What_the_check_cannot_decide_about_waits_beside_the_old_key_and_takes_over_by_itself()
    {
        await using var site = await StartAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        await site.Phones.TakeAwayAsync();
        var taken = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).Expect(HttpStatusCode.Accepted).Json;
        Assert.Equal((1, "verified", 2, "unverified"), (Int(taken, "version"), Text(taken, "status"), Int(taken["next"]!, "version"), Text(taken["next"]!, "status")));
        Assert.Equal(FirebaseAccount.First.Fingerprint, Text(await site.Home.CredentialsAsync(), "fingerprint"));

        await site.Phones.BringBackAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
        await site.RestartServerAsync(); // What waits is not in memory alone.
        await site.AdvanceAsync(TimeSpan.FromSeconds(45));
        var now = await UntilAsync(site, view => view["next"] is null);
        Assert.Equal((2, FirebaseAccount.Second.Fingerprint, "verified"), (Int(now, "version"), Text(now, "fingerprint"), Text(now, "status")));
        Assert.Equal((1, FirebaseAccount.First.Fingerprint), (Int(now["previous"]!, "version"), Text(now["previous"]!, "fingerprint")));
        await site.Phones.RevokeAsync(FirebaseAccount.First);
        await site.ExpectSendAsync(Queue, "phone-2");
        Assert.Equal(["tookOver 2 Ringback passed", "waiting 2 home administrator undecided", "stored 1 home administrator passed"], await HistoryAsync(site));
    }

    [Fact, Trait("Rule", "A6")]
    public async Task What_waits_and_is_refused_in_the_end_leaves_the_old_key_in_force()
    {
        await using var site = await StartAsync();
        await site.Phones.TakeAwayAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).Expect(HttpStatusCode.Accepted);
        await site.Phones.RevokeAsync(FirebaseAccount.Second);
        await site.Phones.BringBackAsync();
        var refused = (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/next/check")).ExpectOk().Json;
        Assert.Equal(("refused", "credential.account"), (Text(refused, "result"), Text(refused, "code")));
        var view = await site.Home.CredentialsAsync();
        Assert.Equal((1, "verified", "refused"), (Int(view, "version"), Text(view, "status"), Text(view["next"]!, "status")));
        await site.ExpectSendAsync(Queue, "phone-1");

        (await site.Home.ManageAsync(HttpMethod.Delete, $"{Path}/next")).ExpectOk();
        Assert.Null((await site.Home.CredentialsAsync())["next"]);
        Assert.Equal("credential.missing", (await site.Home.ManageAsync(HttpMethod.Delete, $"{Path}/next")).Expect(HttpStatusCode.NotFound).Json["code"]!.GetValue<string>());
        Assert.Equal("discarded 2 home administrator", (await HistoryAsync(site))[0]);
    }

    [Fact, Trait("Rule", "A6")]
    public async Task A_new_key_that_real_sends_are_refused_with_gives_way_to_the_old_one_by_itself()
    {
        await using var site = await StartAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).ExpectOk();
        await site.ExpectSendAsync(Queue, "phone-1");
        await site.Phones.RevokeAsync(FirebaseAccount.Second);
        await site.RestartEmulatorAsync(); // Its access tokens are forgotten.

        await site.Home.FailForGoodAsync(Queue, "phone-2");
        await site.AdvanceUntilPushAsync("phone-2", "CALLBACK_FINAL_ATTEMPT_FAILED", TimeSpan.FromMinutes(2));

        var view = await site.Home.CredentialsAsync();
        Assert.Equal((1, FirebaseAccount.First.Fingerprint, "verified"), (Int(view, "version"), Text(view, "fingerprint"), Text(view, "status")));
        Assert.Equal((2, "refused"), (Int(view["next"]!, "version"), Text(view["next"]!, "status")));
        Assert.Equal("returned 1 Ringback refused", (await HistoryAsync(site))[0]);
        await site.AdvanceAsync(TimeSpan.FromMinutes(2)); // And it is not tried again unasked.
        Assert.Equal(1, Int(await site.Home.CredentialsAsync(), "version"));
    }

    [Fact, Trait("Rule", "A6")]
    public async Task A_key_that_was_forced_does_not_give_way_unasked()
    {
        await using var site = await StartAsync();
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second, force: true)).ExpectOk();
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(await site.InboxAsync("phone-1"));
        Assert.Equal(2, Int(await site.Home.CredentialsAsync(), "version"));

        var back = (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/return")).ExpectOk().Json;
        Assert.Equal((1, "verified"), (Int(back, "version"), Text(back, "status")));
        await site.AdvanceUntilPushAsync("phone-1", "CALLBACK_FINAL_ATTEMPT_FAILED", TimeSpan.FromMinutes(2));
    }

    [Fact, Trait("Rule", "A6")]
    public async Task Where_both_keys_are_refused_none_comes_back()
    {
        await using var site = await StartAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).ExpectOk();
        foreach (var account in (FirebaseAccount[])[FirebaseAccount.First, FirebaseAccount.Second]) await site.Phones.RevokeAsync(account);
        await site.RestartEmulatorAsync();
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, Int(await site.Home.CredentialsAsync(), "version"));
        Assert.Equal("credential.refused", (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/return")).Expect(HttpStatusCode.Conflict).Json["code"]!.GetValue<string>());
    }

    [Fact, Trait("Rule", "A6")]
    public async Task The_old_key_is_kept_until_it_is_confirmed_or_its_time_is_over()
    {
        await using var site = await StartAsync();
        foreach (var account in (FirebaseAccount[])[FirebaseAccount.Second, third]) await site.Phones.RegisterAsync(account);
        var replaced = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).ExpectOk().Json;
        Assert.Equal("2026-11-24T10:15:30.000Z", Text(replaced["previous"]!, "keptUntil"));
        var confirmed = (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/confirm")).ExpectOk().Json;
        Assert.Null(confirmed["previous"]);
        (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/confirm")).Expect(HttpStatusCode.NotFound);
        (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/return")).Expect(HttpStatusCode.NotFound);

        (await site.Home.ProvisionFirebaseAsync(third)).ExpectOk();
        await site.AdvanceAsync(TimeSpan.FromHours(23));
        Assert.NotNull((await site.Home.CredentialsAsync())["previous"]);
        await site.AdvanceAsync(TimeSpan.FromHours(2));
        await UntilAsync(site, view => view["previous"] is null);
        Assert.Equal(
            ["expired 2 Ringback", "stored 3 home administrator passed", "confirmed 2 home administrator", "stored 2 home administrator passed", "stored 1 home administrator passed"],
            await HistoryAsync(site));
    }

    [Fact, Trait("Rule", "A6")]
    public async Task Another_project_needs_its_own_confirmation_and_a_refused_key_is_still_refused()
    {
        await using var site = await StartAsync();
        var asked = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere)).Expect(HttpStatusCode.Conflict);
        Assert.Equal("credential.project_change", asked.Json["code"]!.GetValue<string>());
        Assert.Contains("SENDER_ID_MISMATCH", asked.Message, StringComparison.Ordinal);
        // The emulator does not know it: confirming the project says nothing about the key.
        var refused = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere, confirmProjectChange: true)).Expect(HttpStatusCode.Conflict);
        Assert.Equal("credential.refused", refused.Json["code"]!.GetValue<string>());
        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere, confirmProjectChange: true)).ExpectOk();
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        Assert.Equal("another-project", (await site.WaitForPushAsync("phone-1", "CALLBACK_FINAL_ATTEMPT_FAILED")).Project);
    }

    [Fact, Trait("Rule", "A4"), Trait("Rule", "A6")]
    public async Task The_history_says_who_when_and_which_key_and_pages()
    {
        await using var site = await StartAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).Expect(HttpStatusCode.Conflict);
        var entries = (await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/history")).ExpectOk().Json["entries"]!.AsArray();
        var expected = new JsonObject
        {
            ["at"] = "2026-11-23T10:15:35.000Z",
            ["by"] = "home administrator",
            ["action"] = "refused",
            ["version"] = 0,
            ["projectName"] = "fcm-client-11959",
            ["fingerprint"] = FirebaseAccount.Second.Fingerprint,
            ["result"] = "refused",
            ["code"] = "credential.account",
            ["detail"] = entries[0]!["detail"]!.DeepClone(),
            ["number"] = 2,
        };
        Assert.Equal(expected.ToJsonString(), entries[0]!.ToJsonString());
        Assert.Equal(1, Int(Assert.Single((await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/history?before=2&limit=1")).ExpectOk().Json["entries"]!.AsArray())!, "number"));
        foreach (var bad in (string[])["before=0", "before=x", "limit=0", "limit=101"]) (await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/history?{bad}")).Expect(HttpStatusCode.BadRequest);
        Assert.Equal("[]", (await site.Other.ManageAsync(HttpMethod.Get, $"{Path}/history")).ExpectOk().Json["entries"]!.ToJsonString());
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();

    private static int Int(JsonNode node, string name) => node[name]!.GetValue<int>();

    /// <summary>The history, newest first, each entry as <c>action version by result</c>.</summary>
    private static async Task<List<string>> HistoryAsync(TestSite site) =>
        [.. (await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/history")).ExpectOk().Json["entries"]!.AsArray()
            .Select(e => $"{Text(e!, "action")} {Int(e!, "version")} {Text(e!, "by")} {e!["result"]?.GetValue<string>()}".TrimEnd())];

    private static Task<JsonNode> UntilAsync(TestSite site, Func<JsonNode, bool> holds) =>
        Eventually.GetAsync(async () => await site.Home.CredentialsAsync() is var view && holds(view) ? view : null, "the credentials did not change");

    private static async Task<TestSite> StartAsync()
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        return site;
    }
}
