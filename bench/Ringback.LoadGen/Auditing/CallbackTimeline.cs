using System.Text.Json;

namespace Ringback.LoadGen.Auditing;

/// <summary>A callback whose create was answered, and its only push target.</summary>
internal sealed record KnownCallback(Guid Id, string Token, int Queue);

/// <summary>An event that the server says it has decided.</summary>
internal sealed record Decision(string Event, int Round, int Sequence);

/// <summary>What the API shows about the pushes of one callback.</summary>
/// <param name="CallbackId">The callback.</param>
/// <param name="Status">The answer's HTTP status.</param>
/// <param name="Decided">In order.</param>
/// <param name="Ends">How the push of an event and round ended: <c>push.accepted</c>, <c>push.expired</c> …</param>
internal sealed record CallbackTimeline(Guid CallbackId, int Status, IReadOnlyList<Decision> Decided, IReadOnlyDictionary<(string Event, int Round), string> Ends)
{
    private static readonly string[] endings = ["push.accepted", "push.expired", "push.cancelled", "push.target_dead", "push.target_suspect", "push.target_foreign", "push.rejected"];

    public static async Task<CallbackTimeline> FetchAsync(HttpClient http, Guid callbackId)
    {
        using var answer = await http.GetAsync(new Uri($"management/v1/callbacks/{callbackId}/timeline", UriKind.Relative));
        if (!answer.IsSuccessStatusCode) return new CallbackTimeline(callbackId, (int)answer.StatusCode, [], new Dictionary<(string, int), string>());
        using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
        var decided = new List<Decision>();
        var ends = new Dictionary<(string, int), string>();
        foreach (var entry in body.RootElement.GetProperty("entries").EnumerateArray())
        {
            var kind = entry.GetProperty("kind").GetString()!;
            var detail = entry.GetProperty("detail");
            if (kind == "push.decided")
                decided.Add(new Decision(string.Intern(detail.GetProperty("event").GetString()!), detail.GetProperty("round").GetInt32(), detail.GetProperty("sequence").GetInt32()));
            else if (endings.Contains(kind))
                ends[(string.Intern(detail.GetProperty("event").GetString()!), detail.GetProperty("round").GetInt32())] = kind;
        }
        return new CallbackTimeline(callbackId, (int)answer.StatusCode, decided, ends);
    }
}
