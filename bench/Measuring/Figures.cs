namespace Ringback.Measuring;

/// <summary>What is taken from a row of figures.</summary>
internal static class Figures
{
    public static double Median(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The figure that this share of all figures does not exceed.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * share) - 1, 0, sorted.Count - 1)];
}
