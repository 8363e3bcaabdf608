namespace Ringback.Server.Tests.Access;

/// <summary>Whatever belongs to another tenant behaves as if it did not exist (rule E3).</summary>
public sealed class TenantTests
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "E3")]
    public async Task Another_tenants_callback_attempt_and_queue_are_unknown()
    {
        await using var site = await StartAsync();
        var (home, other) = (site.Home, site.Other);
        var id = await home.CreateCallbackAsync(Queue, ["phone-1"]);
        var order = await home.DialAsync(Queue);
        var unknown = Guid.CreateVersion7(site.Now);

        await SameAsync(id => other.EngageAsync("callbacks/retrieve", new { id }), id, HttpStatusCode.NotFound);
        await SameAsync(other.CancelAsync, id, HttpStatusCode.NotFound);
        await SameAsync(id => other.AgentAsync(HttpMethod.Get, $"callbacks/{id}/timeline"), id, HttpStatusCode.NotFound);
        await SameAsync(id => other.TryOutcomeAsync(id, "BUSY"), order.AttemptId, HttpStatusCode.NotFound);
        await SameAsync(id => other.ExtendAsync(id, 60), order.AttemptId, HttpStatusCode.NotFound);

        await site.Home.CreateQueueAsync("secret");
        (await other.ManageAsync(HttpMethod.Get, "settings/queues/secret")).Expect(HttpStatusCode.NotFound);
        (await other.ManageAsync(HttpMethod.Patch, "settings/queues/secret", new { maxAttempts = 1 })).Expect(HttpStatusCode.NotFound);
        (await other.TryReportAsync("secret", new { agentsLoggedIn = 1, agentsReady = 1, interactionsWaiting = 0 })).Expect(HttpStatusCode.NotFound);
        (await other.TryNextAsync("secret")).Expect(HttpStatusCode.NotFound);
        Assert.Equal(7040, (await other.EngageAsync("callbacks/create", TenantClient.CreateBody("secret"))).Expect(HttpStatusCode.BadRequest).EnvelopeCode);
        (await other.SendAsync(HttpMethod.Get, "/engagement/v3/estimated-wait-time?virtual-queues=secret", null, other.Keys.App)).Expect(HttpStatusCode.BadRequest);
        Assert.DoesNotContain("secret", (await other.ManageAsync(HttpMethod.Get, "settings/queues")).ExpectOk().Body, StringComparison.Ordinal);

        Assert.Equal("ROUTING", await home.StateAsync(id));
        Assert.Equal("QUEUED", (await home.OutcomeAsync(order.AttemptId, "BUSY"))["callbackState"]!.GetValue<string>());

        async Task SameAsync(Func<Guid, Task<ApiAnswer>> ask, Guid foreign, HttpStatusCode status)
        {
            var (one, two) = ((await ask(foreign)).Expect(status), (await ask(unknown)).Expect(status));
            Assert.Equal(one.Body.Replace(one.CorrId, "", StringComparison.Ordinal), two.Body.Replace(two.CorrId, "", StringComparison.Ordinal));
        }
    }

    [Fact, Trait("Rule", "E3")]
    public async Task Queues_of_the_same_name_numbers_agents_and_reports_do_not_meet()
    {
        await using var site = await StartAsync();
        var (home, other) = (site.Home, site.Other);
        var phone = TenantClient.NewPhone();
        await home.ReportAsync(Queue, waiting: 9);
        var mine = await home.CreateCallbackAsync(Queue, ["phone-home"], phone);
        var theirs = await other.CreateCallbackAsync(Queue, ["phone-other"], phone);
        Assert.Equal((10, 600), await home.RetrieveAsync(mine) is var view ? (view.Position, view.WaitSeconds) : default);
        Assert.Equal((1, -1), await other.RetrieveAsync(theirs) is var view2 ? (view2.Position, view2.WaitSeconds) : default);

        Assert.Equal(mine, (await home.DialAsync(Queue, "Ada")).CallbackId);
        Assert.Equal(theirs, (await other.DialAsync(Queue, "Ada")).CallbackId);
        Assert.Null(await home.NextAsync(Queue, "Bea"));
        await other.ChangeQueueAsync(Queue, new { maxTimeInQueueSeconds = 1 });
        Assert.Contains("14400", (await home.ManageAsync(HttpMethod.Get, $"settings/queues/{Queue}")).ExpectOk().Json["maxTimeInQueueSeconds"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "E3")]
    public async Task Call_in_requests_and_groups_do_not_meet()
    {
        await using var site = await StartAsync();
        await site.Home.CreateCallInQueueAsync("callin");
        (await site.Other.CallInAsync(null)).Expect(HttpStatusCode.BadRequest);
        await site.Other.CreateCallInQueueAsync("callin");
        var code = (await site.Home.CallInAsync(null, from: "+14155550123")).ExpectOk().Data["accessCode"]!.GetValue<string>();
        (await site.Other.MatchAsync(accessCode: code)).Expect(HttpStatusCode.NotFound);
        (await site.Other.MatchAsync(from: "+14155550123")).Expect(HttpStatusCode.NotFound);
        (await site.Other.MatchAsync(to: "+14155550199")).Expect(HttpStatusCode.NotFound);
        (await site.Home.MatchAsync(accessCode: code)).ExpectOk();
    }

    [Fact, Trait("Rule", "E3")]
    public async Task Each_tenants_pushes_go_with_its_own_credentials()
    {
        await using var site = await StartAsync();
        Assert.Equal("""{"configured":false}""", (await site.Other.CredentialsAsync()).ToJsonString());
        await site.Phones.RegisterAsync(FirebaseAccount.Elsewhere);
        (await site.Other.ProvisionFirebaseAsync(FirebaseAccount.Elsewhere)).ExpectOk();
        Assert.Equal("fcm-client-11959", (await site.Home.CredentialsAsync())["projectName"]!.GetValue<string>());
        foreach (var (client, token) in ((TenantClient, string)[])[(site.Home, "phone-home"), (site.Other, "phone-other")])
        {
            await client.CreateCallbackAsync(Queue, [token]);
            await client.OutcomeAsync((await client.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        }
        Assert.Equal("fcm-client-11959", (await site.WaitForPushAsync("phone-home", "CALLBACK_FINAL_ATTEMPT_FAILED")).Project);
        Assert.Equal("another-project", (await site.WaitForPushAsync("phone-other", "CALLBACK_FINAL_ATTEMPT_FAILED")).Project);
    }

    [Fact, Trait("Rule", "E3")]
    public async Task A_key_opens_only_its_own_tenant()
    {
        await using var site = await StartAsync();
        var key = site.Home.Keys.Management;
        var forged = $"rb{site.Other.Keys.Tenant}{key[key.IndexOf('_', StringComparison.Ordinal)..]}";
        (await site.Home.SendAsync(HttpMethod.Get, "/management/v1/settings/queues", null, key)).ExpectOk();
        (await site.Home.SendAsync(HttpMethod.Get, "/management/v1/settings/queues", null, forged)).Expect(HttpStatusCode.Unauthorized);
        site.Tamper("update api_keys set revoked_at = 1 where tenant_id = @home and name = 'home administrator'", ("@home", site.Home.Keys.Tenant.Value));
        await site.AdvanceAsync(TimeSpan.FromSeconds(10)); // A known key is remembered for ten seconds.
        (await site.Home.SendAsync(HttpMethod.Get, "/management/v1/settings/queues", null, key)).Expect(HttpStatusCode.Unauthorized);
        (await site.Other.ManageAsync(HttpMethod.Get, "settings/queues")).ExpectOk();
    }

    private static async Task<TestSite> StartAsync()
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        await site.Other.CreateQueueAsync(Queue);
        return site;
    }
}
