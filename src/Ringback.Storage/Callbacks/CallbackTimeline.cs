using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Storage.Delivery;

namespace Ringback.Storage.Callbacks;

/// <summary>Joins what the owner decided with what delivery met. Delivery never writes to the timeline, so that it needs no part in the owner's fence.</summary>
internal static class CallbackTimeline
{
    public static TimelineEntry ReadEntry(Row row) => new(row.Int(), row.At(), row.Text(), CallbackJson.ReadDetail(row.Text()));

    /// <summary>One push as far as it has come. Its sequence is given by <see cref="Merge"/>.</summary>
    public static TimelineEntry ReadFact(Row row)
    {
        var detail = new Dictionary<string, object?> { ["event"] = row.Text() };
        // Below 0 it is no round of the event: somebody sent it again.
        var round = row.Int();
        detail[round < 0 ? "sentAgain" : "round"] = (long)Math.Abs(round);
        detail["target"] = (long)row.Int();
        var kind = Kind((OutboxState)row.Int());
        detail["attempts"] = (long)row.Int();
        if (row.TextOrNull() is { } code) detail["code"] = code;
        return new TimelineEntry(0, row.At(), kind, detail);
    }

    /// <summary>
    /// In order of time; at the same instant the decision stands before what came of it. The numbers are those of the whole, so one that is read
    /// while a push is under way may be another's later.
    /// </summary>
    public static IReadOnlyList<TimelineEntry> Merge(IReadOnlyList<TimelineEntry> entries, IReadOnlyList<TimelineEntry> facts) =>
        [.. entries.Concat(facts).OrderBy(e => e.At).Select((e, i) => e with { Sequence = i + 1 })];

    private static string Kind(OutboxState state) => state switch
    {
        OutboxState.Pending => "push.retrying",
        OutboxState.Accepted => "push.accepted",
        OutboxState.Expired => "push.expired",
        OutboxState.Cancelled => "push.cancelled",
        OutboxState.TargetDead => "push.target_dead",
        OutboxState.TargetForeign => "push.target_foreign",
        OutboxState.Rejected => "push.rejected",
        OutboxState.TargetSuspect => "push.target_suspect",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };
}
