using System.Globalization;
using System.Text.Json.Serialization;
using Ringback.Measuring;

namespace Ringback.LoadGen.Fairness;

/// <summary>What a run came to.</summary>
internal sealed record FairnessResult
{
    /// <summary>The quiet one may be slowed by at most this.</summary>
    public const double Goal = 1.20;

    /// <summary>From here on the machine itself is short of CPU.</summary>
    private const double SaturatedPercent = 90;

    public required FairnessOptions Options { get; init; }

    public required string DatabaseVersion { get; init; }

    /// <summary>Under the quota, in order.</summary>
    public required IReadOnlyList<FairnessTurn> Turns { get; init; }

    /// <summary>Pushes of the flood, or of the broken key, in each turn under the quota.</summary>
    public required int PortionPushes { get; init; }

    public required int SaturatedPushes { get; init; }

    /// <summary>Without a quota: alone, beside the whole flood, alone.</summary>
    public required IReadOnlyList<FairnessTurn> Saturated { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Whether neither takes more than the goal of rate and median latency.</summary>
    public bool Holds => Of(FairnessKind.Flood).Holds && Of(FairnessKind.BrokenKey).Holds;

    public static string NameOf(FairnessKind kind) => kind switch
    {
        FairnessKind.Alone => "alone",
        FairnessKind.Flood => "beside a flood",
        FairnessKind.BrokenKey => "beside a broken key",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public void Print(TextWriter screen)
    {
        var who = Options.AreApps ? "Firebase apps of one tenant" : "tenants";
        screen.WriteLine();
        screen.WriteLine(Text($"run    three {who}; {DatabaseVersion}; quiet: {Options.QuietPerSecond} pushes a second for {Options.Seconds} s a turn, {Options.Pairs} turns of each kind; flood and broken key: {PortionPushes} pushes at once in each turn; quota {Options.FloodPerSecond} a second"));
        foreach (var turn in Turns) screen.WriteLine(Line("turn", turn));
        foreach (var kind in Enum.GetValues<FairnessKind>()) screen.WriteLine(Of(kind).Line);
        screen.WriteLine(Text($"saturated machine: {SaturatedPushes} pushes at once without a quota"));
        foreach (var turn in Saturated) screen.WriteLine(Line("turn", turn));
        screen.WriteLine(Text($"  ratio to alone: p50 {SaturatedRatio(t => t.Quiet.Latency.P50):0.00}, p99 {SaturatedRatio(t => t.Quiet.Latency.P99):0.00}, rate {SaturatedRatio(t => t.Quiet.PerSecond):0.00}"));
        screen.WriteLine(Text($"goal   slowed by at most {(Goal - 1) * 100:0} % (rate and p50; p99 is reported): {(Holds ? "holds" : "DOES NOT HOLD")}"));
        if (!Holds && Of(FairnessKind.Flood).MachinePercent >= SaturatedPercent) screen.WriteLine("       the machine was short of CPU under the quota already: take a lower --flood-per-second before looking for an unfair lane");
    }

    public string Write(string folder) =>
        ResultFile.Write(folder, $"fairness{(Options.AreApps ? "-apps" : "")}-{Options.Database}", "Fairness: a quiet stream alone, beside a flood and beside a broken key", new
        {
            database = DatabaseVersion,
            options = new { Options.Pairs, Options.Seconds, Options.QuietPerSecond, Options.Flood, Options.FloodPerSecond, who = Options.AreApps ? "apps of one tenant" : "tenants" },
            seconds = Seconds,
            holds = Holds,
            goal = "p50 at most 1.20 ×, rate at least 1 / 1.20",
            summary = Enum.GetValues<FairnessKind>().Select(Of),
            portionPushes = PortionPushes,
            turns = Turns,
            saturatedPushes = SaturatedPushes,
            saturated = Saturated,
        });

    private Summary Of(FairnessKind kind)
    {
        var (turns, alone) = (Turns.Where(t => t.Kind == kind).ToList(), Turns.Where(t => t.Kind == FairnessKind.Alone).ToList());
        double Median(Func<FairnessTurn, double> of) => Figures.Median(turns.Select(of));
        double Ratio(Func<FairnessTurn, double> of) => Figures.Median(turns.Zip(alone, (t, a) => of(t) / of(a)));
        return new Summary(
            kind, Median(t => t.Quiet.PerSecond), Median(t => t.Quiet.Latency.P50), Median(t => t.Quiet.Latency.P99), Ratio(t => t.Quiet.PerSecond), Ratio(t => t.Quiet.Latency.P50),
            Ratio(t => t.Quiet.Latency.P99), Ratio(t => t.Quiet.Later?.P50 ?? double.NaN), Median(t => t.MachinePercent), Median(t => t.ServerPercent), turns.Sum(t => t.Quiet.Missing));
    }

    private double SaturatedRatio(Func<FairnessTurn, double> of) => of(Saturated[1]) / ((of(Saturated[0]) + of(Saturated[2])) / 2);

    private static string Line(string what, FairnessTurn turn)
    {
        var beside = turn.Kind switch
        {
            FairnessKind.Flood => Text($", {turn.Beside:0} a second of the flood"),
            FairnessKind.BrokenKey => Text($", {turn.Beside:0} held back"),
            _ => "",
        };
        return Text($"  {what} {NameOf(turn.Kind),-20} {turn.Quiet.PerSecond,6:0.0} a second, p50 {turn.Quiet.Latency.P50:0.0} ms, p99 {turn.Quiet.Latency.P99:0.0} ms (second half: p50 {turn.Quiet.Later?.P50 ?? double.NaN:0.0}, p99 {turn.Quiet.Later?.P99 ?? double.NaN:0.0}); machine {turn.MachinePercent:0} % busy, server {turn.ServerPercent:0} %{beside}{(turn.Quiet.Missing > 0 ? Text($"; {turn.Quiet.Missing} NEVER CAME") : "")}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Medians of the turns of a kind, and of their ratios to the turn alone of the same pair.</summary>
    internal sealed record Summary(
        FairnessKind Kind, double PerSecond, double P50, double P99, double RateRatio, double P50Ratio, double P99Ratio, double LaterP50Ratio, double MachinePercent, double ServerPercent, int Missing)
    {
        public bool Holds => Missing == 0 && RateRatio >= 1 / Goal && P50Ratio <= Goal;

        [JsonIgnore]
        public string Line => Text(
            $"{NameOf(Kind),-20} {PerSecond,6:0.0} a second ({RateRatio:0.00} ×), p50 {P50:0.0} ms ({P50Ratio:0.00} ×), p99 {P99:0.0} ms ({P99Ratio:0.00} ×); p50 in the second half of a turn {LaterP50Ratio:0.00} ×; machine {MachinePercent:0} % busy, server {ServerPercent:0} %");
    }
}
