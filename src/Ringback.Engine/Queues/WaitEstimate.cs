namespace Ringback.Engine.Queues;

/// <summary>
/// The estimated wait time of every place in a queue: each mode says how many seconds so many places cost, or that it cannot be known. The two are
/// kept apart, so that a wait is multiplied before it is divided: one of exactly the threshold is not below it (rule B1), whatever a quotient loses.
/// </summary>
/// <param name="Seconds">Seconds that <paramref name="Places"/> places take together, or null where the wait is unknown.</param>
/// <param name="Places">How many places, at least 1.</param>
/// <param name="ResultCode">0 known, −1 no interactions yet, −2 no agents (docs/api).</param>
public readonly record struct WaitEstimate(double? Seconds, int Places, int ResultCode)
{
    /// <summary>The wire's word for "not known".</summary>
    public const int Unknown = -1;

    /// <summary>The estimate by one mode (<see cref="IWaitPredictor"/>).</summary>
    /// <param name="live">What was reported.</param>
    /// <param name="mode">Which estimate.</param>
    /// <param name="callbacksInLine">Callbacks that stand in line, which a new arrival would have ahead.</param>
    public static WaitEstimate Of(LiveState live, EwtMode mode, int callbacksInLine) => WaitPredictors.Of(mode).Predict(new WaitFacts(live, callbacksInLine));

    /// <summary>The wait at a position, counted from 1; null = unknown.</summary>
    public double? SecondsAt(int position) => Seconds * position / Places;

    /// <summary>The wait at a position in whole seconds, or −1 = unknown, as the wire shows it.</summary>
    public int WholeSecondsAt(int position) => SecondsAt(position) is { } seconds ? (int)Math.Min(Math.Round(seconds), int.MaxValue) : Unknown;

    /// <summary>
    /// Positions below this may have a wait below <paramref name="threshold"/>; 0 where none has. A hair too generous, so that rounding loses none:
    /// the caller judges each by its seconds.
    /// </summary>
    public double PositionsBelow(TimeSpan threshold) => Seconds switch
    {
        null => 0,
        0 => threshold > TimeSpan.Zero ? double.PositiveInfinity : 0,
        { } seconds => (threshold.TotalSeconds * Places / seconds) + 1e-6,
    };
}
