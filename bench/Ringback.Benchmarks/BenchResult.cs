using System.Globalization;
using Ringback.Measuring;

namespace Ringback.Benchmarks;

/// <summary>What a row of the goals table came to: pairs of figures of Ringback and its peer, taken in turn in one run.</summary>
internal sealed record BenchResult(string Row, string Unit, IReadOnlyList<double> Ours, string Peer, IReadOnlyList<double> Theirs, string Goal)
{
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>False where something else than a ratio is wrong, which a note then says.</summary>
    public bool IsGood { get; init; } = true;

    private double Ratio => Figures.Median(Ours) / Figures.Median(Theirs);

    public void Print(TextWriter screen)
    {
        screen.WriteLine($"{Row} ({Unit})");
        screen.WriteLine(Line("Ringback", Ours));
        screen.WriteLine(Line(Peer, Theirs));
        screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ratio of medians {Ratio:0.00}; goal {Goal}"));
        foreach (var (name, text) in Notes) screen.WriteLine($"  {name}: {text}");
    }

    public void Write(string folder, string name) => ResultFile.Write(folder, name + (Notes.TryGetValue("database", out var database) ? $"-{database}" : ""), Row, new
    {
        unit = Unit,
        ringback = Ours,
        peer = new { name = Peer, figures = Theirs },
        ratioOfMedians = Ratio,
        goal = Goal,
        good = IsGood,
        notes = Notes,
    });

    private static string Line(string name, IReadOnlyList<double> figures) =>
        string.Create(CultureInfo.InvariantCulture, $"  {name,-40} median {Figures.Median(figures),12:0.0}   min {figures.Min(),12:0.0}   max {figures.Max(),12:0.0}");
}
