namespace Ringback.Server.Tests.Firebase;

/// <summary>The check that needs no browser names the fault and what to do (rule A8), over real sockets.</summary>
public sealed class CredentialCheckTests
{
    private const string Check = "credentials/firebase/check";

    public static TheoryData<string, string, string, string> Faults => new()
    {
        { "account deleted", "refused", "credential.account", "Google does not know the service account" },
        { "key revoked", "refused", "credential.key_revoked", "the private key was revoked or deleted" },
        { "SERVICE_DISABLED", "refused", "credential.api_disabled", "Firebase Cloud Messaging API is off in project fcm-client-11959" },
        { "IAM_PERMISSION_DENIED", "refused", "credential.role_missing", "Grant it the role roles/firebasecloudmessaging.admin" },
        { "PROJECT_NOT_FOUND", "refused", "credential.wrong_project", "Firebase knows no project fcm-client-11959" },
        { "UNAUTHENTICATED", "refused", "credential.access_token", "Firebase refuses a fresh access token" },
        { "UNAVAILABLE", "undecided", "UNAVAILABLE", "has an outage" },
        { "INTERNAL", "undecided", "INTERNAL", "has an outage" },
        { "QUOTA_EXCEEDED", "undecided", "QUOTA_EXCEEDED", "throttles this project" },
        { "html502", "undecided", "HTTP_502", "not in Google's form" },
        { "reset", "undecided", "RESET", "broke the connection off" },
    };

    [Theory, MemberData(nameof(Faults)), Trait("Rule", "A8")]
    public async Task Each_fault_has_its_code_and_its_remedy(string fault, string result, string code, string remedy)
    {
        await using var site = await TestSite.StartAsync();
        if (fault == "account deleted") await site.Phones.RevokeAsync(FirebaseAccount.First);
        else if (fault == "key revoked") await site.Phones.RegisterAsync(FirebaseAccount.First.Renewed());
        else if (fault is "html502" or "reset") await site.Phones.AddRuleAsync(new { effect = fault });
        else await site.Phones.AddRuleAsync(new { effect = "error", error = fault });

        var answer = (await site.Home.ManageAsync(HttpMethod.Post, Check)).ExpectOk().Json;

        Assert.Equal((result, code), (answer["result"]!.GetValue<string>(), answer["code"]!.GetValue<string>()));
        Assert.Contains(remedy, answer["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(fault == "SERVICE_DISABLED" ? "https://console.cloud.google.com/apis/library/fcm.googleapis.com?project=fcm-client-11959" : null, answer["link"]?.GetValue<string>());
        Assert.Equal(fault == "IAM_PERMISSION_DENIED" ? "roles/firebasecloudmessaging.admin" : null, answer["role"]?.GetValue<string>());

        // It is the last check of this version, and its status follows unless nothing was decided.
        var view = await site.Home.CredentialsAsync();
        Assert.Equal((result, code), (view["lastTest"]!["result"]!.GetValue<string>(), view["lastTest"]!["code"]!.GetValue<string>()));
        Assert.Equal(result == "refused" ? "refused" : "verified", view["status"]!.GetValue<string>());
    }

    [Theory, Trait("Rule", "A8")]
    [InlineData(7_200, "7200 seconds behind Google's")]
    [InlineData(-7_200, "7200 seconds ahead of Google's")]
    public async Task A_wrong_clock_is_told_in_seconds_and_signing_with_the_corrected_time_works(int ahead, string words)
    {
        await using var site = await TestSite.StartAsync();
        await site.Phones.SetClockAheadAsync(TimeSpan.FromSeconds(ahead));

        var answer = (await site.Home.ManageAsync(HttpMethod.Post, Check)).ExpectOk().Json;

        Assert.Equal(("passed", "credential.clock_skew", ahead), (answer["result"]!.GetValue<string>(), answer["code"]!.GetValue<string>(), answer["skewSeconds"]!.GetValue<int>()));
        Assert.Contains(words, answer["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("signing with the corrected time works", answer["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(words, (await site.Home.CredentialsAsync())["lastTest"]!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "A8")]
    public async Task A_fault_behind_a_wrong_clock_is_found_and_both_are_told()
    {
        await using var site = await TestSite.StartAsync();
        await site.Phones.SetClockAheadAsync(TimeSpan.FromHours(2));
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        var answer = (await site.Home.ManageAsync(HttpMethod.Post, Check)).ExpectOk().Json;
        Assert.Equal(("credential.api_disabled", 7_200), (answer["code"]!.GetValue<string>(), answer["skewSeconds"]!.GetValue<int>()));
    }

    public static TheoryData<string, string, string> Ways => new()
    {
        { "no such name", "DNS", "The name no-such-host.invalid could not be resolved" },
        { "nobody listens", "REFUSED", "127.0.0.1:1 refused the connection" },
        { "no TLS", "TLS", "its certificate is not trusted here" },
        { "page of a proxy", "UNREADABLE_TOKEN", "A proxy or a log-in page stands in between" },
        { "refusal of a proxy", "TOKEN_HTTP_407", "A proxy or a log-in page stands in between" },
    };

    [Theory, MemberData(nameof(Ways)), Trait("Rule", "A8")]
    public async Task Each_way_in_which_Google_cannot_be_reached_is_told_apart(string way, string code, string remedy)
    {
        using var between = new RawEndpoint(RawEndpoint.Html(way == "refusal of a proxy" ? 407 : 200));
        var address = way switch
        {
            "no such name" => "https://no-such-host.invalid/token",
            "nobody listens" => "https://127.0.0.1:1/token",
            "no TLS" => $"https://127.0.0.1:{between.Port}/token",
            _ => $"http://127.0.0.1:{between.Port}/token",
        };
        await using var site = await TestSite.StartAsync(provision: false, new Dictionary<string, string?> { ["Firebase:TokenEndpoint"] = address });
        // Nothing works yet, so what cannot be checked is stored all the same.
        Assert.Equal("unverified", (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk().Json["status"]!.GetValue<string>());

        var answer = (await site.Home.ManageAsync(HttpMethod.Post, Check)).ExpectOk().Json;

        Assert.Equal(("undecided", code), (answer["result"]!.GetValue<string>(), answer["code"]!.GetValue<string>()));
        Assert.Contains(remedy, answer["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("try again", answer["detail"]!.GetValue<string>(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact, Trait("Rule", "A8")]
    public async Task Silence_is_told_as_a_time_out()
    {
        using var silence = new RawEndpoint(null);
        await using var site = await TestSite.StartAsync(provision: false, new Dictionary<string, string?> { ["Firebase:TokenEndpoint"] = $"http://127.0.0.1:{silence.Port}/token" });
        var storing = site.Home.ProvisionFirebaseAsync(FirebaseAccount.First);
        await silence.Asked;
        site.Clock.Advance(TimeSpan.FromSeconds(11));
        var last = (await storing).ExpectOk().Json["lastTest"]!;
        Assert.Equal("TIMEOUT", last["code"]!.GetValue<string>());
        Assert.Contains("did not answer in time", last["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }
}
