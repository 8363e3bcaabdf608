using System.Globalization;
using System.Text;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Tests.Callbacks;

namespace Ringback.Engine.Tests.Model;

/// <summary>Counts what a run of stories did, so that one that proves nothing is seen to.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, int> commands = [];
    private readonly SortedDictionary<string, int> ends = [];
    private readonly SortedDictionary<string, int> events = [];

    public int Stories { get; private set; }

    public int Commands => commands.Values.Sum();

    public IReadOnlyDictionary<string, int> Ends => ends;

    public IReadOnlyDictionary<string, int> Events => events;

    public int Crashes { get; private set; }

    public int Callbacks { get; private set; }

    /// <summary>A command was given to the engine.</summary>
    public void Count(string kind, Crash crash)
    {
        if (crash == Crash.Never) return;
        Crashes++;
        if (crash == Crash.BeforeCommit) Add(commands, $"{kind}: undone by a crash");
    }

    /// <summary>A command was answered, by both in the same words.</summary>
    public void Answered(string kind, string answer) => Add(commands, answer.Contains('.', StringComparison.Ordinal) && !answer.Contains(' ', StringComparison.Ordinal) ? $"{kind}: {answer}" : kind);

    /// <summary>A story came to its end.</summary>
    public void Add(MemoryStore store)
    {
        Stories++;
        Callbacks += store.Callbacks.Count;
        foreach (var callback in store.Callbacks.Values) Add(ends, callback.Reason?.ToString() ?? callback.State.ToString());
        foreach (var moved in store.Callbacks.Values.Where(c => c.Reschedules > 0)) Add(ends, moved.State == CallbackState.Completed ? "moved to another opening, and over" : "moved to another opening");
        foreach (var push in store.Outbox) Add(events, push.Fate == Fate.Withdrawn ? $"{push.Row.Message.Event}, withdrawn" : push.Row.Message.Event);
        foreach (var reason in store.Callbacks.Keys.SelectMany(store.SuppressedOf)) Add(events, $"{PushEvents.Upcoming} held back: {reason}");
    }

    /// <summary>The counts as tables.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        Table(text, "Commands that both answered alike", commands);
        Table(text, "Events, once for each target", events);
        Table(text, "How the callbacks stood in the end", ends);
        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, SortedDictionary<string, int> counts)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {title} | |\n|---|---:|\n");
        foreach (var (name, count) in counts) text.Append(CultureInfo.InvariantCulture, $"| {name} | {count} |\n");
        text.Append('\n');
    }

    private static void Add(SortedDictionary<string, int> counts, string name) => counts[name] = counts.GetValueOrDefault(name) + 1;
}
