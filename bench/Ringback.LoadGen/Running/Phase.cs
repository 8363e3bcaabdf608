namespace Ringback.LoadGen.Running;

/// <summary>A part of a run.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Count">How often.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Used">What it used.</param>
internal sealed record Phase(string Name, int Count, double Seconds, Usage Used)
{
    public double PerSecond => Count / Seconds;

    public double ServerMicroseconds => Used.Server * 1e6 / Count;

    public double? SyncsEach => (double?)Used.Syncs / Count;
}

/// <summary>From a report to the arrival of what it brought about, in milliseconds.</summary>
internal sealed record Latency(int Count, double P50, double P99, double Max)
{
    public static Latency? Of(IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return sorted.Length == 0 ? null : new Latency(sorted.Length, Measuring.Figures.Percentile(sorted, 0.5), Measuring.Figures.Percentile(sorted, 0.99), sorted[^1]);
    }
}
