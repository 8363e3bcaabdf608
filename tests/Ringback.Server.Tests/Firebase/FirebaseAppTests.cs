namespace Ringback.Server.Tests.Firebase;

/// <summary>Several Firebase apps of one tenant; a queue's setting <c>firebaseApp</c> chooses.</summary>
public sealed class FirebaseAppTests
{
    private const string Path = "credentials/firebase";

    [Fact]
    public async Task A_queue_sends_with_the_credentials_of_its_app()
    {
        await using var site = await StartAsync();
        Assert.Equal("partner", (await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/partner")).ExpectOk().Json["app"]!.GetValue<string>());
        Assert.Equal("""{"apps":["default","partner"]}""", (await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/apps")).ExpectOk().Body);
        await site.Home.CreateQueueAsync("support");
        await site.Home.CreateQueueAsync("partners", new { firebaseApp = "partner" });

        await site.Home.FailForGoodAsync("support", "phone-1");
        await site.Home.FailForGoodAsync("partners", "phone-2");
        Assert.Equal("fcm-client-11959", (await site.WaitForPushAsync("phone-1", "CALLBACK_FINAL_ATTEMPT_FAILED")).Project);
        Assert.Equal("another-project", (await site.WaitForPushAsync("phone-2", "CALLBACK_FINAL_ATTEMPT_FAILED")).Project);

        await site.Home.ChangeQueueAsync("partners", new { firebaseApp = (string?)null });
        await site.Home.FailForGoodAsync("partners", "phone-3");
        Assert.Equal("fcm-client-11959", (await site.WaitForPushAsync("phone-3", "CALLBACK_FINAL_ATTEMPT_FAILED")).Project);
    }

    [Fact]
    public async Task Each_app_has_its_own_check_rotation_and_history()
    {
        await using var site = await StartAsync();
        await site.Phones.RevokeAsync(FirebaseAccount.Elsewhere);
        Assert.Equal("refused", (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/partner/check")).ExpectOk().Json["result"]!.GetValue<string>());
        Assert.Equal("passed", (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/check")).ExpectOk().Json["result"]!.GetValue<string>());
        Assert.Equal("verified", (await site.Home.CredentialsAsync())["status"]!.GetValue<string>());
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).ExpectOk();
        (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/partner/confirm")).Expect(HttpStatusCode.NotFound);
        (await site.Home.ManageAsync(HttpMethod.Post, $"{Path}/default/confirm")).ExpectOk(); // The default app by its name.
        Assert.Single((await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/partner/history")).ExpectOk().Json["entries"]!.AsArray());
        Assert.Equal(3, (await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/history")).ExpectOk().Json["entries"]!.AsArray().Count);
        Assert.Equal("""{"configured":false}""", (await site.Other.ManageAsync(HttpMethod.Get, $"{Path}/partner")).ExpectOk().Body);
    }

    [Fact]
    public async Task A_queue_takes_no_app_that_has_no_credentials_and_an_app_that_a_queue_uses_stays()
    {
        await using var site = await StartAsync();
        await site.Home.CreateQueueAsync("support");
        foreach (var name in (string[])["nobody", "", "a-name-that-is-longer-than-thirty-two-characters"])
            Assert.StartsWith("firebaseApp", (await site.Home.ManageAsync(HttpMethod.Patch, "settings/queues/support", new { firebaseApp = name })).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);
        Assert.StartsWith("firebaseApp", (await site.Home.ManageAsync(HttpMethod.Post, "settings/queues/more", new { firebaseApp = "nobody" })).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);
        Assert.StartsWith("firebaseApp", (await site.Other.ManageAsync(HttpMethod.Post, "settings/queues/more", new { firebaseApp = "partner" })).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);

        await site.Home.ChangeQueueAsync("support", new { firebaseApp = "partner" });
        var used = (await site.Home.ManageAsync(HttpMethod.Delete, $"{Path}/partner")).Expect(HttpStatusCode.Conflict);
        Assert.Equal("credential.app_in_use", used.Json["code"]!.GetValue<string>());
        Assert.Contains("support", used.Message, StringComparison.Ordinal);
        (await site.Home.ManageAsync(HttpMethod.Delete, $"{Path}/default")).ExpectOk(); // No queue uses it now.
        await site.Home.ChangeQueueAsync("support", new { firebaseApp = (string?)null });
        Assert.Equal("""{"configured":false}""", (await site.Home.ManageAsync(HttpMethod.Delete, $"{Path}/partner")).ExpectOk().Body);
        (await site.Home.ManageAsync(HttpMethod.Delete, $"{Path}/partner")).Expect(HttpStatusCode.NotFound);
        Assert.Equal("deleted", (await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/partner/history")).ExpectOk().Json["entries"]![0]!["action"]!.GetValue<string>());
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere, app: "partner")).ExpectOk();
        Assert.Equal(2, (await site.Home.ManageAsync(HttpMethod.Get, $"{Path}/partner")).ExpectOk().Json["version"]!.GetValue<int>()); // Its number is not given twice.
    }

    [Theory]
    [InlineData("GET", "check")]
    [InlineData("PUT", "history")]
    [InlineData("GET", "Partner")]
    [InlineData("GET", "9lives")]
    [InlineData("GET", "a-name-that-is-longer-than-thirty-two-characters")]
    [InlineData("POST", "No%20App/check")]
    public async Task What_cannot_be_the_name_of_an_app_is_no_call(string method, string app)
    {
        await using var site = await TestSite.StartAsync(provision: false);
        var body = method == "PUT" ? new JsonObject { ["serviceAccount"] = FirebaseAccount.First.File() } : null;
        Assert.Equal("request.unknown_path", (await site.Home.ManageAsync(new HttpMethod(method), $"{Path}/{app}", body)).Expect(HttpStatusCode.NotFound).Json["code"]!.GetValue<string>());
    }

    private static async Task<TestSite> StartAsync()
    {
        var site = await TestSite.StartAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere, app: "partner")).ExpectOk();
        return site;
    }
}
