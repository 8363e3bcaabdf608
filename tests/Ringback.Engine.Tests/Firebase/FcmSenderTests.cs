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
    public async Task Silence_ends_with_the_time_out_of_the_settings_or_within_a_second_after_it()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Silence]).Provisioned();
        var send = site.SendAsync().AsTask();
        await Site.Until(() => !site.Sends.Requests.IsEmpty);

        site.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(send.IsCompleted);
        site.Clock.Advance(TimeSpan.FromSeconds(1.2));

        Assert.Equal(new SendOutcome.Unavailable("TIMEOUT", null), await send);
    }

    [Fact]
    public async Task A_send_that_begins_later_has_its_whole_time_although_an_earlier_one_shares_its_clock()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Silence]).Provisioned();
        var first = site.SendAsync().AsTask();
        await Site.Until(() => site.Sends.Requests.Count == 1);
        site.Clock.Advance(TimeSpan.FromSeconds(0.9));
        var sameSecond = site.SendAsync().AsTask();
        site.Clock.Advance(TimeSpan.FromSeconds(0.6));
        var later = site.SendAsync().AsTask();
        await Site.Until(() => site.Sends.Requests.Count == 3);

        site.Clock.Advance(TimeSpan.FromSeconds(9.4)); // 10.9 s, 10 s and 9.4 s have passed.
        Assert.False(sameSecond.IsCompleted || later.IsCompleted);
        site.Clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.IsType<SendOutcome.Unavailable>(await first);
        Assert.IsType<SendOutcome.Unavailable>(await sameSecond);
        Assert.False(later.IsCompleted);
        site.Clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.IsType<SendOutcome.Unavailable>(await later);
    }

    [Fact]
    public async Task Who_waits_less_for_a_message_of_their_own_than_the_time_out_is_answered_earlier()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Silence]).Provisioned();
        var message = new DirectMessage(new PushTarget(PushTargetType.Token, "t"), JsonSerializer.SerializeToElement(new { }), ValidateOnly: false);
        var send = site.Sender.SendAsync(Site.Tenant, message, TimeSpan.FromSeconds(3), Site.Cancellation).AsTask();
        await Site.Until(() => !site.Sends.Requests.IsEmpty);

        site.Clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(send.IsCompleted);
        site.Clock.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(new SendOutcome.Unavailable("TIMEOUT", null), await send);
    }

    [Fact]
    public async Task A_request_has_ten_seconds_however_long_its_token_took()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Silence]).Provisioned();
        site.Tokens.Gate = new TaskCompletionSource();
        var send = site.SendAsync(patience: TimeSpan.FromSeconds(20)).AsTask();
        await Site.Until(() => !site.Tokens.Requests.IsEmpty);
        site.Clock.Advance(TimeSpan.FromSeconds(9.5));
        site.Tokens.Gate.SetResult();
        await Site.Until(() => !site.Sends.Requests.IsEmpty);

        site.Clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(send.IsCompleted);
        site.Clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(new SendOutcome.Unavailable("TIMEOUT", null), await Site.Ends(send));
    }

    [Fact]
    public async Task A_refused_access_token_is_fetched_anew_but_nothing_is_sent_again_where_less_than_ten_seconds_would_be_left_for_it()
    {
        using var site = new Site([TokenReply.Token("t1"), TokenReply.Token("t2")], [SendReply.HeldUnauthenticated, SendReply.Accepted]).Provisioned();
        var send = site.SendAsync(patience: TimeSpan.FromSeconds(15)).AsTask();
        await Site.Until(() => !site.Sends.Requests.IsEmpty);
        site.Clock.Advance(TimeSpan.FromSeconds(6));
        site.Sends.Gate.SetResult();

        // No fault of the credentials: nobody knows yet what becomes of a fresh token.
        Assert.Equal(new SendOutcome.Unavailable("TIMEOUT", null), await Site.Ends(send));
        Assert.Single(site.Sends.Requests);
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        Assert.Contains("Bearer t2", site.Sends.Requests.Last().Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_endpoint_that_is_silent_ends_with_what_a_request_needs_and_nothing_is_sent()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();
        site.Tokens.Gate = new TaskCompletionSource();
        var send = site.SendAsync(patience: TimeSpan.FromSeconds(13)).AsTask();
        await Site.Until(() => !site.Tokens.Requests.IsEmpty);

        site.Clock.Advance(TimeSpan.FromSeconds(3.1));

        Assert.Equal(new SendOutcome.Unavailable("TIMEOUT", null), await Site.Ends(send));
        Assert.Empty(site.Sends.Requests);
    }

    [Fact]
    public async Task The_callers_cancellation_is_the_one_exception()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Silence]).Provisioned();
        using var stop = new CancellationTokenSource();
        await site.Credentials.GetAsync(Site.Tenant, Site.Cancellation);
        var message = new PushMessage
        {
            Event = "E",
            NotificationId = Guid.Empty,
            CallbackId = Guid.Empty,
            ServiceName = "s",
            Sequence = 1,
            OccurredAt = site.Clock.GetUtcNow(),
            ExpiresAt = site.Clock.GetUtcNow(),
            Presentation = Presentation.Data,
            Title = "",
            Body = "",
            Extra = [],
        };
        var send = site.Sender.SendAsync(Site.Tenant, message, new PushTarget(PushTargetType.Token, "t"), TimeSpan.FromSeconds(25), stop.Token).AsTask();
        await Site.Until(() => !site.Sends.Requests.IsEmpty);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send);
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

    [Fact]
    public async Task Without_credentials_and_with_sealed_ones_nothing_is_sent_and_the_reason_is_named()
    {
        using var none = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        using var locked = new Site([TokenReply.Token("t1")], [SendReply.Accepted], TestKeys.MasterKey(2));
        locked.Store.Row = TestKeys.Stored(new CredentialSeal(TestKeys.MasterKey(1)));

        Assert.Equal(CredentialFaults.Missing, Assert.IsType<SendOutcome.CredentialFault>(await none.SendAsync()).Code);
        Assert.Equal(CredentialFaults.Sealed, Assert.IsType<SendOutcome.CredentialFault>(await locked.SendAsync()).Code);
        Assert.Empty(none.Tokens.Requests);
        Assert.Contains("No Firebase credentials", await none.Service.StatusAsync(Site.Tenant, Site.Cancellation), StringComparison.Ordinal);
        Assert.Contains("master key", await locked.Service.StatusAsync(Site.Tenant, Site.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_made_by_another_node_is_in_force_after_30_seconds_and_announced()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        List<TenantId> announced = [];
        site.Service.Changed += announced.Add;
        Assert.IsType<SendOutcome.CredentialFault>(await site.SendAsync());
        site.Provisioned();
        Assert.IsType<SendOutcome.CredentialFault>(await site.SendAsync());

        site.Clock.Advance(Ringback.Engine.Firebase.Credentials.MaxAge);

        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        Assert.Equal([Site.Tenant], announced);
    }

    [Fact]
    public async Task While_the_database_is_away_the_known_credentials_go_on()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();
        await site.SendAsync();
        site.Store.IsDown = true;
        site.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        site.Credentials.Invalidate(Site.App);
        Assert.Equal(new SendOutcome.Unavailable("CREDENTIAL_STORE", null), await site.SendAsync());
        site.Store.IsDown = false;
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
    }

    [Fact]
    public async Task A_reread_of_the_same_version_keeps_its_token()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();
        await site.SendAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.SendAsync();

        Assert.Equal(2, site.Store.Reads);
        Assert.Single(site.Tokens.Requests);
    }
}
