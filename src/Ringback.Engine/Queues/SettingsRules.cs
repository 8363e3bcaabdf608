using System.Text.Json;
using System.Text.Json.Nodes;
using Ringback.Engine.Notifications;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Engine.Queues;

/// <summary>Judges the settings of a queue as a whole: every mistake at once, each by its field.</summary>
internal static class SettingsRules
{
    /// <summary>The settings that a JSON object describes, or everything that is wrong with it. What it does not name has its default.</summary>
    public static Answer<QueueSettings> Check(JsonObject described)
    {
        List<FieldMistake> mistakes = [];
        // What is wrong is taken out, so that the rest can still be judged.
        var sound = new JsonObject();
        foreach (var (name, value) in described.Where(f => f.Value is not null))
        {
            if (SettingsFields.Groups.Contains(name)) sound[name] = SoundGroup(name, value!, mistakes);
            else if (IsSound(name, value!, mistakes)) sound[name] = value!.DeepClone();
        }
        var settings = Read(sound, mistakes);
        mistakes.AddRange(MistakesAcross(settings, mistakes));
        return mistakes.Count > 0 ? Problems.InvalidParameters.With(mistakes) : settings;
    }

    private static JsonObject SoundGroup(string group, JsonNode value, List<FieldMistake> mistakes)
    {
        var sound = new JsonObject();
        if (value is not JsonObject fields)
        {
            mistakes.Add(new FieldMistake(group, "must be a JSON object"));
            return sound;
        }
        foreach (var (name, inner) in fields.Where(f => f.Value is not null))
        {
            if (IsSound($"{group}.{name}", inner!, mistakes)) sound[name] = inner!.DeepClone();
        }
        return sound;
    }

    private static bool IsSound(string name, JsonNode value, List<FieldMistake> mistakes)
    {
        var mistake = SettingsFields.Find(name) is { } field ? field.MistakeOf(value) : Unknown(name);
        if (mistake is not null) mistakes.Add(new FieldMistake(Shown(name), mistake));
        return mistake is null;
    }

    private static string Unknown(string name) => name.Split('.') is [var group, _] && SettingsFields.All.Where(f => f.Name.StartsWith($"{group}.", StringComparison.Ordinal)).ToList() is { Count: > 0 } known
        ? $"is no setting of a queue. In {group} there are {string.Join(", ", known.Select(f => f.Name[(group.Length + 1)..]))}"
        : "is no setting of a queue. See GET of the same address for all of them";

    /// <summary>A name that somebody made up may be of any length.</summary>
    private static string Shown(string name) => name.Length <= 80 ? name : name[..79] + "…";

    /// <summary>Only what has a structure of its own can still fail here.</summary>
    private static QueueSettings Read(JsonObject sound, List<FieldMistake> mistakes)
    {
        while (true)
        {
            try
            {
                return sound.Deserialize<QueueSettings>(QueueSettingsJson.Options)!;
            }
            catch (JsonException wrong)
            {
                var path = wrong.Path is { Length: > 2 } given ? given[2..] : "";
                mistakes.Add(new FieldMistake(Shown(path), wrong.Message.Contains("could not be mapped", StringComparison.Ordinal)
                    ? "is no setting of a queue. See GET of the same address for all of them"
                    : "has a value of the wrong type or none of the allowed words"));
                // Without the field at fault the others are read; without any to blame, nothing is.
                if (!sound.Remove(path.Split('.', '[')[0])) return new QueueSettings();
            }
        }
    }

    /// <summary>Rules over several settings, and those of structures. A setting that was found wrong before is not judged again.</summary>
    private static IEnumerable<FieldMistake> MistakesAcross(QueueSettings settings, List<FieldMistake> before)
    {
        if (settings is { Type: QueueType.UserOriginated, CallInGroup: null } && before.All(m => m.Field != "callInGroup"))
            yield return new FieldMistake("callInGroup", "is needed where type is USERORIGINATED: it says where customers call in");
        if (settings is { RescheduleOnPurge: true, BusinessHours: null } && before.All(m => !m.Field.StartsWith("businessHours", StringComparison.Ordinal)))
            yield return new FieldMistake("rescheduleOnPurge", "needs businessHours: a queue that is always open has no next opening");
        foreach (var mistake in settings.BusinessHours is { } hours ? BusinessHoursRules.MistakesOf(hours) : []) yield return mistake;
        foreach (var mistake in PushTexts.MistakesOf(settings.Texts)) yield return mistake;
    }
}
