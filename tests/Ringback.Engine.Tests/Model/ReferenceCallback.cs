using Ringback.Engine.Callbacks;

namespace Ringback.Engine.Tests.Model;

/// <summary>A callback as the reference model knows it: what was asked for, and what has happened since.</summary>
internal sealed class ReferenceCallback
{
    public required Guid Id { get; init; }

    public required string Number { get; init; }

    public required int Targets { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DesiredAt { get; set; }

    /// <summary>Place in line: arrival, moved by priority (rule D2).</summary>
    public required DateTimeOffset Place { get; set; }

    public required CallbackState State { get; set; }

    public CompletionReason? Reason { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>How many reports the queue had taken as it arrived in line.</summary>
    public int ReportsAtArrival { get; set; }

    /// <summary>Until when it waits for a retry or a snooze.</summary>
    public DateTimeOffset? PausedUntil { get; set; }

    /// <summary>What every attempt met, in order.</summary>
    public List<AttemptOutcome> Met { get; } = [];

    /// <summary>Whether UPCOMING is out of the question for ever, because the wait was low at create (rule B2).</summary>
    public bool LowAtCreate { get; set; }

    /// <summary>Whether UPCOMING was held back for want of time, since it has its present desired time.</summary>
    public bool HeldBack { get; set; }

    /// <summary>Reasons for which UPCOMING was held back, in order.</summary>
    public List<string> Suppressed { get; } = [];

    /// <summary>How often it was moved to another opening.</summary>
    public int Reschedules { get; set; }

    /// <summary>How many of <see cref="Met"/> came before it was last moved.</summary>
    public int MetBeforeMove { get; set; }

    public int ReadyRound { get; set; }

    /// <summary>How many READY have run out (rule B4).</summary>
    public int ReadyExpired { get; set; }

    public DateTimeOffset? ReadyEndsAt { get; set; }

    public DateTimeOffset? ProcessingSince { get; set; }

    /// <summary>The call-in data of the present READY.</summary>
    public ReferenceCallIn? CallIn { get; set; }

    /// <summary>Stands in line, and so is ahead of those behind it.</summary>
    public bool Stands => State == CallbackState.Queued && PausedUntil is null;

    public bool IsOver => State == CallbackState.Completed;

    /// <summary>Attempts that count: all but those that never left the centre (rule D6).</summary>
    public int AttemptsMade => Met.Count(met => met is not (AttemptOutcome.TrunkError or AttemptOutcome.NotDialled or AttemptOutcome.Completed));

    /// <summary>Trunk errors since an attempt last reached the network (rule D6), or since it was moved.</summary>
    public int TrunkErrorsInRow => Met.Skip(MetBeforeMove).Reverse().Where(met => met != AttemptOutcome.NotDialled).TakeWhile(met => met == AttemptOutcome.TrunkError).Count();
}

/// <summary>An attempt as the reference model knows it.</summary>
internal sealed class ReferenceAttempt
{
    public required Guid Id { get; init; }

    public required ReferenceCallback Callback { get; init; }

    public required string Agent { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LeaseEndsAt { get; set; }

    public AttemptState State { get; set; }

    public AttemptOutcome? Outcome { get; set; }

    /// <summary>What the outcome was answered with.</summary>
    public string? Answer { get; set; }
}

/// <summary>Call-in data that were given out.</summary>
internal sealed class ReferenceCallIn
{
    public required Guid Id { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>What became of a decided event.</summary>
internal enum Fate
{
    /// <summary>Not sent yet.</summary>
    Waits,

    /// <summary>Sent.</summary>
    Sent,

    /// <summary>A later event made it pointless first.</summary>
    Withdrawn,
}

/// <summary>A decided event, for all targets that its callback had at the time.</summary>
internal sealed class ReferenceEvent
{
    public required ReferenceCallback Callback { get; init; }

    public required string Name { get; init; }

    public required int Round { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What became of it, by slot.</summary>
    public required Fate[] Fates { get; init; }
}
