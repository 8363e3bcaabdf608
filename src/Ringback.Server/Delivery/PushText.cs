using System.Collections.Frozen;
using System.Text.Json;
using Ringback.Engine.Delivery;

namespace Ringback.Server.Delivery;

/// <summary>How states and data of pushes are written for the API and for people.</summary>
internal static class PushText
{
    private static readonly FrozenDictionary<OutboxState, string> names =
        Enum.GetValues<OutboxState>().ToFrozenDictionary(state => state, state => JsonNamingPolicy.SnakeCaseUpper.ConvertName(state.ToString()));

    /// <summary>Data of a push that open a door: whoever has the code of a call-in is taken for the customer.</summary>
    private static readonly string[] secrets = ["accessCode"];

    /// <summary>All states by their names.</summary>
    public static IEnumerable<string> States => Enum.GetValues<OutboxState>().Select(StateName);

    /// <summary>As the wire writes it: <c>TARGET_DEAD</c>.</summary>
    public static string StateName(OutboxState state) => names[state];

    /// <summary>The state of that name.</summary>
    public static bool TryState(string name, out OutboxState state)
    {
        (state, var found) = names.Where(pair => pair.Value == name).Select(pair => (pair.Key, true)).FirstOrDefault();
        return found;
    }

    /// <summary>The data of the event, without what must not be shown.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Data(PushMessage message) =>
        message.Extra.Select(pair => secrets.Contains(pair.Key) ? KeyValuePair.Create(pair.Key, "…") : pair);

    /// <summary>The title or body without the same secrets, which the words may repeat.</summary>
    public static string Words(PushMessage message, string words) =>
        message.Extra.Where(pair => secrets.Contains(pair.Key) && pair.Value.Length > 0).Aggregate(words, (text, pair) => text.Replace(pair.Value, "…", StringComparison.Ordinal));
}
