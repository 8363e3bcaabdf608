using System.Text.Json;
using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>How long a send may take: a request at least ten seconds, everything together what the lease allows.</summary>
public sealed class FcmSenderTimeTests
{
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
}
