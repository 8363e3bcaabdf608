using System.Globalization;
using System.Text.Json;

namespace Ringback.Server.Tests.Notifications;

/// <summary>Every event as FCM gets it, word for word as push-events.md has it, in both presentations (rule B12).</summary>
public sealed class PayloadTests
{
    private const string Phone = "phone-1";

    [Theory, Trait("Rule", "B12")]
    [InlineData("notification")]
    [InlineData("data")]
    public async Task CALLBACK_UPCOMING(string presentation)
    {
        await using var site = await StartAsync(presentation);
        await site.Home.ReportAsync("support", waiting: 9);
        await site.Home.CreateCallbackAsync("support", [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(7));
        await site.Home.ReportAsync("support", waiting: 1, departures: 8);
        await ExpectAsync(site, presentation, "CALLBACK_UPCOMING", 1, 300, "support",
            "We are about to call you", "Your call from support is expected within 2 min. Please keep your phone at hand.",
            ("estimatedWaitSeconds", "120"), ("position", "2"));
    }

    [Theory, Trait("Rule", "B12")]
    [InlineData("notification")]
    [InlineData("data")]
    public async Task CALLBACK_READY_and_CALLBACK_CALL_IN(string presentation)
    {
        await using var site = await StartAsync(presentation);
        await site.Home.CreateCallInQueueAsync("callin", new { presentation, readyTimeoutSeconds = 240 }, expirySeconds: 90);
        await site.Home.ReportAsync("callin", ready: 1);
        var id = await site.Home.CreateCallbackAsync("callin", [Phone]);
        await ExpectAsync(site, presentation, "CALLBACK_READY", 1, 240, "callin",
            "It is your turn", "callin is ready for you. Call in now: your place is held for 4 min.", ("callInGroup", "numbers"));

        await site.AdvanceAsync(TimeSpan.FromSeconds(11));
        var given = (await site.Home.CallInAsync(id)).ExpectOk().Data;
        await ExpectAsync(site, presentation, "CALLBACK_CALL_IN", 2, 90, "callin",
            "Call us now", "Dial the number in the app to be connected with callin.",
            ("callInId", given["id"]!.GetValue<string>()), ("toPhoneNumber", "+14155550199"), ("accessCode", given["accessCode"]!.GetValue<string>()),
            ("expirationTime", given["expirationTime"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture)));
    }

    [Theory, Trait("Rule", "B12")]
    [InlineData("notification")]
    [InlineData("data")]
    public async Task CALLBACK_PURGED(string presentation)
    {
        await using var site = await StartAsync(presentation);
        await site.Home.ChangeQueueAsync("support", new { maxTimeInQueueSeconds = 5 });
        await site.Home.CreateCallbackAsync("support", [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        await ExpectAsync(site, presentation, "CALLBACK_PURGED", 1, 14_400, "support",
            "Your callback was dropped", "We are sorry: support could not call you in time. You can ask for another callback.", ("reason", "MAX_WAIT"));
    }

    [Theory, Trait("Rule", "B12")]
    [InlineData("notification")]
    [InlineData("data")]
    public async Task CALLBACK_ATTEMPT_FAILED_and_CALLBACK_FINAL_ATTEMPT_FAILED(string presentation)
    {
        await using var site = await StartAsync(presentation);
        await site.Home.ChangeQueueAsync("support", new { maxAttempts = 2 });
        await site.Home.CreateCallbackAsync("support", [Phone]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync("support")).AttemptId, "BUSY");
        await ExpectAsync(site, presentation, "CALLBACK_ATTEMPT_FAILED", 1, 120, "support",
            "We could not reach you", "support tried to call you and will try again in 2 min.",
            ("attempt", "1"), ("maxAttempts", "2"), ("outcome", "BUSY"), ("nextAttemptAt", Wire(site.Now.AddSeconds(120))));

        await site.AdvanceAsync(TimeSpan.FromSeconds(120));
        await site.Home.OutcomeAsync((await site.Home.DialAsync("support")).AttemptId, "DECLINED");
        await ExpectAsync(site, presentation, "CALLBACK_FINAL_ATTEMPT_FAILED", 2, 14_400, "support",
            "We could not reach you", "support tried to call you for the last time. You can ask for another callback.",
            ("attempt", "2"), ("maxAttempts", "2"), ("outcome", "DECLINED"));
    }

    [Fact, Trait("Rule", "B12")]
    public async Task Title_and_body_are_in_the_customers_language()
    {
        await using var site = await StartAsync("notification");
        await site.Home.CreateCallbackAsync("support", [Phone], language: "de-CH");
        await site.Home.OutcomeAsync((await site.Home.DialAsync("support")).AttemptId, "INVALID_NUMBER");
        var push = await site.WaitForPushAsync(Phone, "CALLBACK_FINAL_ATTEMPT_FAILED");
        Assert.Equal("Wir konnten Sie nicht erreichen", push.Message["notification"]!["title"]!.GetValue<string>());
        Assert.DoesNotContain("{", push.Message["notification"]!["body"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "B12"), Trait("Rule", "C1")]
    public async Task Presentation_and_time_to_live_can_be_set_by_event()
    {
        await using var site = await StartAsync("notification");
        await site.Home.ChangeQueueAsync("support", new
        {
            presentationByEvent = new Dictionary<string, string> { ["CALLBACK_ATTEMPT_FAILED"] = "data" },
            timeToLiveSeconds = new Dictionary<string, int> { ["CALLBACK_ATTEMPT_FAILED"] = 33 },
        });
        await site.Home.CreateCallbackAsync("support", [Phone]);
        await site.Home.OutcomeAsync((await site.Home.DialAsync("support")).AttemptId, "BUSY");
        await ExpectAsync(site, "data", "CALLBACK_ATTEMPT_FAILED", 1, 33, "support",
            "We could not reach you", "support tried to call you and will try again in 2 min.",
            ("attempt", "1"), ("maxAttempts", "3"), ("outcome", "BUSY"), ("nextAttemptAt", Wire(site.Now.AddSeconds(120))));
        await site.AdvanceAsync(TimeSpan.FromSeconds(120));
        await site.Home.OutcomeAsync((await site.Home.DialAsync("support")).AttemptId, "INVALID_NUMBER");
        Assert.NotNull((await site.WaitForPushAsync(Phone, "CALLBACK_FINAL_ATTEMPT_FAILED")).Message["notification"]);
    }

    [Fact, Trait("Rule", "B12")]
    public async Task A_target_may_be_an_installation_id_and_may_come_in_the_older_fields()
    {
        await using var site = await StartAsync("notification");
        var body = TenantClient.CreateBody("support");
        body["pushTargets"] = new JsonArray(new JsonObject { ["channel"] = "FCM", ["target"] = "installation-1", ["targetType"] = "fid" });
        body["pushChannel"] = "FCM";
        body["pushTarget"] = "older-token";
        (await site.Home.EngageAsync("callbacks/create", body)).ExpectOk();
        await site.Home.OutcomeAsync((await site.Home.DialAsync("support")).AttemptId, "INVALID_NUMBER");
        var inbox = await site.InboxAsync();
        Assert.Equal(["fid", "token"], inbox.Select(p => p.Message.AsObject().First().Key).Order(StringComparer.Ordinal));
        Assert.Equal(["installation-1", "older-token"], inbox.Select(p => p.Token).Order(StringComparer.Ordinal));
    }

    private static async Task ExpectAsync(
        TestSite site, string presentation, string name, int sequence, int ttl, string queue, string title, string body, params (string Name, string Value)[] extra)
    {
        var push = await site.WaitForPushAsync(Phone, name);
        var expected = Expected(site.Now, push, presentation, name, sequence, ttl, queue, title, body, extra);
        Assert.True(Guid.TryParseExact(push.NotificationId, "D", out _));
        Assert.Matches("^[A-Za-z0-9_-]{22,32}$", push.Message["webpush"]!["headers"]!["Topic"]!.GetValue<string>());
        Assert.Equal(Text(expected), Text(push.Message));
        Assert.True(JsonNode.DeepEquals(expected, push.Message));
    }

    /// <summary>The message of push-events.md. Written out here once more, so that a slip in the program's writer cannot hide.</summary>
    private static JsonObject Expected(
        DateTimeOffset decidedAt, Push push, string presentation, string name, int sequence, int ttl, string queue, string title, string body, (string Name, string Value)[] extra)
    {
        var shown = presentation == "notification";
        var id = push.NotificationId;
        var expiresAt = decidedAt.AddSeconds(ttl);
        var message = new JsonObject { ["token"] = Phone };
        if (shown) message["notification"] = new JsonObject { ["title"] = title, ["body"] = body };
        var data = new JsonObject
        {
            ["version"] = "1",
            ["event"] = name,
            ["notificationId"] = id,
            ["callbackId"] = push.Data("callbackId"),
            ["serviceName"] = queue,
            ["sequence"] = sequence.ToString(CultureInfo.InvariantCulture),
            ["occurredAt"] = Wire(decidedAt),
            ["expiresAt"] = Wire(expiresAt),
        };
        if (!shown) (data["title"], data["body"]) = (title, body);
        foreach (var (key, value) in extra) data[key] = value;
        message["data"] = data;

        message["android"] = new JsonObject { ["priority"] = "high", ["ttl"] = $"{ttl}s" };
        if (shown) message["android"]!["notification"] = new JsonObject { ["tag"] = id };

        var aps = new JsonObject();
        if (shown) (aps["sound"], aps["category"]) = ("default", name);
        if (!shown || name is "CALLBACK_READY" or "CALLBACK_CALL_IN") aps["content-available"] = 1;
        message["apns"] = new JsonObject
        {
            ["headers"] = new JsonObject
            {
                ["apns-push-type"] = shown ? "alert" : "background",
                ["apns-priority"] = shown ? "10" : "5",
                ["apns-expiration"] = expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                ["apns-collapse-id"] = id,
            },
            ["payload"] = new JsonObject { ["aps"] = aps },
        };

        message["webpush"] = new JsonObject
        {
            ["headers"] = new JsonObject
            {
                ["TTL"] = ttl.ToString(CultureInfo.InvariantCulture),
                ["Urgency"] = "high",
                ["Topic"] = push.Message["webpush"]!["headers"]!["Topic"]!.GetValue<string>(),
            },
        };
        if (shown) message["webpush"]!["notification"] = new JsonObject { ["tag"] = id, ["renotify"] = false };
        message["fcm_options"] = new JsonObject { ["analytics_label"] = name };
        return message;
    }

    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    private static string Text(JsonNode node) => node.ToJsonString(indented);

    private static string Wire(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static async Task<TestSite> StartAsync(string presentation)
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support", new { presentation });
        return site;
    }
}
