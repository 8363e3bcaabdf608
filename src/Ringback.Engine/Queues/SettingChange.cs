using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.Engine.Queues;

/// <summary>One setting that a change touched.</summary>
/// <param name="Field">Its name, dotted where it is nested.</param>
/// <param name="From">The value before, or null where there was none.</param>
/// <param name="To">The value since, or null where there is none.</param>
public sealed record SettingChange(string Field, JsonElement? From, JsonElement? To)
{
    /// <summary>
    /// What differs between two versions of a queue's settings, by field. Both are read by today's rules, so that a setting which came with a later version of
    /// the program does not look as if somebody had set it.
    /// </summary>
    public static IReadOnlyList<SettingChange> Between(QueueSettings before, QueueSettings after)
    {
        var (old, now) = (Leaves(before), Leaves(after));
        return
        [
            .. now.Keys.Concat(old.Keys.Where(name => !now.ContainsKey(name)))
                .Select(name => new SettingChange(name, Value(old, name), Value(now, name)))
                .Where(change => change.From?.GetRawText() != change.To?.GetRawText()),
        ];
    }

    private static JsonElement? Value(Dictionary<string, JsonNode> leaves, string name) =>
        leaves.TryGetValue(name, out var value) ? JsonSerializer.SerializeToElement(value, QueueSettingsJson.Options) : null;

    private static Dictionary<string, JsonNode> Leaves(QueueSettings settings)
    {
        var leaves = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        Collect("", QueueSettingsJson.ToObject(settings), leaves);
        return leaves;
    }

    private static void Collect(string prefix, JsonObject fields, Dictionary<string, JsonNode> leaves)
    {
        foreach (var (name, value) in fields)
        {
            if (value is JsonObject inner) Collect($"{prefix}{name}.", inner, leaves);
            else if (value is not null) leaves.Add(prefix + name, value);
        }
    }
}

/// <summary>One version of a queue's settings: who made it, when, and what it changed.</summary>
/// <param name="QueueId">Number of the queue; a name that was deleted and given again stands for several queues.</param>
/// <param name="Version">Grows by one with each change.</param>
/// <param name="At">When it was made.</param>
/// <param name="By">Who made it: the holder of an API key, a user, or the command line.</param>
/// <param name="Settings">The settings, or null where the queue was deleted.</param>
public sealed record SettingsVersion(int QueueId, int Version, DateTimeOffset At, string By, QueueSettings? Settings);

/// <summary>A version with what it changed.</summary>
/// <param name="Version">The version.</param>
/// <param name="Changes">What differs from the version before; the first one is compared with the defaults.</param>
public sealed record SettingsHistoryEntry(SettingsVersion Version, IReadOnlyList<SettingChange> Changes);
