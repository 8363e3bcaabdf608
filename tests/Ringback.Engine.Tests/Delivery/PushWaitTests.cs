using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

/// <summary>Why a push waits, and how much of an address anybody sees.</summary>
public sealed class PushWaitTests
{
    private static readonly DateTimeOffset now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly LaneStatus quiet = new(CredentialKey.DefaultOf(new TenantId(1)), 0, 0, CircuitState.Closed, null, null, 1_000, 10_000, false);
    private static readonly LoggedPush due = SendAgainTests.Push() with { State = OutboxState.Pending, NextAt = now, Message = SendAgainTests.Message(expiresAt: now.AddMinutes(5)) };

    public static TheoryData<string, string> Codes => new()
    {
        { "UNAVAILABLE", "BACK_OFF" }, { "TIMEOUT", "BACK_OFF" }, { "QUOTA_EXCEEDED", "QUOTA" }, { "RESOURCE_EXHAUSTED", "QUOTA" }, { "HTTP_429", "QUOTA" }, { "credential.awaited", "CREDENTIALS" },
    };

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_push_that_is_put_off_says_after_what_and_until_when(string code, string reason)
    {
        var push = due with { NextAt = now.AddSeconds(9), LastCode = code };
        var only = Assert.Single(PushWait.Of(push, quiet, null, now));
        Assert.Equal((reason, now.AddSeconds(9)), (only.Code, only.Until));
        if (code != "credential.awaited") Assert.Contains(code, only.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "all pushes")]
    [InlineData("support", "the queue support")]
    public void A_push_that_a_pause_holds_says_who_paused_what_and_since_when_and_not_that_it_is_put_off(string queue, string what)
    {
        var held = due with { NextAt = due.Message.ExpiresAt, LastCode = DeliveryPauses.Code };
        var pause = new DeliveryPause(new TenantId(1), queue, now.AddMinutes(-3), "Ada");
        var only = Assert.Single(PushWait.Of(held, quiet, pause, now));
        Assert.Equal(("PAUSED", null), (only.Code, only.Until));
        Assert.All((string[])["Ada", what, "2026-11-23T09:57:00.000Z"], part => Assert.Contains(part, only.Text, StringComparison.Ordinal));
        // The pause is over, and its end makes the push due at any moment.
        Assert.Equal(["DUE"], PushWait.Of(held, quiet, null, now).Select(r => r.Code));
        // What the pause has not met yet waits for both.
        Assert.Equal(["PAUSED", "BACK_OFF"], PushWait.Of(held with { LastCode = "UNAVAILABLE" }, quiet, pause, now).Select(r => r.Code));
    }

    [Fact]
    public void A_circuit_says_what_is_refused_and_when_the_next_probe_goes_out()
    {
        var open = Assert.Single(PushWait.Of(due, quiet with { Circuit = CircuitState.Open, CircuitCode = "credential.api_disabled", OpenUntil = now.AddSeconds(20) }, null, now));
        Assert.Equal(("CREDENTIALS", now.AddSeconds(20)), (open.Code, open.Until));
        Assert.Contains("credential.api_disabled", open.Text, StringComparison.Ordinal);
        Assert.Null(Assert.Single(PushWait.Of(due, quiet with { Circuit = CircuitState.Probing, CircuitCode = "credential.api_disabled" }, null, now)).Until);
    }

    [Fact]
    public void What_a_process_holds_is_under_way_until_the_lease_ends()
    {
        var leased = due with { IsLeased = true, NextAt = now.AddSeconds(30) };
        Assert.Equal(["UNDER_WAY", "RATE"], PushWait.Of(leased, quiet with { Waiting = 4 }, null, now).Select(r => r.Code));
        // The holder is gone: anybody may take it.
        Assert.Equal(["DUE"], PushWait.Of(leased with { NextAt = now }, quiet, null, now).Select(r => r.Code));
    }

    [Fact]
    public void A_push_that_is_over_waits_for_nothing_and_one_past_its_time_only_for_its_record()
    {
        Assert.Empty(PushWait.Of(due with { State = OutboxState.Accepted }, quiet with { Circuit = CircuitState.Open, CircuitCode = "x", OpenUntil = now.AddSeconds(1) }, null, now));
        Assert.Equal(["EXPIRED"], PushWait.Of(due with { Message = SendAgainTests.Message(expiresAt: now) }, quiet, null, now).Select(r => r.Code));
        Assert.Equal(["DUE"], PushWait.Of(due, null, null, now).Select(r => r.Code));
    }

    [Theory]
    [InlineData("", 0, "…")]
    [InlineData("abc", 3, "…")]
    [InlineData("phone-", 8, "ph…")]
    [InlineData("marked", 22, "marke…")]
    [InlineData("dQw4w9", 163, "dQw4w9…")]
    public void Of_an_address_a_quarter_and_at_most_six_characters_are_shown(string beginning, int length, string shown) =>
        Assert.Equal(shown, new MaskedTarget(PushTargetType.Token, beginning, length, TargetState.Active).Address);
}
