namespace Ringback.LoadGen.Auditing;

/// <summary>What the audit found, in the words of the requirements.</summary>
internal sealed record AuditReport
{
    /// <summary>Answered creates.</summary>
    public required int Callbacks { get; init; }

    /// <summary>Decided events, each for one target.</summary>
    public required int Decided { get; init; }

    /// <summary>Messages that the receiver accepted.</summary>
    public required int Arrived { get; init; }

    /// <summary>Answered creates without a timeline, and decided events with neither an arrival nor an expired or cancelled record.</summary>
    public required int Lost { get; init; }

    /// <summary>Two notificationIds for one (callback, event, round, target), or one event decided twice.</summary>
    public required int Doubled { get; init; }

    /// <summary>Messages accepted again under a notificationId that had been accepted: the extra ones.</summary>
    public required int Repeated { get; init; }

    /// <summary>Arrivals that no timeline accounts for.</summary>
    public required int Unfounded { get; init; }

    /// <summary>Arrived, but the timeline has no end for it: not recorded when the run ended.</summary>
    public required int Unrecorded { get; init; }

    /// <summary>Decided events that ended as expired.</summary>
    public required int Expired { get; init; }

    /// <summary>Decided events that ended as cancelled because a later one made them pointless.</summary>
    public required int Cancelled { get; init; }

    /// <summary>Callbacks whose CALLBACK_UPCOMING was not decided exactly once, although the EWT fell for all.</summary>
    public required int WithoutUpcoming { get; init; }

    /// <summary>The first of whatever is wrong.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    public bool IsClean => Lost + Doubled + Repeated + Unfounded == 0;
}
