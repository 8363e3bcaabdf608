using Ringback.Engine.Access;
using Ringback.Server.Tests.Web;

namespace Ringback.Server.Tests.Notifications;

/// <summary>Messages that a caller wrote (wire-contract 10): once, as they are, and with a right of their own.</summary>
public sealed class PublishTests
{
    private const string Path = "/engagement/v3/notifications/publish";
    private static readonly JsonObject greeting = new()
    {
        ["notification"] = new JsonObject { ["title"] = "Grüße", ["body"] = "We are open." },
        ["data"] = new JsonObject { ["notificationId"] = "n1", ["shop"] = "42" },
        ["android"] = new JsonObject { ["priority"] = "high" },
    };

    [Theory, Trait("Rule", "E1")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_message_arrives_as_it_was_written_and_nothing_of_it_is_kept(SiteDatabase on)
    {
        await using var site = await TestSite.StartAsync(on: on);
        var publish = await PublisherAsync(site, site.Home);
        var answer = (await publish(Body("phone-1"))).ExpectOk();
        var push = Assert.Single(await site.Phones.InboxAsync("phone-1"));
        var sent = greeting.DeepClone().AsObject();
        sent["token"] = "phone-1";
        Assert.True(JsonNode.DeepEquals(sent, push.Message), push.Message.ToJsonString());
        Assert.StartsWith($"projects/{FirebaseAccount.First.Project}/messages/", answer.Data["name"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(0, site.Query("select (select count(*) from outbox) + (select count(*) from push_targets)", r => r.GetInt32(0))[0]);
        Assert.DoesNotContain(site.ServerLog.Lines, line => line.Contains("phone-1", StringComparison.Ordinal) || line.Contains("We are open", StringComparison.Ordinal));
    }

    [Fact, Trait("Rule", "E1")]
    public async Task The_event_may_be_the_text_of_an_object()
    {
        await using var site = await TestSite.StartAsync();
        var publish = await PublisherAsync(site, site.Home);
        var body = Body("phone-1");
        body["event"] = greeting.ToJsonString();
        (await publish(body)).ExpectOk();
        Assert.Equal("42", Assert.Single(await site.Phones.InboxAsync("phone-1")).Data("shop"));
    }

    [Fact, Trait("Rule", "E1")]
    public async Task A_target_may_be_a_Firebase_installation()
    {
        await using var site = await TestSite.StartAsync();
        var publish = await PublisherAsync(site, site.Home);
        var body = Body("installation-1");
        body["targetType"] = "fid";
        (await publish(body)).ExpectOk();
        Assert.Equal("installation-1", Assert.Single(await site.Phones.InboxAsync()).Message["fid"]!.GetValue<string>());
    }

    [Fact, Trait("Rule", "E1")]
    public async Task Validate_only_asks_Firebase_and_reaches_no_device()
    {
        await using var site = await TestSite.StartAsync();
        var publish = await PublisherAsync(site, site.Home);
        var body = Body("phone-1");
        body["validate_only"] = true;
        Assert.EndsWith("fake_message_id", (await publish(body)).ExpectOk().Data["name"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(await site.Phones.InboxAsync("phone-1"));
        Assert.Single(await site.Phones.DryRunsAsync("phone-1"));
    }

    [Fact, Trait("Rule", "E1")]
    public async Task Only_a_key_with_the_right_of_its_own_may_publish_and_it_may_nothing_else()
    {
        await using var site = await TestSite.StartAsync();
        var home = site.Home;
        foreach (var key in (string[])[home.Keys.App, home.Keys.Agent, home.Keys.Credentials, home.Keys.Management])
            (await home.SendAsync(HttpMethod.Post, Path, Body("phone-1"), key)).Expect(HttpStatusCode.Forbidden);
        (await home.SendAsync(HttpMethod.Post, Path, Body("phone-1"))).Expect(HttpStatusCode.Unauthorized);
        Assert.Empty(await site.Phones.InboxAsync());

        var publisher = await site.AddKeyAsync(home.Keys.Tenant, "shop", ApiRights.Publish);
        (await home.SendAsync(HttpMethod.Post, "/engagement/v3/callbacks/retrieve", new { id = Guid.Empty }, publisher)).Expect(HttpStatusCode.Forbidden);
        (await home.SendAsync(HttpMethod.Get, "/management/v1/settings/queues", key: publisher)).Expect(HttpStatusCode.Forbidden);
    }

    [Theory, Trait("Rule", "E1")]
    [InlineData("UNREGISTERED", HttpStatusCode.BadRequest, 501)]
    [InlineData("SENDER_ID_MISMATCH", HttpStatusCode.BadRequest, 501)]
    [InlineData("INVALID_ARGUMENT", HttpStatusCode.BadRequest, 501)]
    [InlineData("THIRD_PARTY_AUTH_ERROR", HttpStatusCode.BadRequest, 501)]
    [InlineData("QUOTA_EXCEEDED", HttpStatusCode.InternalServerError, 500)]
    [InlineData("UNAVAILABLE", HttpStatusCode.InternalServerError, 500)]
    [InlineData("INTERNAL", HttpStatusCode.InternalServerError, 500)]
    public async Task What_Firebase_does_not_take_is_refused_or_not_sent_and_never_sent_again(string error, HttpStatusCode status, int code)
    {
        await using var site = await TestSite.StartAsync();
        var publish = await PublisherAsync(site, site.Home);
        await site.Phones.AddRuleAsync(new { effect = "error", error, retryAfterSeconds = 7 });
        var answer = (await publish(Body("phone-1"))).Expect(status);
        SharedSite.ExpectForm(answer, Path);
        Assert.Equal(code, answer.EnvelopeCode);
        Assert.Contains(error, answer.Message, StringComparison.Ordinal);
        Assert.Equal(error is "QUOTA_EXCEEDED" or "UNAVAILABLE" or "INTERNAL" ? "7" : null, answer.Headers.GetValueOrDefault("Retry-After"));
        await site.Phones.BringBackAsync();
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Empty(await site.Phones.InboxAsync());
    }

    [Fact, Trait("Rule", "E1")]
    public async Task A_schema_error_names_the_field()
    {
        await using var site = await TestSite.StartAsync();
        var publish = await PublisherAsync(site, site.Home);
        var body = Body("phone-1");
        body["event"]!["nonsense"] = 1;
        Assert.Contains("nonsense", (await publish(body)).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "E1")]
    public async Task A_tenant_without_credentials_is_told_so()
    {
        await using var site = await TestSite.StartAsync();
        var publish = await PublisherAsync(site, site.Other);
        Assert.Contains("credential", (await publish(Body("phone-1"))).Expect(HttpStatusCode.InternalServerError).Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(await site.Phones.InboxAsync());
    }

    [Fact, Trait("Rule", "E1")]
    public async Task The_caller_waits_ten_seconds_at_most()
    {
        await using var site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Firebase:SendTimeout"] = "00:00:25" });
        var publish = await PublisherAsync(site, site.Home);
        await site.Phones.AddRuleAsync(new { effect = "hang" });
        var answer = publish(Body("phone-1"));
        for (var i = 0; i < 12 && !answer.IsCompleted; i++)
        {
            await Eventually.TryStepAsync(answer);
            Assert.False(answer.IsCompleted && i < 10, "It did not wait.");
            site.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Contains("TIMEOUT", (await Eventually.EndsAsync(answer)).Expect(HttpStatusCode.InternalServerError).Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "E3")]
    public async Task A_flood_uses_up_its_own_part_of_the_rate_and_is_told_when_to_come_back()
    {
        await using var site = await TestSite.StartAsync(settings: new Dictionary<string, string?> { ["Delivery:MessagesPerMinute"] = "60", ["Delivery:RampUpSeconds"] = "0" });
        var publish = await PublisherAsync(site, site.Home);
        (await publish(Body("phone-1"))).ExpectOk();
        var refused = (await publish(Body("phone-1"))).Expect(HttpStatusCode.InternalServerError);
        Assert.Equal("2", refused.Headers["Retry-After"]); // A second and the rounding of the bucket.
        Assert.Single(await site.Phones.InboxAsync());
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        (await publish(Body("phone-1"))).ExpectOk();
    }

    /// <summary>Field, JSON text of its value (null = left out).</summary>
    public static TheoryData<string, string?> Fields => new()
    {
        { "channel", null }, { "channel", "\"SMS\"" }, { "channel", "5" }, { "target", null }, { "target", "\"\"" }, { "target", "5" }, { "target", "\"a b\"" }, { "target", $"\"{new string('x', 4097)}\"" },
        { "targetType", "\"topic\"" }, { "validate_only", "\"true\"" }, { "validate_only", "1" }, { "event", null }, { "event", "null" }, { "event", "5" }, { "event", "[]" }, { "event", "{}" }, { "event", "\"\"" },
        { "event", "\"hello\"" }, { "event", "\"[1]\"" }, { "event", "\"{\\\"data\\\":{},\\\"data\\\":{}}\"" }, { "event", "\"{\\\"data\\\":{\\\"a\\\":\\\"\\\\ud800\\\"}}\"" },
        { "event", "{\"data\":{},\"token\":\"other\"}" }, { "event", "{\"data\":{},\"topic\":\"all\"}" }, { "event", "\"{\\\"data\\\":{},\\\"condition\\\":\\\"x\\\"}\"" },
        { "event", $$"""{"data":{"a":"{{new string('x', 16_384)}}"} }""" },
    };

    [Fact, Trait("Rule", "E1")]
    public async Task Fields_that_cannot_be_taken_are_named_and_nothing_is_sent()
    {
        await using var site = await TestSite.StartAsync();
        var publish = await PublisherAsync(site, site.Home);
        foreach (var (field, value) in Fields.Select(row => row.Data))
        {
            var fields = new Dictionary<string, string?> { ["channel"] = "\"FCM\"", ["target"] = "\"phone-1\"", ["event"] = greeting.ToJsonString(), [field] = value };
            var answer = (await publish("{" + string.Join(',', fields.Where(f => f.Value is not null).Select(f => $"\"{f.Key}\":{f.Value}")) + "}")).Expect(HttpStatusCode.BadRequest);
            Assert.Equal(501, answer.EnvelopeCode);
            Assert.StartsWith(field, answer.Message, StringComparison.Ordinal);
        }
        Assert.Empty(await site.Phones.InboxAsync());
    }

    private static JsonObject Body(string target) => new() { ["channel"] = "FCM", ["target"] = target, ["event"] = greeting.DeepClone() };

    private static async Task<Func<object, Task<ApiAnswer>>> PublisherAsync(TestSite site, TenantClient tenant)
    {
        var key = await site.AddKeyAsync(tenant.Keys.Tenant, "shop", ApiRights.Publish);
        return body => tenant.SendAsync(HttpMethod.Post, Path, body, key);
    }
}
