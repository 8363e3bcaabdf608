using System.Net.Http.Json;
using System.Text.Json;

namespace Ringback.TestKit;

/// <summary>A callback whose create request was answered, and the targets that it named, in order.</summary>
public sealed record KnownCallback(Guid Id, IReadOnlyList<string> Targets);

/// <summary>What an inspection found. Words as in docs/glossary.md.</summary>
public sealed record InvariantReport
{
    /// <summary>Callbacks looked at.</summary>
    public required int Callbacks { get; init; }

    /// <summary>Decided events, counted once for each target.</summary>
    public required int Decided { get; init; }

    /// <summary>Messages that the push service accepted.</summary>
    public required int Arrivals { get; init; }

    /// <summary>Messages accepted more than once under one notificationId: the extra ones.</summary>
    public required int Repeated { get; init; }

    /// <summary>Decided events that are still on their way.</summary>
    public required IReadOnlyList<string> Open { get; init; }

    /// <summary>Answered creates without a callback, and decided events with neither an arrival nor an expired or cancelled record.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>Two notificationIds for one (callback, event, round, target), or one event decided twice.</summary>
    public required IReadOnlyList<string> Doubled { get; init; }

    /// <summary>Arrivals that nothing in the database accounts for: sent before it was true, or to somebody else.</summary>
    public required IReadOnlyList<string> Unfounded { get; init; }

    /// <summary>Repetitions that no crash explains.</summary>
    public required IReadOnlyList<string> Unexplained { get; init; }

    /// <summary>Events that the push service refused for good: no violation, but nothing that a test of willing targets expects.</summary>
    public required IReadOnlyList<string> Refused { get; init; }

    /// <summary>Everything that must not be.</summary>
    public IEnumerable<string> Violations => [.. Lost, .. Doubled, .. Unfounded, .. Unexplained];

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Callbacks} callbacks, {Decided} decided, {Arrivals} arrived, {Repeated} repeated, {Open.Count} open, {Lost.Count} lost, {Doubled.Count} doubled, "
        + $"{Unfounded.Count} unfounded, {Unexplained.Count} unexplained, {Refused.Count} refused\n{string.Join('\n', Violations.Concat(Open.Select(o => "open: " + o)).Take(30))}";
}

/// <summary>
/// Holds what a site promised against what came of it, from outside: the timelines that its API shows and the inbox of the emulator (rules B1, B10, B11).
/// </summary>
/// <param name="api">Reaches the server, with a key that may read timelines.</param>
/// <param name="emulator">Reaches the emulator.</param>
public sealed class Invariants(HttpClient api, HttpClient emulator)
{
    /// <summary>An accepted message is recorded by the next commit; a crash later than this does not explain a repetition.</summary>
    private static readonly TimeSpan longestRecord = TimeSpan.FromSeconds(10);

    private static readonly string[] finalKinds = ["push.accepted", "push.expired", "push.cancelled", "push.target_dead", "push.target_suspect", "push.target_foreign", "push.rejected"];

    /// <summary>Inspects until nothing is on its way any more, or until the deadline.</summary>
    /// <param name="callbacks">Every callback whose create was answered.</param>
    /// <param name="crashes">When a process was killed.</param>
    /// <param name="deadline">How long pushes may be on their way.</param>
    public async Task<InvariantReport> SettleAsync(IReadOnlyCollection<KnownCallback> callbacks, IReadOnlyList<DateTimeOffset> crashes, TimeSpan? deadline = null)
    {
        InvariantReport? last = null;
        try
        {
            await ProcessSitePoll.UntilAsync("every push has come to its end", async () => (last = await InspectAsync(callbacks, crashes)).Open.Count == 0, deadline);
        }
        catch (TimeoutException)
        {
            // The report says what is open.
        }
        return last!;
    }

    /// <summary>Inspects once.</summary>
    public async Task<InvariantReport> InspectAsync(IReadOnlyCollection<KnownCallback> callbacks, IReadOnlyList<DateTimeOffset> crashes)
    {
        var decisions = new List<Decision>();
        var (lost, doubled, open) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var callback in callbacks.DistinctBy(c => c.Id))
        {
            using var answer = await api.GetAsync(new Uri($"/management/v1/callbacks/{callback.Id}/timeline", UriKind.Relative));
            if (!answer.IsSuccessStatusCode) lost.Add($"callback {callback.Id}: its create was answered, its timeline is {(int)answer.StatusCode}");
            else Collect(callback, await answer.Content.ReadFromJsonAsync<JsonElement>(), decisions, doubled);
        }

        // The inbox is read last: what was decided before may have arrived, what is not decided by then may not.
        var arrivals = await ReadInboxAsync();
        var byPlace = arrivals.ToLookup(a => a.Place);
        foreach (var decision in decisions)
        {
            var ids = byPlace[decision.Place].Select(a => a.NotificationId).Distinct().Count();
            if (ids > 1) doubled.Add($"{decision} has {ids} notificationIds");
            if (decision.End is null) open.Add(decision.ToString());
            else if (ids == 0 && decision.End == "push.accepted") lost.Add($"{decision} is recorded as accepted and never arrived");
        }
        var founded = decisions.Select(d => d.Place).ToHashSet();
        return new InvariantReport
        {
            Callbacks = callbacks.Count,
            Decided = decisions.Count,
            Arrivals = arrivals.Count,
            Repeated = arrivals.Count - arrivals.DistinctBy(a => a.NotificationId).Count(),
            Open = open,
            Lost = lost,
            Doubled = doubled,
            Unfounded = [.. arrivals.Where(a => !founded.Contains(a.Place)).Select(a => $"{a.Place} arrived and was not decided")],
            Refused = [.. decisions.Where(d => d.End is "push.target_dead" or "push.target_suspect" or "push.target_foreign" or "push.rejected").Select(d => d.ToString())],
            Unexplained = [.. arrivals.GroupBy(a => a.NotificationId).SelectMany(same => Unexplained([.. same.OrderBy(a => a.At)], crashes))],
        };
    }

    private static void Collect(KnownCallback callback, JsonElement timeline, List<Decision> decisions, List<string> doubled)
    {
        var entries = timeline.GetProperty("entries").EnumerateArray().Select(e => (Kind: e.GetProperty("kind").GetString()!, Detail: e.GetProperty("detail"))).ToList();
        var ends = entries.Where(e => finalKinds.Contains(e.Kind))
            .ToDictionary(e => (Text(e.Detail, "event"), Number(e.Detail, "round"), Number(e.Detail, "target")), e => e.Kind);
        var decided = entries.Where(e => e.Kind == "push.decided").Select(e => e.Detail).ToList();
        foreach (var twice in decided.GroupBy(d => (Text(d, "event"), Number(d, "round"))).Where(g => g.Count() > 1)) doubled.Add($"{callback.Id}: {twice.Key} was decided {twice.Count()} times");
        foreach (var twice in decided.GroupBy(d => Number(d, "sequence")).Where(g => g.Count() > 1)) doubled.Add($"{callback.Id}: sequence {twice.Key} was given {twice.Count()} times");
        if (decided.Count(d => Text(d, "event") == "CALLBACK_UPCOMING") > 1) doubled.Add($"{callback.Id}: CALLBACK_UPCOMING was decided more than once");
        foreach (var detail in decided)
        {
            for (var target = 0; target < callback.Targets.Count; target++)
            {
                var place = new Place(callback.Id, Text(detail, "event"), Number(detail, "sequence"), callback.Targets[target]);
                decisions.Add(new Decision(place, Number(detail, "round"), ends.GetValueOrDefault((Text(detail, "event"), Number(detail, "round"), target))));
            }
        }
    }

    private async Task<List<Arrival>> ReadInboxAsync()
    {
        var inbox = await emulator.GetFromJsonAsync<JsonElement>(new Uri("/inbox", UriKind.Relative));
        return [.. inbox.GetProperty("messages").EnumerateArray().Where(m => !m.GetProperty("validateOnly").GetBoolean()).Select(m =>
        {
            var message = m.GetProperty("message");
            var data = message.GetProperty("data");
            var place = new Place(
                data.GetProperty("callbackId").GetGuid(), Text(data, "event"), int.Parse(Text(data, "sequence"), System.Globalization.CultureInfo.InvariantCulture), Text(message, "token"));
            return new Arrival(place, Text(data, "notificationId"), m.GetProperty("receivedAt").GetDateTimeOffset());
        })];
    }

    /// <summary>Only a crash between the answer and its record repeats a message (rule B10).</summary>
    private static IEnumerable<string> Unexplained(List<Arrival> same, IReadOnlyList<DateTimeOffset> crashes) =>
        same.Zip(same.Skip(1))
            .Where(pair => !crashes.Any(crash => crash >= pair.First.At && crash <= pair.Second.At && crash - pair.First.At <= longestRecord))
            .Select(pair => $"{pair.First.Place} ({pair.First.NotificationId}) arrived at {pair.First.At:O} and again at {pair.Second.At:O} without a crash in between");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    /// <summary>What may have one notificationId only. The payload carries no round, but a sequence, which the timeline ties to the round.</summary>
    private sealed record Place(Guid CallbackId, string Event, int Sequence, string Target);

    private sealed record Decision(Place Place, int Round, string? End);

    private sealed record Arrival(Place Place, string NotificationId, DateTimeOffset At);
}
