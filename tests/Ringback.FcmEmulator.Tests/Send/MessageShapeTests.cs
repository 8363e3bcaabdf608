using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Send;

public sealed class MessageShapeTests
{
    /// <summary>Messages outside of the schema, with the path that the answer names.</summary>
    public static TheoryData<string, string> OutsideTheSchema => new()
    {
        { """{"token":"t","to":"x"}""", "message.to" },
        { """{"token":"t","android":{"priorty":"high"}}""", "message.android.priorty" },
        { """{"token":"t","data":{"x":1}}""", "message.data.x" },
        { """{"token":"t","data":{"x":null}}""", "message.data.x" },
        { """{"token":"t","data":{"x":{"y":"z"}}}""", "message.data.x" },
        { """{"token":"t","data":"x"}""", "message.data" },
        { """{"token":1}""", "message.token" },
        { """{"token":"t","topic":"n"}""", "message.topic" },
        { """{"token":"t","fid":"f"}""", "message.fid" },
        { """{"topic":"n","condition":"'a' in topics"}""", "message.condition" },
        { """{"token":"t","android":{"ttl":"3"}}""", "message.android.ttl" },
        { """{"token":"t","android":{"ttl":3}}""", "message.android.ttl" },
        { """{"token":"t","android":{"ttl":"1e3s"}}""", "message.android.ttl" },
        { """{"token":"t","android":{"priority":"urgent"}}""", "message.android.priority" },
        { """{"token":"t","android":{"notification":{"vibrate_timings":["1s","x"]}}}""", "message.android.notification.vibrate_timings[1]" },
        { """{"token":"t","android":{"notification":{"sticky":"yes"}}}""", "message.android.notification.sticky" },
        { """{"token":"t","apns":{"headers":{"apns-priority":10}}}""", "message.apns.headers.apns-priority" },
        { """{"token":"t","apns":{"payload":"x"}}""", "message.apns.payload" },
        { """{"token":"t","webpush":{"headers":{"TTL":5}}}""", "message.webpush.headers.TTL" },
        { """{"token":"t","webpush":{"notification":[]}}""", "message.webpush.notification" },
        { """{"token":"t","notification":{"titel":"x"}}""", "message.notification.titel" },
        { "[]", "message" },
    };

    /// <summary>Messages that fit the schema and break a rule of FCM, with the path that the answer names.</summary>
    public static TheoryData<string, string> AgainstTheRules => new()
    {
        { "{}", "message" },
        { """{"token":null}""", "message" },
        { """{"token":""}""", "message.token" },
        { $$"""{"token":"{{new string('t', 4097)}}"}""", "message.token" },
        { """{"topic":"white space"}""", "message.topic" },
        { """{"condition":""}""", "message.condition" },
        { """{"token":"t","data":{"from":"x"}}""", "message.data.from" },
        { """{"token":"t","data":{"message_type":"x"}}""", "message.data.message_type" },
        { """{"token":"t","data":{"google.x":"x"}}""", "message.data.google.x" },
        { """{"token":"t","data":{"gcm.notification.x":"x"}}""", "message.data.gcm.notification.x" },
        { """{"token":"t","android":{"data":{"from":"x"}}}""", "message.android.data.from" },
        { """{"token":"t","android":{"ttl":"2419200.1s"}}""", "message.android.ttl" },
        { """{"token":"t","android":{"ttl":"-1s"}}""", "message.android.ttl" },
        { """{"token":"t","fcm_options":{"analytics_label":"not a label"}}""", "message.fcm_options.analytics_label" },
        { """{"token":"t","apns":{"fcmOptions":{"analyticsLabel":"not a label"}}}""", "message.apns.fcm_options.analytics_label" },
        { $$$"""{"token":"t","data":{"x":"{{{new string('x', 4096)}}}"}}""", "message" },
        { $$$"""{"token":"t","data":{"x":"{{{new string('x', 4000)}}}"},"notification":{"title":"{{{new string('é', 46)}}}"}}""", "message" },
        { $$$"""{"topic":"n","data":{"x":"{{{new string('x', 2048)}}}"}}""", "message" },
    };

    public static TheoryData<string> Good =>
    [
        """{"token":"t"}""",
        """{"fid":"f"}""",
        """{"topic":"/topics/news"}""",
        """{"condition":"'a' in topics && 'b' in topics"}""",
        """{"token":"t","topic":null,"data":null}""",
        """{"token":"t","android":{"ttl":"3.5s","priority":"high","collapseKey":"k","directBootOk":true}}""",
        """{"token":"t","android":{"ttl":"2419200s","priority":"NORMAL","notification":{"notification_count":"3","event_time":"2026-11-23T10:15:30.5Z"}}}""",
        """{"token":"t","android":{"ttl":"0s","notification":{"light_settings":{"color":{"red":0.5},"light_on_duration":"1s"},"visibility":"PUBLIC"}}}""",
        """{"token":"t","apns":{"headers":{"apns-priority":"10"},"payload":{"aps":{"content-available":1}}}}""",
        """{"token":"t","webpush":{"headers":{"TTL":"5"},"notification":{"renotify":false},"fcm_options":{"link":"https://example.com"}}}""",
        """{"token":"t","data":{"fromage":"x","google":"x","gcm":"x"},"fcm_options":{"analytics_label":"CALLBACK_READY"}}""",
        $$$"""{"token":"t","data":{"x":"{{{new string('x', 4095)}}}"}}""",
        // Six bytes of JSON, two of text.
        $$$"""{"token":"t","data":{"x":"{{{string.Concat(Enumerable.Repeat("\\u00e9", 2047))}}}"}}""",
        $$$"""{"topic":"n","data":{"x":"{{{new string('x', 2047)}}}"}}""",
    ];

    [Theory]
    [MemberData(nameof(OutsideTheSchema))]
    public async Task What_does_not_fit_the_schema_is_named_by_its_path(string message, string path)
    {
        var error = await SendBadAsync($$"""{"message":{{message}}}""");
        var detail = Assert.Single(error["details"]!.AsArray())!;
        AssertViolation(detail, path);
    }

    [Theory]
    [MemberData(nameof(AgainstTheRules))]
    public async Task What_breaks_a_rule_is_an_error_of_fcm_with_its_path(string message, string path)
    {
        var details = (await SendBadAsync($$"""{"message":{{message}}}"""))["details"]!.AsArray();
        Assert.Equal(2, details.Count);
        Assert.Equal("type.googleapis.com/google.firebase.fcm.v1.FcmError", (string?)details[0]!["@type"]);
        Assert.Equal("INVALID_ARGUMENT", (string?)details[0]!["errorCode"]);
        AssertViolation(details[1]!, path);
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task A_good_message_is_accepted_and_kept_byte_for_byte(string message)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var answer = await emulator.SendAsync($$"""{ "message" : {{message}} }""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var inbox = await emulator.Http.GetStringAsync("/inbox", TestContext.Current.CancellationToken);
        Assert.Contains($"\"message\":{message}}}", inbox, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"message":{"token":"t"},"dry_run":true}""", "dry_run")]
    [InlineData("""{"message":{"token":"t"},"validate_only":"yes"}""", "validate_only")]
    [InlineData("{}", "message")]
    [InlineData("""{"message":null}""", "message")]
    public async Task The_request_around_the_message_is_checked_too(string body, string path)
        => AssertViolation(Assert.Single((await SendBadAsync(body))["details"]!.AsArray())!, path);

    [Fact]
    public async Task Every_violation_is_reported()
    {
        var error = await SendBadAsync("""{"message":{"token":"t","data":{"a":1,"b":2},"x":3}}""");
        Assert.Equal(["message.data.a", "message.data.b", "message.x"],
            error["details"]![0]!["fieldViolations"]!.AsArray().Select(violation => (string)violation!["field"]!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"message":{"token":"t"}} x""")]
    [InlineData("""{"message":{"token":"a","token":"b"}}""")]
    [InlineData("""{"message":{"token":"\ud800"}}""")]
    public async Task What_is_no_json_object_is_an_invalid_argument(string body)
    {
        var error = await SendBadAsync(body);
        Assert.Null(error["details"]);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_an_invalid_argument()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var body = new ByteArrayContent([.. "{\"message\":{\"token\":\""u8, 0xff, .. "\"}}"u8]);
        using var answer = await emulator.Http.PostAsync("/v1/projects/demo/messages:send", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData(64 * 1024, 400, "1.1")]
    [InlineData((64 * 1024) + 1, 413, "1.1")]
    [InlineData(64 * 1024, 400, "2.0")]
    [InlineData((64 * 1024) + 1, 413, "2.0")]
    public async Task A_body_over_64_kib_is_too_large(int length, int expected, string version)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/projects/demo/messages:send")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(new string(' ', length))),
        };
        using var answer = await emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Equal(expected, (int)(await JsonOf(answer))["error"]!["code"]!);
    }

    private static async Task<JsonNode> SendBadAsync(string body)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var answer = await emulator.SendAsync(body);
        var error = (await JsonOf(answer))["error"]!;
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("INVALID_ARGUMENT", (string?)error["status"]);
        Assert.Empty(await emulator.InboxAsync());
        return error;
    }

    private static void AssertViolation(JsonNode detail, string path)
    {
        Assert.Equal("type.googleapis.com/google.rpc.BadRequest", (string?)detail["@type"]);
        Assert.Equal(path, (string?)Assert.Single(detail["fieldViolations"]!.AsArray())!["field"]);
    }
}
