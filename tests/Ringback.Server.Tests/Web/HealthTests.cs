namespace Ringback.Server.Tests.Web;

/// <summary><c>/healthz</c> and <c>/readyz</c> (rule F2, ARCHITECTURE.md).</summary>
public sealed class HealthTests
{
    [Fact, Trait("Rule", "F2")]
    public async Task A_site_in_order_is_ready_and_needs_no_key_to_say_so()
    {
        await using var site = await TestSite.StartAsync();
        Assert.Equal("""{"status":"ok"}""", (await site.Home.SendAsync(HttpMethod.Get, "/healthz")).ExpectOk().Body);
        var ready = (await site.Home.ReadyAsync()).ExpectOk().Json;
        Assert.Equal("ready", ready["status"]!.GetValue<string>());
        Assert.Equal(["database:ok", "credentials:ok", "credentials:waiting"], ready["checks"]!.AsArray().Select(c => $"{c!["name"]}:{c["status"]}"));
    }

    [Fact, Trait("Rule", "F2"), Trait("Rule", "A8")]
    public async Task Credentials_that_a_check_finds_refused_are_named_until_a_send_is_answered_again()
    {
        await using var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support");
        await site.ExpectSendAsync("support", "phone-1");
        await site.Phones.AddRuleAsync(new { effect = "error", error = "SERVICE_DISABLED" });
        (await site.Home.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).ExpectOk();
        var home = (await site.Home.ReadyAsync()).ExpectOk().Json["checks"]![1]!;
        Assert.Equal("waiting", home["status"]!.GetValue<string>());
        Assert.Contains("API", home["detail"]!.GetValue<string>(), StringComparison.Ordinal);

        await site.Phones.BringBackAsync();
        await site.ExpectSendAsync("support", "phone-2");
        Assert.Equal("ok", (await site.Home.ReadyAsync()).ExpectOk().Json["checks"]![1]!["status"]!.GetValue<string>());
    }

    [Fact, Trait("Rule", "F2")]
    public async Task A_schema_of_another_version_is_503()
    {
        await using var site = await TestSite.StartAsync();
        site.Tamper("delete from \"__EFMigrationsHistory\"");
        var answer = (await site.Home.ReadyAsync()).Expect(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("migration:failed", Assert.Single(answer.Json["checks"]!.AsArray()) is { } check ? $"{check["name"]}:{check["status"]}" : null);
        (await site.Home.SendAsync(HttpMethod.Get, "/healthz")).ExpectOk();
    }
}
