using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

/// <summary>Why a push waits, and how much of an address anybody sees.</summary>
public sealed class PushWaitTests
{
    private static readonly DateTimeOffset now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly LaneStatus quiet = new(CredentialKey.DefaultOf(new TenantId(1)), 0, 0, CircuitState.Closed, null, null, 1_000, 10_000);
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
        var only = Assert.Single(PushWait.Of(push, quiet, now));
        Assert.Equal((reason, now.AddSeconds(9)), (only.Code, only.Until));
        if (code != "credential.awaited") Assert.Contains(code, only.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circuit_says_what_is_refused_and_when_the_next_probe_goes_out()
    {
        var open = Assert.Single(PushWait.Of(due, quiet with { Circuit = CircuitState.Open, CircuitCode = "credential.api_disabled", OpenUntil = now.AddSeconds(20) }, now));
        Assert.Equal(("CREDENTIALS", now.AddSeconds(20)), (open.Code, open.Until));
        Assert.Contains("credential.api_disabled", open.Text, StringComparison.Ordinal);
        Assert.Null(Assert.Single(PushWait.Of(due, quiet with { Circuit = CircuitState.Probing, CircuitCode = "credential.api_disabled" }, now)).Until);
    }

    [Fact]
    public void What_a_process_holds_is_under_way_until_the_lease_ends()
    {
        var leased = due with { IsLeased = true, NextAt = now.AddSeconds(30) };
        Assert.Equal(["UNDER_WAY", "RATE"], PushWait.Of(leased, quiet with { Waiting = 4 }, now).Select(r => r.Code));
        // The holder is gone: anybody may take it.
        Assert.Equal(["DUE"], PushWait.Of(leased with { NextAt = now }, quiet, now).Select(r => r.Code));
    }

    [Fact]
    public void A_push_that_is_over_waits_for_nothing_and_one_past_its_time_only_for_its_record()
    {
        Assert.Empty(PushWait.Of(due with { State = OutboxState.Accepted }, quiet with { Circuit = CircuitState.Open, CircuitCode = "x", OpenUntil = now.AddSeconds(1) }, now));
        Assert.Equal(["EXPIRED"], PushWait.Of(due with { Message = SendAgainTests.Message(expiresAt: now) }, quiet, now).Select(r => r.Code));
        Assert.Equal(["DUE"], PushWait.Of(due, null, now).Select(r => r.Code));
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
