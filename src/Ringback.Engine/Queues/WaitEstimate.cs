namespace Ringback.Engine.Queues;

/// <summary>
/// The estimated wait time of every place in a queue: each mode says how many seconds one place costs, or that it cannot be known.
/// </summary>
/// <param name="SecondsPerPlace">Seconds that each place takes, or null where the wait is unknown.</param>
/// <param name="ResultCode">0 known, −1 no interactions yet, −2 no agents (docs/api).</param>
public readonly record struct WaitEstimate(double? SecondsPerPlace, int ResultCode)
{
    /// <summary>The wire's word for "not known".</summary>
    public const int Unknown = -1;

    /// <summary>The estimate by one mode (<see cref="IWaitPredictor"/>).</summary>
    /// <param name="live">What was reported.</param>
    /// <param name="mode">Which estimate.</param>
    /// <param name="callbacksInLine">Callbacks that stand in line, which a new arrival would have ahead.</param>
    public static WaitEstimate Of(LiveState live, EwtMode mode, int callbacksInLine) => WaitPredictors.Of(mode).Predict(new WaitFacts(live, callbacksInLine));

    /// <summary>The wait at a position, counted from 1; null = unknown.</summary>
    public double? SecondsAt(int position) => SecondsPerPlace * position;

    /// <summary>The wait at a position in whole seconds, or −1 = unknown, as the wire shows it.</summary>
    public int WholeSecondsAt(int position) => SecondsAt(position) is { } seconds ? (int)Math.Min(Math.Round(seconds), int.MaxValue) : Unknown;

    /// <summary>
    /// Positions below this may have a wait below <paramref name="threshold"/>; 0 where none has. A hair too generous, so that rounding loses none:
    /// the caller judges each by its seconds.
    /// </summary>
    public double PositionsBelow(TimeSpan threshold) => SecondsPerPlace switch
    {
        null => 0,
        0 => threshold > TimeSpan.Zero ? double.PositiveInfinity : 0,
        { } seconds => (threshold.TotalSeconds / seconds) + 1e-6,
    };
}
