using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>One HTTP/2 request a message over few connections, whose life is bounded (fcm.md). The endpoint allows 100 streams on a connection, as FCM does.</summary>
public sealed class FcmConnectionTests
{
    [Theory, Trait("Rule", "B10")]
    [InlineData(50, 1)]
    [InlineData(150, 2)]
    public async Task A_further_connection_is_made_only_when_streams_run_out(int sends, int connections)
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted, SendReply.Held]).Provisioned();
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        var waiting = Enumerable.Range(0, sends).Select(i => site.SendAsync($"device-{i}").AsTask()).ToList();
        await Site.Until(() => site.Sends.Requests.Count == 1 + sends);
        Assert.Equal(connections, site.Sends.Connections);

        site.Sends.Gate.SetResult();
        Assert.All(await Task.WhenAll(waiting), outcome => Assert.IsType<SendOutcome.Accepted>(outcome));
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        Assert.Equal(connections, site.Sends.Connections);
        Assert.Equal(sends + 2, site.Sends.Requests.Count);
    }

    /// <summary>The handler counts a connection's age by its own clock, so this waits in real time until the next send finds it too old.</summary>
    [Fact, Trait("Rule", "B10")]
    public async Task A_connection_that_is_old_is_left_for_a_new_one_and_what_is_on_its_way_over_it_is_answered_still()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Held, SendReply.Accepted], connectionLifetime: TimeSpan.FromMilliseconds(200)).Provisioned();
        var early = site.SendAsync("early").AsTask();
        await Site.Until(() => !site.Sends.Requests.IsEmpty);
        var sent = 1;
        await Site.Until(() =>
        {
            Assert.IsType<SendOutcome.Accepted>(site.SendAsync($"device-{sent++}").AsTask().GetAwaiter().GetResult());
            return site.Sends.Requests.Last().Connection > 1;
        });
        Assert.False(early.IsCompleted);
        site.Sends.Gate.SetResult();

        Assert.IsType<SendOutcome.Accepted>(await early);
        Assert.Equal(sent, site.Sends.Requests.Select(r => r.Body).Distinct().Count());
        Assert.Equal(sent, site.Sends.Requests.Count);
    }
}
