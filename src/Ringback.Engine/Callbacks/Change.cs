using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>
/// One thing that a command changed in memory and that is to be written. The changes of a command are written in order, and together or not at all; only where one
/// reaches very many callbacks, they are written in <see cref="ChangeParts"/>.
/// </summary>
public abstract record Change
{
    private Change()
    {
    }

    /// <summary>A new callback with its targets.</summary>
    public sealed record CallbackCreated(CallbackRecord Callback, CallbackDetails Details, IReadOnlyList<PushTarget> Targets) : Change;

    /// <summary>The push targets of a callback by slot, which is the ordinal of the outbox; an empty slot is out of use from now on.</summary>
    public sealed record TargetsReplaced(Guid CallbackId, IReadOnlyList<PushTarget?> Slots) : Change;

    /// <summary>A callback's present state.</summary>
    public sealed record CallbackChanged(CallbackRecord Callback) : Change;

    /// <summary>A line of the callback's timeline (rule D10).</summary>
    public sealed record TimelineAdded(Guid CallbackId, TimelineEntry Entry) : Change;

    /// <summary>An event for one target: the outbox row.</summary>
    public sealed record PushDecided(OutboxRow Row) : Change;

    /// <summary>Pushes of these events that nobody has claimed yet have lost their meaning.</summary>
    public sealed record PushesWithdrawn(Guid CallbackId, IReadOnlyList<string> Events) : Change;

    /// <summary>A new attempt, or the present state of one.</summary>
    public sealed record AttemptSaved(AttemptRecord Attempt) : Change;

    /// <summary>Call-in data was given out, or used.</summary>
    public sealed record CallInSaved(CallInRecord CallIn) : Change;

    /// <summary>A report changed the live side of the queue.</summary>
    public sealed record LiveStateChanged(LiveState Live) : Change;

    /// <summary>The queue's settings changed.</summary>
    public sealed record SettingsChanged(QueueSettings Settings, int Version, string ChangedBy, DateTimeOffset At) : Change;

    /// <summary>The queue is no more; its row and its history stay. A pause of its pushes ends with it.</summary>
    public sealed record QueueDeleted(string Name, int Version, string DeletedBy, DateTimeOffset At) : Change;
}

/// <summary>One line of a timeline.</summary>
/// <param name="Sequence">Grows by one per callback.</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind">What happened, such as <c>created</c> or <c>push.suppressed</c>.</param>
/// <param name="Detail">The figures of the decision; never a phone number, user data or token.</param>
public sealed record TimelineEntry(int Sequence, DateTimeOffset At, string Kind, IReadOnlyDictionary<string, object?> Detail);

/// <summary>Call-in data that a customer was given.</summary>
public sealed record CallInRecord
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The callback it belongs to, if any.</summary>
    public Guid? CallbackId { get; init; }

    /// <summary>Group whose number is dialled.</summary>
    public required string GroupName { get; init; }

    /// <summary>Number to dial.</summary>
    public required string ToPhoneNumber { get; init; }

    /// <summary>Number that the customer will call from, if told.</summary>
    public string? FromPhoneNumber { get; init; }

    /// <summary>Digits to enter, if the group uses codes.</summary>
    public string? AccessCode { get; init; }

    /// <summary>App data of the request, a JSON object. Never logged.</summary>
    public string? UserDataJson { get; init; }

    /// <summary>When it was given out.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the customer's call was matched to it.</summary>
    public DateTimeOffset? MatchedAt { get; init; }
}
