using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>A callback in its owner's memory. 100 000 of these in one queue are normal: what the rules do not need stays in the database.</summary>
internal sealed class Callback
{
    public required Guid Id { get; init; }

    public required string PhoneNumber { get; init; }

    public required string Language { get; init; }

    public required int TargetCount { get; set; }

    public required bool Scheduled { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DesiredAt { get; set; }

    /// <summary>Kept across retries (rule D2); in the line only while the callback stands there.</summary>
    public required LinePlace Place { get; set; }

    public CallbackState State { get; set; }

    public CompletionReason? Reason { get; set; }

    public DateTimeOffset? ReturnsAt { get; set; }

    public int AttemptsMade { get; set; }

    public int TrunkErrorsInRow { get; set; }

    public UpcomingStatus Upcoming { get; set; }

    public int ReadyRound { get; set; }

    public DateTimeOffset? ReadyEndsAt { get; set; }

    public DateTimeOffset? ProcessingSince { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public int EventSequence { get; set; }

    public int TimelineSequence { get; set; }

    public int Reschedules { get; set; }

    /// <summary>The attempt that is not over, if any.</summary>
    public AttemptRecord? Attempt { get; set; }

    /// <summary>The newest call-in data given out, if any.</summary>
    public CallInRecord? CallIn { get; set; }

    /// <summary>Only the entry of the due queue that carries this number counts; older ones are leftovers.</summary>
    public int DueStamp { get; set; }

    /// <summary>Whether the clock has brought a scheduled callback below the threshold once; from then on only changes do.</summary>
    public bool ThresholdWakeDone { get; set; }

    /// <summary>Whether this owner has noted that the customer confirmed; another owner may note it once more.</summary>
    public bool Confirmed { get; set; }

    /// <summary>Whether it counts against the capacity of the slot of its desired time: immediate ones do not.</summary>
    public bool HoldsSlot => State != CallbackState.Completed && (Scheduled || DesiredAt != CreatedAt);

    /// <summary>Whether UPCOMING is still to be judged.</summary>
    public bool AwaitsUpcoming => Upcoming is UpcomingStatus.Undecided or UpcomingStatus.NoTime;

    /// <summary>Gives the callback another desired time, from which everything counts anew: its place, its longest time and whether there is time enough.</summary>
    public void ArriveAnewAt(DateTimeOffset at)
    {
        // Whatever priority has moved the place by, it moves the new one by.
        Place = new LinePlace(Id, at.ToMicroseconds() - (DesiredAt.ToMicroseconds() - Place.SortKey)) { LiveTicket = Place.LiveTicket };
        (DesiredAt, ReturnsAt, ReadyEndsAt, TrunkErrorsInRow, ThresholdWakeDone, CallIn) = (at, null, null, 0, false, null);
        if (Upcoming == UpcomingStatus.NoTime) Upcoming = UpcomingStatus.Undecided;
    }

    public static Callback From(CallbackRecord r) => new()
    {
        Id = r.Id,
        PhoneNumber = r.PhoneNumber,
        Language = SharedText.Of(r.Language),
        TargetCount = r.TargetCount,
        Scheduled = r.Scheduled,
        CreatedAt = r.CreatedAt,
        DesiredAt = r.DesiredAt,
        Place = new LinePlace(r.Id, r.SortKey) { LiveTicket = r.LiveTicket },
        State = r.State,
        Reason = r.Reason,
        ReturnsAt = r.ReturnsAt,
        AttemptsMade = r.AttemptsMade,
        TrunkErrorsInRow = r.TrunkErrorsInRow,
        Upcoming = r.Upcoming,
        ReadyRound = r.ReadyRound,
        ReadyEndsAt = r.ReadyEndsAt,
        ProcessingSince = r.ProcessingSince,
        CompletedAt = r.CompletedAt,
        EventSequence = r.EventSequence,
        TimelineSequence = r.TimelineSequence,
        Reschedules = r.Reschedules,
    };

    public CallbackRecord ToRecord() => new()
    {
        Id = Id,
        State = State,
        Reason = Reason,
        PhoneNumber = PhoneNumber,
        Language = Language,
        TargetCount = TargetCount,
        Scheduled = Scheduled,
        CreatedAt = CreatedAt,
        DesiredAt = DesiredAt,
        SortKey = Place.SortKey,
        LiveTicket = Place.LiveTicket,
        ReturnsAt = ReturnsAt,
        AttemptsMade = AttemptsMade,
        TrunkErrorsInRow = TrunkErrorsInRow,
        Upcoming = Upcoming,
        ReadyRound = ReadyRound,
        ReadyEndsAt = ReadyEndsAt,
        ProcessingSince = ProcessingSince,
        CompletedAt = CompletedAt,
        EventSequence = EventSequence,
        TimelineSequence = TimelineSequence,
        Reschedules = Reschedules,
    };
}
