using System.Text.RegularExpressions;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Tests.Firebase;

/// <summary>The test push that the API sends through the stored credentials (rule A7's part without a browser), and what the page's script may say.</summary>
public sealed class TestSendTests : IAsyncLifetime
{
    private const string Path = "/management/v1/credentials/firebase/test";
    private TestSite site = null!;

    public async ValueTask InitializeAsync() => site = await TestSite.StartAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact, Trait("Rule", "A7")]
    public async Task A_push_is_sent_once_and_marked_as_a_test()
    {
        var answer = (await SendAsync("phone-1")).ExpectOk().Json;
        Assert.Equal("""{"result":"accepted"}""", answer.ToJsonString());
        var push = Assert.Single(await site.Phones.InboxAsync("phone-1"));
        Assert.Equal(("RINGBACK_TEST", "60"), (push.Event, (string?)push.Message["webpush"]!["headers"]!["TTL"]));
        Assert.Matches("^[0-9a-f]{32}$", push.Data("nonce"));
    }

    [Theory, Trait("Rule", "A7")]
    [InlineData("unregistered-1", "UNREGISTERED")]
    [InlineData("mismatch-1", "SENDER_ID_MISMATCH")]
    [InlineData("invalid-1", "INVALID_ARGUMENT")]
    [InlineData("disabled-1", "credential.api_disabled")]
    [InlineData("denied-1", "credential.role_missing")]
    [InlineData("noproject-1", "credential.wrong_project")]
    [InlineData("unauthenticated-1", "credential.access_token")]
    [InlineData("thirdparty-1", "THIRD_PARTY_AUTH_ERROR")]
    [InlineData("quota-1", "QUOTA_EXCEEDED")]
    [InlineData("internal-1", "INTERNAL")]
    [InlineData("unavailable-1", "UNAVAILABLE")]
    [InlineData("html-1", "HTTP_502")]
    public async Task Each_refusal_has_its_code_reason_and_remedy(string target, string code)
    {
        var answer = (await SendAsync(target)).ExpectOk().Json;
        Assert.Equal(("failed", code), ((string?)answer["result"], (string?)answer["code"]));
        Assert.False(string.IsNullOrWhiteSpace((string?)answer["reason"]) || string.IsNullOrWhiteSpace((string?)answer["remedy"]));
        Assert.Empty(await site.Phones.InboxAsync(target));
    }

    [Fact]
    public async Task Too_many_tests_are_put_off_until_the_first_is_five_minutes_old_and_other_tenants_are_not()
    {
        for (var n = 0; n < 20; n++) (await SendAsync("phone-1")).ExpectOk();
        var refused = (await SendAsync("phone-1")).Expect(HttpStatusCode.TooManyRequests);
        Assert.Equal(("credential.tests_throttled", "300"), ((string?)refused.Json["code"], refused.Headers["Retry-After"]));
        Assert.Equal("credential.missing", (string?)(await SendAsync("phone-1", site.Other)).ExpectOk().Json["code"]);
        site.Clock.Advance(TimeSpan.FromMinutes(5));
        (await SendAsync("phone-1")).ExpectOk();
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"target":""}""")]
    [InlineData("""{"target":5}""")]
    [InlineData("""{"target":"t","targetType":"topic"}""")]
    public async Task What_cannot_be_a_target_is_refused(string body) =>
        (await site.Home.SendAsync(HttpMethod.Post, Path, System.Text.Json.Nodes.JsonNode.Parse(body), site.Home.Keys.Management)).Expect(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_target_of_more_than_4096_bytes_and_a_key_without_the_right_are_refused()
    {
        (await SendAsync(new string('é', 2_049))).Expect(HttpStatusCode.BadRequest);
        (await site.Home.SendAsync(HttpMethod.Post, Path, new { target = "t" }, site.Home.Keys.App)).Expect(HttpStatusCode.Forbidden);
        (await site.Home.SendAsync(HttpMethod.Post, Path, new { target = "t" }, site.Home.Keys.Agent)).Expect(HttpStatusCode.Forbidden);
    }

    [Fact, Trait("Rule", "A7")]
    public void There_are_words_for_every_code_of_the_pages_script_and_a_row_in_the_docs()
    {
        var scripts = Directory.GetFiles(System.IO.Path.Combine(Architecture.SourceTree.Root, "src/Ringback.Server/wwwroot/push-test"), "*.js").Select(File.ReadAllText).ToList();
        var codes = scripts.SelectMany(s => Regex.Matches(s, @"'((?:support|permission|worker|subscription|arrival)\.[a-z_]+)'")).Select(m => m.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(codes.Count > 12, string.Join(' ', codes));
        Assert.Equal([], codes.Except(BrowserFaults.Codes).Except(["permission.denied"]));
        var page = File.ReadAllText(System.IO.Path.Combine(Architecture.SourceTree.Root, "docs/operations/test-credentials.md"));
        Assert.Equal([], codes.Concat(BrowserFaults.Codes).Distinct().Where(c => !page.Contains($"`{c}`", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/admin/callbacks", true)]
    [InlineData("/sign-in", false)]
    [InlineData("/push-test/worker.js", false)]
    public async Task Pages_may_call_exactly_Firebase_and_nothing_else_may(string path, bool allowed)
    {
        using var visitor = new PageVisitor(site.ServerAddress);
        (await visitor.SignInAsync(await site.AddUserAsync(Engine.Access.UserRole.Administrator))).Dispose();
        using var answer = await visitor.GetAsync(path);
        var emulator = site.EmulatorAddress.GetLeftPart(UriPartial.Authority);
        var connect = Assert.Single(Assert.Single(answer.Headers.GetValues("Content-Security-Policy")).Split("; "), d => d.StartsWith("connect-src", StringComparison.Ordinal));
        Assert.Equal(allowed ? $"connect-src 'self' {emulator} {emulator}" : "connect-src 'self'", connect);
    }

    private Task<ApiAnswer> SendAsync(string target, TenantClient? tenant = null) =>
        (tenant ?? site.Home).SendAsync(HttpMethod.Post, Path, new { target }, (tenant ?? site.Home).Keys.Management);
}
