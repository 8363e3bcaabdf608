using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ringback.FcmEmulator.WebPush;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.PushService;

public sealed class WebDeliveryTests
{
    [Fact]
    public async Task A_message_arrives_encrypted_with_everything_that_the_service_worker_reads()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var browser = new TestBrowser(emulator);
        var token = await TokenAsync(browser);
        using var sent = await emulator.SendAsync($$$$"""
            {"message":{"token":"{{{{token}}}}","notification":{"title":"common","body":"both"},"data":{"a":"1","b":"2"},
             "webpush":{"headers":{"Urgency":"high","Topic":"t1"},"notification":{"title":"own","icon":"/i.png"},"data":{"b":"3"},"fcm_options":{"link":"/x"}},
             "fcm_options":{"analytics_label":"label"}}}
            """);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        var notification = await browser.ReceiveAsync();
        Assert.Equal("notification", (string?)notification["messageType"]);
        Assert.Equal("aes128gcm", (string?)notification["headers"]!["encoding"]);
        var payload = browser.Read(notification);
        payload.AsObject().Remove("fcmMessageId", out var id);
        Assert.NotEmpty((string)id!);
        Assert.Equal(
            """{"from":"123456789","priority":"high","collapse_key":"t1","notification":{"body":"both","title":"own","icon":"/i.png"},"data":{"a":"1","b":"3"},"fcmOptions":{"link":"/x","analytics_label":"label"}}""",
            payload.ToJsonString());
        await browser.AcknowledgeAsync(notification);
        await UntilAsync(emulator, channel => (int)channel["acknowledged"]! == 1 && (int)channel["pending"]! == 0 && (int)channel["lastCode"]! == 100);
    }

    [Fact]
    public async Task What_is_not_acknowledged_comes_again_after_the_next_hello_and_then_no_more()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var browser = new TestBrowser(emulator);
        var token = await TokenAsync(browser);
        using var sent = await emulator.SendToAsync(token);
        var first = await browser.ReceiveAsync();
        await browser.ConnectAsync();
        var second = await browser.ReceiveAsync();
        Assert.Equal((string?)first["version"], (string?)second["version"]);
        await browser.AcknowledgeAsync(second);
        await browser.SendAsync([]);
        await browser.ReceiveAsync(); // The answer to it says that the acknowledgement before it was read: the next connection may be heard first otherwise.
        await browser.ConnectAsync();
        await browser.SendAsync([]);
        Assert.Equal("{}", (await browser.ReceiveAsync()).ToJsonString());
    }

    [Fact]
    public async Task A_flipped_bit_cannot_be_decrypted()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var browser = new TestBrowser(emulator);
        var token = await TokenAsync(browser);
        await emulator.AddRuleAsync("""{"effect":"corruptPush"}""");
        using var sent = await emulator.SendToAsync(token);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        var notification = await browser.ReceiveAsync();
        Assert.Throws<AuthenticationTagMismatchException>(() => browser.Read(notification));
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_makes_the_token_unregistered()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var browser = new TestBrowser(emulator);
        var token = await TokenAsync(browser);
        await browser.SendAsync(new JsonObject { ["messageType"] = "unregister", ["channelID"] = TestBrowser.ChannelId });
        Assert.Equal("unregister", (string?)(await browser.ReceiveAsync())["messageType"]);
        using var gone = await emulator.SendToAsync(token);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("UNREGISTERED", (string?)(await JsonOf(gone))["error"]!["details"]![0]!["errorCode"]);
        Assert.Empty(await emulator.InboxAsync());
    }

    [Fact]
    public async Task A_subscription_with_a_foreign_key_is_a_third_party_error_and_with_the_projects_own_key_fine()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var answer = await emulator.Http.GetAsync("/webpush-keys/demo", TestContext.Current.CancellationToken);
        var own = (string)(await JsonOf(answer))["publicKey"]!;
        foreach (var (key, expected) in new[] { (Vapid.PublicKey(foreign), 401), (own, 200) })
        {
            using var browser = new TestBrowser(emulator);
            using var sent = await emulator.SendToAsync(await TokenAsync(browser, key));
            Assert.Equal(expected, (int)sent.StatusCode);
            if (expected == 401)
            {
                Assert.Equal("THIRD_PARTY_AUTH_ERROR", (string?)(await JsonOf(sent))["error"]!["details"]![0]!["errorCode"]);
            }
        }
    }

    [Theory]
    [InlineData(true, "aes128gcm", 10, 201)]
    [InlineData(false, "aes128gcm", 10, 401)]
    [InlineData(true, "aesgcm", 10, 400)]
    [InlineData(true, "aes128gcm", 4097, 413)]
    public async Task The_push_service_checks_key_encoding_and_size(bool ourKey, string encoding, int length, int expected)
    {
        await using var emulator = await StartAsync();
        using var browser = new TestBrowser(emulator);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await browser.ConnectAsync();
        await browser.SubscribeAsync(Vapid.PublicKey(key));
        using var request = new HttpRequestMessage(HttpMethod.Post, browser.Endpoint) { Content = new ByteArrayContent(new byte[length]) };
        request.Content.Headers.ContentEncoding.Add(encoding);
        request.Headers.Add("TTL", "60");
        request.Headers.TryAddWithoutValidation("Authorization", Vapid.Authorization(ourKey ? key : other, browser.Endpoint!, emulator.Clock.GetUtcNow()));
        using var answer = await emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, (int)answer.StatusCode);
        using var unknown = await emulator.Http.PostAsJsonAsync("/wpush/v2/unknown", new { }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Gone, unknown.StatusCode);
    }

    private static async Task<string> TokenAsync(TestBrowser browser, string key = TestBrowser.SdkKey)
    {
        await browser.ConnectAsync();
        await browser.SubscribeAsync(key);
        await browser.InstallAsync();
        using var answer = await browser.RegisterAsync();
        return (string)(await JsonOf(answer))["token"]!;
    }

    private static async Task UntilAsync(TestEmulator emulator, Func<JsonNode, bool> condition)
    {
        // The acknowledgement is not answered; its effect shows a moment later, and the test's time-out ends a wait in vain.
        while (!condition(JsonNode.Parse(await emulator.Http.GetStringAsync("/push/channels", TestContext.Current.CancellationToken))!["channels"]![0]!))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
