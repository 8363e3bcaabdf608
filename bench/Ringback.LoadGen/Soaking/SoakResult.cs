using System.Globalization;
using System.Text;
using Ringback.LoadGen.Auditing;
using Ringback.LoadGen.Running;
using Ringback.Measuring;

namespace Ringback.LoadGen.Soaking;

/// <summary>How many messages may have been accepted a second time.</summary>
/// <param name="TakenUnanswered">Times that the emulator took a message and then broke the stream or fell silent.</param>
/// <param name="InFlight">Sends that may be in flight when the server is killed.</param>
/// <param name="Unrecorded">Arrivals within <see cref="RecordedWithin"/> before the kill.</param>
internal sealed record RepeatBound(long TakenUnanswered, int InFlight, int Unrecorded)
{
    /// <summary>An answer is recorded in this time.</summary>
    public static readonly TimeSpan RecordedWithin = TimeSpan.FromSeconds(1);

    public long Total => TakenUnanswered + InFlight + Unrecorded;
}

/// <summary>What a soak came to.</summary>
internal sealed record SoakResult
{
    public required SoakOptions Options { get; init; }

    public required string DatabaseVersion { get; init; }

    /// <summary>What the burst at the start has shown; null where the rate was given.</summary>
    public required double? MostPerSecond { get; init; }

    public required double PushesPerSecond { get; init; }

    /// <summary>Until the last round of the stream had ended, the time without a server included.</summary>
    public required double ArrivedPerSecond { get; init; }

    /// <summary>Of the stream, without those that warmed up; the audit counts them all.</summary>
    public required int Callbacks { get; init; }

    public required IReadOnlyList<Restart> Restarts { get; init; }

    public required IReadOnlyList<MemoryOfLife> Lives { get; init; }

    public required IReadOnlyList<Struck> Struck { get; init; }

    public required long Sends { get; init; }

    /// <summary>Requests that had to be sent again because the server was away.</summary>
    public required long RequestsAgain { get; init; }

    public required Latency? Latency { get; init; }

    public required double ServerCpu { get; init; }

    public required RepeatBound Bound { get; init; }

    /// <summary>Callbacks whose push never arrived, whatever the timeline says. The audit would excuse one that expired.</summary>
    public required int NeverArrived { get; init; }

    public required AuditReport Audit { get; init; }

    public required double Seconds { get; init; }

    public bool IsGood => NeverArrived + Audit.Lost + Audit.Doubled + Audit.Unfounded + Audit.Unrecorded + Audit.WithoutUpcoming == 0
        && Audit.Repeated <= Bound.Total && Restarts.Count == 2 && Lives.All(l => l.IsFlat != false);

    private double FaultPercent => Sends == 0 ? 0 : 100.0 * Struck.Sum(s => s.Times) / Sends;

    public void Print(TextWriter screen)
    {
        screen.WriteLine();
        foreach (var (name, text) in Rows()) screen.WriteLine($"{name,-26}{text}");
        // What came twice is expected here, and counted; the examples are for what is not.
        foreach (var example in Audit.Examples.Where(e => !e.Contains(" times", StringComparison.Ordinal))) screen.WriteLine($"  {example}");
    }

    /// <summary>Writes the result as JSON, and as a table for people beside it.</summary>
    public string Write(string folder)
    {
        var path = ResultFile.Write(folder, $"soak-{Options.Database}", "Soak: half the maximum, 5 % faults, a clean restart and a kill", new
        {
            database = DatabaseVersion,
            options = new { minutes = Options.Time.TotalMinutes, Options.PushesPerSecond, Options.Seed },
            good = IsGood,
            seconds = Seconds,
            mostPerSecond = MostPerSecond,
            pushesPerSecond = PushesPerSecond,
            arrivedPerSecond = ArrivedPerSecond,
            callbacks = Callbacks,
            restarts = Restarts,
            memory = Lives,
            flatPercent = MemoryOfLife.FlatPercent,
            faults = Struck,
            faultPercent = FaultPercent,
            sends = Sends,
            requestsSentAgain = RequestsAgain,
            reportToArrivalMs = Latency,
            serverCpuSeconds = ServerCpu,
            repeatBound = Bound,
            neverArrived = NeverArrived,
            audit = IsGood ? Audit with { Examples = [] } : Audit,
        });
        var table = new StringBuilder(Text($"# Soak on {DatabaseVersion}\n\n{Path.GetFileName(path)[..10]}, commit {Machine.Commit()}, {Machine.Describe()}. Made by `loadgen soak`; what the words mean: [bench/README.md](../README.md#the-soak).\n\n| | |\n|---|---|\n"));
        foreach (var (name, text) in Rows()) table.Append(CultureInfo.InvariantCulture, $"| {name} | {text} |\n");
        File.WriteAllText(Path.ChangeExtension(path, ".md"), table.ToString());
        return path;
    }

    private IEnumerable<(string Name, string Text)> Rows()
    {
        yield return ("run", Text($"{Options.Time.TotalMinutes:0} minutes, {Callbacks} callbacks with a push each; seed {Options.Seed}; {DatabaseVersion}"));
        yield return ("rate", MostPerSecond is { } most
            ? Text($"{PushesPerSecond:0} pushes a second: half of the {most:0} that a burst of the same stream showed at the start; {ArrivedPerSecond:0} a second arrived")
            : Text($"{PushesPerSecond:0} pushes a second, as was asked for (no maximum was measured); {ArrivedPerSecond:0} a second arrived"));
        yield return ("faults", Text($"{FaultPercent:0.00} % of {Sends} sends: {string.Join(", ", Struck.Select(s => Text($"{s.Times} × {s.Name}")))}"));
        foreach (var restart in Restarts)
            yield return (restart.IsKill ? "kill -9" : "clean restart (SIGTERM)", Text($"after {restart.AtSeconds:0} s of the stream; ended in {restart.EndSeconds:0.0} s, ready again {restart.AwaySeconds:0.0} s after the signal"));
        yield return ("requests sent again", Text($"{RequestsAgain}, while the server was away"));
        if (Latency is { } latency) yield return ("report → first arrival", Text($"p50 {latency.P50:0} ms, p99 {latency.P99:0} ms, max {latency.Max:0} ms, faults and restarts included"));
        foreach (var life in Lives)
        {
            var verdict = life.IsFlat switch { true => "flat", false => "NOT FLAT", null => Text($"too short to say (fewer than {MemoryOfLife.SamplesNeeded} samples)") };
            yield return (Text($"memory of process {life.Life}"), Text($"{verdict}: {life.BytesPerMinute / 1048576:+0.0;-0.0;0.0} MiB a minute, {life.RisePercent:+0.0;-0.0;0.0} % of the mean of {life.MeanBytes / 1048576:0} MiB over {life.Samples} samples from a third of its {life.Seconds:0} s on; peak {life.PeakBytes >> 20} MiB"));
        }
        yield return ("flat means", Text($"the line that fits VmRSS rises by at most {MemoryOfLife.FlatPercent:0} % of its mean from a third of the process's life to its end"));
        yield return ("server CPU", Text($"{ServerCpu:0} s in all its processes"));
        yield return ("audit", Text($"{Audit.Callbacks} callbacks, {Audit.Decided} decided, {Audit.Arrived} arrived, {NeverArrived} never arrived, {Audit.Expired} expired, {Audit.Unrecorded} unrecorded, {Audit.Unfounded} unfounded, {Audit.WithoutUpcoming} without one UPCOMING"));
        yield return ("repeated at most", Text($"{Bound.Total}: {Bound.TakenUnanswered} taken without an answer, {Bound.InFlight} that may be in flight at the kill, {Bound.Unrecorded} that arrived in the second before it"));
        yield return ("LOST DOUBLED REPEATED", Text($"{Audit.Lost} lost, {Audit.Doubled} doubled, {Audit.Repeated} repeated"));
        yield return ("verdict", IsGood ? "good" : "NOT GOOD");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
