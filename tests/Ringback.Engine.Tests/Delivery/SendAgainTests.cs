using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

/// <summary>Which push may be sent again, and as what.</summary>
public sealed class SendAgainTests
{
    private static readonly DateTimeOffset now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);
    private static readonly TenantId tenant = new(1);
    private static readonly Guid newId = Guid.CreateVersion7(now);

    [Theory]
    [InlineData(OutboxState.Accepted, null)]
    [InlineData(OutboxState.Rejected, null)]
    [InlineData(OutboxState.TargetForeign, null)]
    [InlineData(OutboxState.Pending, "waits to be sent already")]
    [InlineData(OutboxState.Cancelled, "pointless")]
    public void Only_what_went_out_or_was_refused_is_sent_again(OutboxState state, string? why) => Check(Push() with { State = state }, [], why);

    [Fact]
    public void Not_after_its_time_to_live() => Check(Push() with { Message = Message(expiresAt: now) }, [], "time to live passed");

    [Fact]
    public void Not_to_an_address_that_is_dead_or_erased()
    {
        Check(Push() with { Target = Push().Target! with { State = TargetState.Dead } }, [], "does not know the address");
        Check(Push() with { Target = Push().Target! with { Length = 0 } }, [], "erased");
        Check(Push() with { Target = null }, [], "erased");
    }

    [Fact]
    public void Not_once_a_later_event_was_decided_whatever_became_of_that_one()
    {
        Check(Push(), [Push(sequence: 6) with { State = OutboxState.Expired }], "later event");
        Check(Push(), [Push(sequence: 4), Push()], null);
    }

    [Fact]
    public void Not_while_an_earlier_wish_is_on_its_way()
    {
        Check(Push(), [Push(), Push() with { Round = -1, State = OutboxState.Pending }], "already");
        Check(Push(), [Push(), Push() with { Round = -1 }], null);
    }

    [Fact]
    public void It_has_an_id_of_its_own_the_sequence_and_expiry_of_the_first_and_a_round_that_no_decision_has()
    {
        var push = Push() with { Round = 3 };
        var row = SendAgain.Judge(tenant, push, [push], newId, now).Value;
        Assert.Equal((tenant, newId, -1, push.TargetOrdinal, null), (row.Tenant, row.Message.NotificationId, row.Round, row.TargetOrdinal, row.LeaseEndsAt));
        Assert.Equal(push.Message with { NotificationId = newId }, row.Message);
        Assert.Equal(-3, SendAgain.Judge(tenant, push, [push, push with { Round = -1 }, push with { Round = -2 }], newId, now).Value.Round);
        // Another event's wishes do not count.
        Assert.Equal(-1, SendAgain.Judge(tenant, push, [push with { Round = -4, Message = Message("CALLBACK_UPCOMING", 1) }], newId, now).Value.Round);
    }

    private static void Check(LoggedPush push, IReadOnlyList<LoggedPush> others, string? why)
    {
        var answer = SendAgain.Judge(tenant, push, others, newId, now);
        if (why is null) Assert.Null(answer.Fault);
        else Assert.Contains(why, answer.Fault!.Detail, StringComparison.Ordinal);
    }

    internal static LoggedPush Push(int sequence = 5) => new()
    {
        Message = Message(sequence: sequence),
        Round = 0,
        TargetOrdinal = 1,
        State = OutboxState.Accepted,
        Attempts = 1,
        Target = new MaskedTarget(PushTargetType.Token, "abcdef", 140, TargetState.Active),
    };

    internal static PushMessage Message(string name = "CALLBACK_PURGED", int sequence = 5, DateTimeOffset? expiresAt = null) => new()
    {
        Event = name,
        NotificationId = Guid.Empty,
        CallbackId = Guid.Empty,
        ServiceName = "support",
        Sequence = sequence,
        OccurredAt = now.AddMinutes(-1),
        ExpiresAt = expiresAt ?? now.AddTicks(1),
        Presentation = Presentation.Notification,
        Title = "t",
        Body = "b",
        Extra = [],
    };
}
