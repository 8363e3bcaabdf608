namespace Ringback.Engine.Delivery;

/// <summary>
/// Sends a push again because somebody wants it. The new push has a notificationId of its own, or apps would drop it as a repetition, and the sequence of the first one, or they would take it for a later event. Its
/// round is below 0, so it is no second decision of the event: <i>doubled</i> stays what must never be. Pure.
/// </summary>
public static class SendAgain
{
    /// <summary>The row to add, or why not.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="push">What to send again.</param>
    /// <param name="others">All pushes to the same target of the same callback.</param>
    /// <param name="newId">Id of the new push.</param>
    /// <param name="now">The present.</param>
    public static Answer<OutboxRow> Judge(TenantId tenant, LoggedPush push, IReadOnlyList<LoggedPush> others, Guid newId, DateTimeOffset now)
    {
        if (Refusal(push, others, now) is { } why) return Problems.PushStateConflict.With(why);
        var again = others.Where(o => o.Message.Event == push.Message.Event).Select(o => o.Round).Append(0).Min() - 1;
        return new OutboxRow { Tenant = tenant, Round = again, TargetOrdinal = push.TargetOrdinal, Message = push.Message with { NotificationId = newId } };
    }

    /// <summary>Why a push cannot be sent again, for who asks; null where it can.</summary>
    public static string? Refusal(LoggedPush push, IReadOnlyList<LoggedPush> others, DateTimeOffset now) => push switch
    {
        { State: OutboxState.Pending } => "It waits to be sent already.",
        { State: OutboxState.Cancelled } => "A later event made it pointless.",
        { Target: null or { Length: 0 } } => "Its address was erased.",
        { Target.State: TargetState.Dead } => "Firebase does not know the address any more.",
        _ when now >= push.Message.ExpiresAt => $"Its time to live passed at {WireTime.Of(push.Message.ExpiresAt)}: it would tell what is no longer so.",
        _ when others.Any(o => o.Message.Sequence > push.Message.Sequence) => "A later event of the callback has been decided, so apps would drop this one.",
        _ when others.Any(o => o.State == OutboxState.Pending && o.Message.Event == push.Message.Event) => "It is being sent again already.",
        _ => null,
    };
}
