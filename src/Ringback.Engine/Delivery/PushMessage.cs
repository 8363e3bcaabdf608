namespace Ringback.Engine.Delivery;

/// <summary>What kind of address a push target is.</summary>
public enum PushTargetType
{
    /// <summary>An FCM registration token.</summary>
    Token,

    /// <summary>A Firebase installation id, the successor of the token.</summary>
    Fid,
}

/// <summary>Where a push goes: one app on one device. The address is as secret as a password and never logged.</summary>
/// <param name="Type">Kind of address.</param>
/// <param name="Address">The token or installation id, at most 4096 bytes.</param>
public sealed record PushTarget(PushTargetType Type, string Address)
{
    /// <summary>The kind only; the address never reaches a log.</summary>
    public override string ToString() => $"{Type} [redacted]";
}

/// <summary>
/// What one push says, whatever carries it: stored in the outbox as it was decided, so that every resend says the same.
/// </summary>
public sealed record PushMessage
{
    /// <summary>The event, such as <c>CALLBACK_UPCOMING</c>.</summary>
    public required string Event { get; init; }

    /// <summary>Id of this notification, the same on every resend.</summary>
    public required Guid NotificationId { get; init; }

    /// <summary>The callback that the push is about.</summary>
    public required Guid CallbackId { get; init; }

    /// <summary>Name of the queue.</summary>
    public required string ServiceName { get; init; }

    /// <summary>Grows by one with every event of the callback: an app drops an older one that arrives late.</summary>
    public required int Sequence { get; init; }

    /// <summary>When the event was decided.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>When the push loses its meaning; never sent afterwards.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Who shows it.</summary>
    public required Presentation Presentation { get; init; }

    /// <summary>Heading in the customer's language.</summary>
    public required string Title { get; init; }

    /// <summary>Text in the customer's language.</summary>
    public required string Body { get; init; }

    /// <summary>Name of the app within the tenant whose credentials send it; null: the default one. Kept as it was decided, since the targets belong to that app.</summary>
    public string? App { get; init; }

    /// <summary>The data that belong to this event alone, in the order of push-events.md.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Extra { get; init; }

    /// <summary>Whether an Apple device must wake the app: READY and CALL_IN do.</summary>
    public bool WakesApp { get; init; }
}
