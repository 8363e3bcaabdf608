using System.Globalization;
using Ringback.LoadGen.Auditing;
using Ringback.Measuring;

namespace Ringback.LoadGen.Running;

/// <summary>What a run came to.</summary>
internal sealed record LoadResult
{
    public required LoadOptions Options { get; init; }

    public required string DatabaseVersion { get; init; }

    public required Phase Creates { get; init; }

    /// <summary>Each from the first report until every push was recorded; without the one that warmed up.</summary>
    public required IReadOnlyList<Phase> Bursts { get; init; }

    public required string? Peer { get; init; }

    public required IReadOnlyList<double> PeerPerSecond { get; init; }

    public required Phase? Paced { get; init; }

    /// <summary>Pushes a second that the reports of <see cref="Paced"/> called for: half of what the bursts have shown.</summary>
    public required double PacedSchedule { get; init; }

    public required Latency? ReportToArrival { get; init; }

    public required Phase Agents { get; init; }

    public required Latency? OutcomeToArrival { get; init; }

    public required int Completed { get; init; }

    public required Usage Total { get; init; }

    public required long ServerPeakBytes { get; init; }

    public required long ReceiverPeakBytes { get; init; }

    public required string? SyncsCountedBy { get; init; }

    public required bool RanOutOfTime { get; init; }

    public required AuditReport Audit { get; init; }

    public required double Seconds { get; init; }

    /// <summary>A run that was cut off or found anything wrong must not pass for a result.</summary>
    public bool IsGood => Audit.IsClean && Audit.WithoutUpcoming == 0 && Audit.Unrecorded == 0 && Completed == Options.Callbacks && !RanOutOfTime;

    /// <summary>A step takes a commit of its own where a burst shares one: half the rate of the bursts may be more than all that steps can have.</summary>
    private bool FellBehind => Paced is not null && Paced.PerSecond < 0.9 * PacedSchedule;

    private double PushesPerSecond => Figures.Median(Bursts.Select(b => b.PerSecond));

    private Phase AllBursts => new("pushes", Bursts.Sum(b => b.Count), Bursts.Sum(b => b.Seconds), Bursts.Select(b => b.Used).Aggregate((a, b) => a.Plus(b)));

    public void Print(TextWriter screen)
    {
        var rows = new List<(string, string)>
        {
            ("run", Text($"{Options.Callbacks} callbacks after {Options.WarmUp} to warm up, {Options.Queues} queues, {Options.Clients} clients, {Options.Agents} agents; {DatabaseVersion}; receiver: {Options.Receiver}")),
            ("creates", Text($"{Creates.PerSecond:0} a second; {Each(Creates)}")),
        };
        if (Bursts.Count > 0)
        {
            rows.Add(("pushes, EWT falls for all", Text($"{PushesPerSecond:0} a second, median of {Bursts.Count} ({Bursts.Min(b => b.PerSecond):0} to {Bursts.Max(b => b.PerSecond):0}), from the report to the record; {Each(AllBursts)}")));
            if (PeerPerSecond.Count > 0) rows.Add(("  peer in the same run", Text($"{Figures.Median(PeerPerSecond):0} messages a second, median ({Peer}); ratio {PushesPerSecond / Figures.Median(PeerPerSecond):0.00}, goal on PostgreSQL ≥ 1.5")));
        }
        if (Paced is not null) rows.Add(("pushes, step by step", Text($"{Paced.PerSecond:0} a second, {PacedSchedule:0} scheduled{(FellBehind ? ": THE SERVER FELL BEHIND, the latencies are those of a queue that grows" : "")}; {Each(Paced)}")));
        if (ReportToArrival is { } upcoming) rows.Add(("  EWT report → arrival", Text($"p50 {upcoming.P50:0.0} ms, p99 {upcoming.P99:0.0} ms, max {upcoming.Max:0.0} ms ({upcoming.Count} pushes); goal p99 < 10 × p50: {upcoming.P99 / upcoming.P50:0.0} ×")));
        rows.Add(("agents", Text($"{Completed} callbacks over; {Agents.PerSecond:0} calls a second (next and outcome, waiting for retries included); {Each(Agents)}")));
        if (OutcomeToArrival is { } failed) rows.Add(("  outcome → arrival", Text($"p50 {failed.P50:0.0} ms, p99 {failed.P99:0.0} ms, max {failed.Max:0.0} ms ({failed.Count} pushes)")));
        rows.Add(("CPU seconds under load", Text($"server {Total.Server:0.0}, receiver {Total.Receiver:0.0}, load generator {Total.Generator:0.0}{(Total.Database is { } cpu ? Text($", PostgreSQL {cpu:0.0}") : "")}")));
        rows.Add(("peak memory", Text($"server {ServerPeakBytes >> 20} MiB, receiver {ReceiverPeakBytes >> 20} MiB")));
        rows.Add(("fsyncs counted by", SyncsCountedBy ?? "not counted (--count-fsyncs)"));
        rows.Add(("audit", Text($"{Audit.Callbacks} callbacks, {Audit.Decided} decided, {Audit.Arrived} arrived, {Audit.Expired} expired, {Audit.Cancelled} cancelled, {Audit.Unrecorded} unrecorded, {Audit.Unfounded} unfounded, {Audit.WithoutUpcoming} without one UPCOMING")));
        rows.Add(("LOST DOUBLED REPEATED", Text($"{Audit.Lost} lost, {Audit.Doubled} doubled, {Audit.Repeated} repeated")));
        rows.Add(("verdict", RanOutOfTime ? "the time was over before the work: no result" : IsGood ? "good" : "NOT GOOD"));
        screen.WriteLine();
        foreach (var (name, text) in rows) screen.WriteLine($"{name,-27}{text}");
        foreach (var example in Audit.Examples) screen.WriteLine($"  {example}");
    }

    public string Write(string folder) =>
        ResultFile.Write(folder, $"load-{Options.Database}-{Options.Receiver}".ToLowerInvariant(), "Load: create, EWT falls for all, agents report", new
        {
            database = DatabaseVersion,
            options = new { Options.Callbacks, Options.WarmUp, Options.Queues, Options.Clients, Options.Agents, receiver = Options.Receiver.ToString(), limitSeconds = Options.Limit.TotalSeconds },
            good = IsGood,
            seconds = Seconds,
            creates = Shape(Creates),
            pushes = Bursts.Count == 0 ? null : new { perSecond = PushesPerSecond, each = Bursts.Select(b => b.PerSecond), all = Shape(AllBursts) },
            peer = PeerPerSecond.Count == 0 ? null : new { name = Peer, each = PeerPerSecond, perSecond = Figures.Median(PeerPerSecond), ratio = PushesPerSecond / Figures.Median(PeerPerSecond) },
            paced = Paced is null ? null : Shape(Paced),
            pacedSchedule = PacedSchedule,
            fellBehind = FellBehind,
            reportToArrivalMs = ReportToArrival,
            agents = Shape(Agents),
            outcomeToArrivalMs = OutcomeToArrival,
            completed = Completed,
            cpuSecondsUnderLoad = Total,
            peakBytes = new { server = ServerPeakBytes, receiver = ReceiverPeakBytes },
            syncsCountedBy = SyncsCountedBy,
            audit = Audit,
        });

    private static object Shape(Phase phase) => new { phase.Count, phase.Seconds, phase.PerSecond, phase.ServerMicroseconds, phase.SyncsEach, cpuSeconds = phase.Used };

    private static string Each(Phase phase) => Text(
        $"server {phase.ServerMicroseconds:0} µs CPU each, receiver {phase.Used.Receiver * 1e6 / phase.Count:0}, load generator {phase.Used.Generator * 1e6 / phase.Count:0}{(phase.Used.Database is { } cpu ? Text($", PostgreSQL {cpu * 1e6 / phase.Count:0}") : "")}{(phase.SyncsEach is { } syncs ? Text($"; {syncs:0.000} fsyncs each") : "")}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
