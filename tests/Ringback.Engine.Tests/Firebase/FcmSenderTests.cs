using System.Text.Json;
using System.Text.Json.Nodes;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class FcmSenderTests
{
    private static readonly SendReply unauthenticated = new(401, """{"error":{"code":401,"status":"UNAUTHENTICATED"}}""");

    [Fact]
    public async Task A_push_goes_out_over_HTTP_2_with_token_project_and_format_version()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();

        Assert.Equal(new SendOutcome.Accepted("projects/p/messages/1"), await site.SendAsync("device"));
        var request = Assert.Single(site.Sends.Requests);
        Assert.Contains($"/v1/projects/{TestKeys.Project}/messages:send", request.Headers, StringComparison.Ordinal);
        Assert.Contains("Bearer t1", request.Headers, StringComparison.Ordinal);
        Assert.Contains("x-goog-api-format-version", request.Headers, StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", request.Headers, StringComparison.Ordinal);
        Assert.Equal("device", (string?)JsonNode.Parse(request.Body)!["message"]!["token"]);
    }

    [Fact]
    public async Task The_token_is_fetched_once_for_many_pushes()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => site.SendAsync().AsTask()));

        Assert.All(outcomes, outcome => Assert.IsType<SendOutcome.Accepted>(outcome));
        Assert.Single(site.Tokens.Requests);
        Assert.Equal(1, site.Store.Reads);
    }

    [Fact]
    public async Task A_refused_access_token_is_fetched_anew_and_the_push_is_sent_again_once()
    {
        using var site = new Site([TokenReply.Token("t1"), TokenReply.Token("t2")], [unauthenticated, SendReply.Accepted]).Provisioned();

        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        Assert.Equal(["Bearer t1", "Bearer t2"], site.Sends.Requests.Select(r => r.Headers.Contains("Bearer t1", StringComparison.Ordinal) ? "Bearer t1" : "Bearer t2"));
    }

    [Fact]
    public async Task A_fresh_access_token_that_is_refused_too_is_a_credential_fault()
    {
        using var site = new Site([TokenReply.Token("t1"), TokenReply.Token("t2")], [unauthenticated]).Provisioned();

        Assert.Equal(CredentialFaults.AccessToken, Assert.IsType<SendOutcome.CredentialFault>(await site.SendAsync()).Code);
        Assert.Equal(2, site.Sends.Requests.Count);
    }

    public static TheoryData<int, string> Failures => new() { { 0, "RESET" }, { 1, "RESET" }, { 2, "CONNECTION" }, { 3, "UNREADABLE_ANSWER" }, { 4, "HTTP_502" } };

    [Theory, MemberData(nameof(Failures))]
    public async Task A_broken_answer_leaves_the_push_to_be_sent_again(int kind, string code)
    {
        SendReply[] replies = [SendReply.Reset, SendReply.GoAway, SendReply.Cut, new(200, "<html>"), new(502, "<html>")];
        using var site = new Site([TokenReply.Token("t1")], [replies[kind]]).Provisioned();

        Assert.Equal(code, Assert.IsType<SendOutcome.Unavailable>(await site.SendAsync()).Code);
    }

    /// <summary>Nobody has looked at it, so it is no second try: the same bytes go out on another connection within the same send.</summary>
    [Theory]
    [InlineData("GOAWAY")]
    [InlineData("REFUSED_STREAM")]
    public async Task A_request_that_the_peer_gives_back_unlooked_at_goes_out_again_at_once(string how)
    {
        using var site = new Site([TokenReply.Token("t1")], [how == "GOAWAY" ? SendReply.GoAwayUntouched : SendReply.Refused, SendReply.Accepted]).Provisioned();

        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync("device"));
        Assert.Equal(2, site.Sends.Requests.Count);
        Assert.Single(site.Sends.Requests.Select(r => r.Body).Distinct());
    }

    [Fact]
    public async Task Memory_that_serves_again_never_mixes_messages()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted, SendReply.Reset, SendReply.Accepted, SendReply.GoAwayUntouched, SendReply.Accepted]).Provisioned();
        await site.SendAsync("first");
        for (var round = 0; round < 20; round++) await Task.WhenAll(Enumerable.Range(0, 20).Select(i => site.SendAsync($"device-{round}-{new string('x', i * 40)}").AsTask()));

        var tokens = site.Sends.Requests.Select(r => (string)JsonNode.Parse(r.Body)!["message"]!["token"]!).ToList();
        Assert.Equal(401, tokens.Distinct().Count());
    }

    [Fact]
    public async Task After_a_broken_connection_the_next_push_finds_a_new_one()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Cut, SendReply.GoAway, SendReply.Accepted]).Provisioned();

        Assert.IsType<SendOutcome.Unavailable>(await site.SendAsync());
        Assert.IsType<SendOutcome.Unavailable>(await site.SendAsync());
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
    }

    [Fact]
    public async Task Nobody_listening_is_a_connection_failure()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        site.Sends.Dispose();

        await Site.Until(() => site.SendAsync().AsTask().GetAwaiter().GetResult() is SendOutcome.Unavailable { Code: "CONNECTION" or "REFUSED" });
    }

    [Fact]
    public async Task A_peer_that_speaks_no_TLS_is_a_TLS_failure()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        using var http = new FirebaseHttp(Microsoft.Extensions.Options.Options.Create(new FirebaseOptions()), site.Clock);
        using var request = new HttpRequestMessage(HttpMethod.Post, new UriBuilder(site.Sends.Address) { Scheme = "https" }.Uri);

        Assert.Equal(new WireAnswer.Failed("TLS"), await http.SendAsync(request, Site.Cancellation));
    }

    [Fact]
    public async Task Retry_After_comes_through()
    {
        using var site = new Site([TokenReply.Token("t1")], [new SendReply(503, """{"error":{"status":"UNAVAILABLE"}}""", ("retry-after", "42"))]).Provisioned();

        Assert.Equal(new SendOutcome.Unavailable("UNAVAILABLE", TimeSpan.FromSeconds(42)), await site.SendAsync());
    }
}
