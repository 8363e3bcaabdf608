using System.Text;

namespace Ringback.Server.Tests.Web;

/// <summary>Bodies that are none, unknown paths, wrong methods, keys that open nothing: always an answer in our form (rules E1, E2).</summary>
public sealed class BadBodyTests(SharedSite site)
{
    private const string Id = "0193a7f0-0000-7000-8000-000000000001";

    /// <summary>Every call that takes a body.</summary>
    public static TheoryData<string, string> Calls => new()
    {
        { "POST", "/engagement/v3/callbacks/create" }, { "POST", "/engagement/v3/callbacks/cancel" }, { "POST", "/engagement/v3/callbacks/retrieve" },
        { "POST", "/engagement/v3/call-in/requests/create" }, { "PUT", "/management/v1/queues/support/state" }, { "POST", "/management/v1/queues/support/next" },
        { "POST", $"/management/v1/attempts/{Id}/extend" }, { "POST", $"/management/v1/attempts/{Id}/outcome" }, { "POST", "/management/v1/call-in/match" },
        { "PUT", "/management/v1/settings/call-in-groups/new" }, { "POST", "/management/v1/settings/queues/new" }, { "PATCH", "/management/v1/settings/queues/support" },
        { "PUT", "/management/v1/credentials/firebase" },
    };

    [Theory, MemberData(nameof(Calls)), Trait("Rule", "E1"), Trait("Rule", "E2")]
    public async Task A_body_that_is_no_JSON_object_is_refused_everywhere(string method, string path)
    {
        string[] bodies =
        [
            "", " ", "{", "}", "[]", "[{}]", "5", "null", "true", "\"x\"", "{}{}", "{} x", "{'a':1}", "{a:1}", "{\"a\":1,}", "{\"a\":}", "// {}", "{\"a\":1 /* */}", "{\"a\":01}", "{\"a\":NaN}", "{\"a\":\"\u0001\"}",
            "{\"a\":\"\\x\"}", "{\"a\":\"\\ud8\"}", "<a/>", "a=1&b=2", "{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":2}}", "{\"a\":1,\"\\u0061\":2}", Nested("{\"a\":", "1", "}", 40), $"{{\"a\":{Nested("[", "", "]", 1000)}}}",
            $"{{\"a\":{Nested("[", "", "]", 30_000)}}}",
        ];
        foreach (var body in bodies)
        {
            var answer = await site.RefusedAsync(new HttpMethod(method), path, body, HttpStatusCode.BadRequest);
            Assert.StartsWith("The body ", answer.Message, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Calls)), Trait("Rule", "E1"), Trait("Rule", "E2")]
    public async Task Bytes_that_are_no_UTF_8_are_refused_everywhere(string method, string path)
    {
        byte[][] bodies = [[0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0], [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8], [0], [0x1F, 0x8B, 8, 0]];
        foreach (var body in bodies) await site.RefusedAsync(new HttpMethod(method), path, new ByteArrayContent(body), HttpStatusCode.BadRequest);
    }

    [Theory, MemberData(nameof(Calls)), Trait("Rule", "E1"), Trait("Rule", "E2")]
    public async Task A_name_that_is_half_a_character_is_no_reason_to_stumble(string method, string path)
    {
        // A key that no field has is ignored, or refused as unknown; never an error of ours.
        foreach (var body in (string[])["{\"\\ud800\":1}", "{\"\\ud800\":{\"\\udfff\":\"\\ud800\"}}", "{\"userData\":{\"\\ud800\":1,\"a\":\"\\ud800\"}}"])
        {
            var key = path.StartsWith("/engagement", StringComparison.Ordinal) ? site.Home.Keys.App : site.Home.Keys.Management;
            var answer = await site.Home.SendAsync(new HttpMethod(method), path, body, key);
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            SharedSite.ExpectForm(answer, path);
        }
    }

    [Theory, MemberData(nameof(Calls)), Trait("Rule", "E1"), Trait("Rule", "E2")]
    public async Task A_body_of_more_than_64_KiB_is_refused_everywhere(string method, string path)
    {
        var large = $"{{\"a\":\"{new string('x', 64 * 1024)}\"}}";
        Assert.Contains("65536 bytes", (await site.RefusedAsync(new HttpMethod(method), path, large, HttpStatusCode.RequestEntityTooLarge)).Message, StringComparison.Ordinal);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(large));
        using var chunked = new StreamContent(new NoLength(stream));
        await site.RefusedAsync(new HttpMethod(method), path, chunked, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact, Trait("Rule", "E1")]
    public async Task A_body_of_64_KiB_less_one_is_taken()
    {
        var head = "{\"serviceName\":\"nowhere\",\"phoneNumber\":\"+14155550123\",\"channel\":\"";
        var body = $"{head}{new string('x', (64 * 1024) - head.Length - 2)}\"}}";
        Assert.Equal(64 * 1024, body.Length);
        Assert.Equal(7040, (await site.RefusedAsync(HttpMethod.Post, "/engagement/v3/callbacks/create", body, HttpStatusCode.BadRequest)).EnvelopeCode);
    }

    [Theory, Trait("Rule", "E1"), Trait("Rule", "E2")]
    [InlineData("POST", "/engagement/v3/nothing", 404)]
    [InlineData("POST", "/engagement/v3/callbacks", 404)]
    [InlineData("POST", "/engagement/v3/callbacks/create/more", 404)]
    [InlineData("POST", "/engagement/v3", 404)]
    [InlineData("GET", "/engagement/v3/callbacks/create", 405)]
    [InlineData("PUT", "/engagement/v3/callbacks/retrieve", 405)]
    [InlineData("POST", "/engagement/v3/estimated-wait-time", 405)]
    [InlineData("DELETE", "/engagement/v3/callbacks/cancel", 405)]
    [InlineData("GET", "/management/v1/nothing", 404)]
    [InlineData("GET", "/management/v2/settings/queues", 404)]
    [InlineData("GET", "/management", 404)]
    [InlineData("POST", "/management/v1/queues/support/state", 405)]
    [InlineData("GET", "/management/v1/queues/support/next", 405)]
    [InlineData("DELETE", "/management/v1/credentials/firebase", 405)]
    public async Task An_unknown_path_or_a_wrong_method_has_an_answer_of_ours(string method, string path, int status)
    {
        var answer = await site.RefusedAsync(new HttpMethod(method), path, method == "GET" ? null : "{}", (HttpStatusCode)status);
        if (status == 405) Assert.Matches("^This path takes [A-Z]+(, ?[A-Z]+)*\\.$", answer.Message);
    }

    [Fact, Trait("Rule", "E1")]
    public async Task A_missing_or_unknown_key_is_401_and_a_key_without_the_right_403()
    {
        var (home, create, next) = (site.Home, "/engagement/v3/callbacks/create", "/management/v1/queues/support/next");
        foreach (var key in (string?[])[null, "x", new string('x', 500), "rb", "rb_", "rb1_", "rb99999999999_x", $"{home.Keys.App}x", home.Keys.App.ToUpperInvariant()])
        {
            var answer = (await home.SendAsync(HttpMethod.Post, create, "{}", key)).Expect(HttpStatusCode.Unauthorized);
            SharedSite.ExpectForm(answer, create);
            Assert.Equal(503, answer.EnvelopeCode);
            SharedSite.ExpectForm((await home.SendAsync(HttpMethod.Post, next, "{}", key)).Expect(HttpStatusCode.Unauthorized), next);
        }
        foreach (var key in (string[])[home.Keys.Agent, home.Keys.Management, home.Keys.Credentials])
            SharedSite.ExpectForm((await home.SendAsync(HttpMethod.Post, create, "{}", key)).Expect(HttpStatusCode.Forbidden), create);
        foreach (var key in (string[])[home.Keys.App, home.Keys.Credentials])
            SharedSite.ExpectForm((await home.SendAsync(HttpMethod.Post, next, "{}", key)).Expect(HttpStatusCode.Forbidden), next);
        (await home.SendAsync(HttpMethod.Get, "/management/v1/settings/queues", null, home.Keys.Agent)).Expect(HttpStatusCode.Forbidden);
    }

    [Fact, Trait("Rule", "E1")]
    public async Task Duplicate_targets_count_once_and_ten_are_taken()
    {
        await using var own = await TestSite.StartAsync();
        await own.Home.CreateQueueAsync("support");
        string[] ten = [.. Enumerable.Range(1, 10).Select(i => $"t{i}")];
        await own.Home.CreateCallbackAsync("support", [.. ten, .. ten]);
        Assert.Equal(ten, own.Query("select address from push_targets order by ordinal", r => r.GetString(0)));
    }

    [Fact, Trait("Rule", "E1")]
    public async Task Odd_characters_are_kept_as_they_are_and_NUL_is_refused_by_the_name_of_its_field()
    {
        await using var own = await TestSite.StartAsync();
        await own.Home.CreateQueueAsync("support");
        var body = TenantClient.CreateBody("support");
        (body["routePoint"], body["channel"]) = ("a\u0001b", "c\u202Ed");
        body["userData"] = new JsonObject { ["text"] = "e\0f \u202E 😀 \u2028" };
        // PostgreSQL cannot hold it in a text, and what one database takes the other must take too. In app data it travels as an escape.
        var wrong = body.DeepClone().AsObject();
        wrong["routePoint"] = "a\0b";
        Assert.Contains("routePoint", (await own.Home.EngageAsync("callbacks/create", wrong)).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);
        (await own.Home.EngageAsync("callbacks/create", body)).ExpectOk();
        var order = (await own.Home.DialAsync("support", "Ada\u0001")).Json;
        Assert.Equal(("a\u0001b", "e\0f \u202E 😀 \u2028"), (order["routePoint"]!.GetValue<string>(), order["userData"]!["text"]!.GetValue<string>()));
        Assert.Equal(order["attemptId"]!.GetValue<Guid>(), (await own.Home.DialAsync("support", "Ada\u0001")).AttemptId);
        Assert.Null(await own.Home.NextAsync("support", "Ada"));
    }

    private static string Nested(string open, string inner, string close, int depth) =>
        $"{string.Concat(Enumerable.Repeat(open, depth))}{inner}{string.Concat(Enumerable.Repeat(close, depth))}";

    /// <summary>A stream that does not say how long it is, so that the body travels in chunks.</summary>
    private sealed class NoLength(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
