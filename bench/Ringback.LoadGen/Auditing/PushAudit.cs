using Ringback.LoadGen.Receiving;

namespace Ringback.LoadGen.Auditing;

/// <summary>
/// Holds what a server says it decided against what a receiver took, both from outside. The words are those of the requirements ("Words for tests").
/// Stricter than they ask in one point: an event whose push was refused for good counts as lost, because here every target is willing.
/// </summary>
internal static class PushAudit
{
    private const int ExamplesKept = 20;
    private static readonly string[] excuses = ["push.expired", "push.cancelled"];

    public static AuditReport Judge(IReadOnlyCollection<KnownCallback> known, IReadOnlyCollection<CallbackTimeline> timelines, IReadOnlyCollection<Arrival> arrivals)
    {
        var examples = new List<string>();
        var places = arrivals.ToLookup(a => (a.CallbackId, a.Event, a.Sequence, a.Token));
        var byId = timelines.ToDictionary(t => t.CallbackId);
        var founded = new HashSet<(Guid, string, int, string)>();
        var (lost, doubled, unrecorded, expired, cancelled, withoutUpcoming) = (0, 0, 0, 0, 0, 0);
        foreach (var twice in known.GroupBy(k => k.Id).Where(g => g.Count() > 1)) Note(ref lost, $"{twice.Key}: {twice.Count()} creates were answered with this id");
        foreach (var callback in known.DistinctBy(k => k.Id))
        {
            if (!byId.TryGetValue(callback.Id, out var timeline) || timeline.Status != 200)
            {
                Note(ref lost, $"{callback.Id}: its create was answered, its timeline is {timeline?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}");
                continue;
            }
            foreach (var twice in timeline.Decided.GroupBy(d => (d.Event, d.Round)).Where(g => g.Count() > 1)) Note(ref doubled, $"{callback.Id}: {twice.Key} was decided {twice.Count()} times");
            foreach (var twice in timeline.Decided.GroupBy(d => d.Sequence).Where(g => g.Count() > 1)) Note(ref doubled, $"{callback.Id}: sequence {twice.Key} was given {twice.Count()} times");
            if (timeline.Decided.Count(d => d.Event == Arrival.Upcoming) != 1) withoutUpcoming++;
            foreach (var decision in timeline.Decided)
            {
                var place = (callback.Id, decision.Event, decision.Sequence, callback.Token);
                founded.Add(place);
                var ids = places[place].Select(a => a.NotificationId).Distinct().Count();
                var end = timeline.Ends.GetValueOrDefault((decision.Event, decision.Round));
                if (ids > 1) Note(ref doubled, $"{place} has {ids} notificationIds");
                if (ids == 0 && !excuses.Contains(end)) Note(ref lost, $"{place} never arrived; the timeline says {end ?? "nothing"}");
                if (ids > 0 && end is null) unrecorded++;
                if (end == "push.expired") expired++;
                if (end == "push.cancelled") cancelled++;
            }
        }
        var (unfounded, repeated) = (0, 0);
        foreach (var arrival in arrivals.Where(a => !founded.Contains((a.CallbackId, a.Event, a.Sequence, a.Token)))) Note(ref unfounded, $"{arrival} arrived and was never decided");
        foreach (var same in arrivals.GroupBy(a => a.NotificationId).Where(g => g.Count() > 1))
        {
            for (var extra = 1; extra < same.Count(); extra++) Note(ref repeated, $"{same.Key} of {same.First().CallbackId} arrived {same.Count()} times");
        }
        return new AuditReport
        {
            Callbacks = known.Count,
            Decided = timelines.Sum(t => t.Decided.Count),
            Arrived = arrivals.Count,
            Lost = lost,
            Doubled = doubled,
            Repeated = repeated,
            Unfounded = unfounded,
            Unrecorded = unrecorded,
            Expired = expired,
            Cancelled = cancelled,
            WithoutUpcoming = withoutUpcoming,
            Examples = examples,
        };

        void Note(ref int count, string what)
        {
            count++;
            if (examples.Count < ExamplesKept) examples.Add(what);
        }
    }
}
