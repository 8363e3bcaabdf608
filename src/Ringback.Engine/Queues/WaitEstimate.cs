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

    private static readonly WaitEstimate noInteractions = new(null, 1, -1);
    private static readonly WaitEstimate noAgents = new(null, 1, -2);

    /// <summary>
    /// The estimate by one mode. mode1: mean gap of the last departures; mode2: mean handling time by logged-in agents; mode3: the
    /// reported figure, which is that of a new arrival, scaled to one place.
    /// </summary>
    /// <param name="live">What was reported.</param>
    /// <param name="mode">Which estimate.</param>
    /// <param name="callbacksInLine">Callbacks that stand in line, which a new arrival would have ahead.</param>
    public static WaitEstimate Of(LiveState live, EwtMode mode, int callbacksInLine) => mode switch
    {
        EwtMode.Mode1 => live.RecentDepartures is { Count: > 1 } left ? new((left[^1] - left[0]).TotalSeconds, left.Count - 1, 0) : noInteractions,
        EwtMode.Mode2 when live.ReportedAt is null => noInteractions,
        EwtMode.Mode2 when live.AgentsLoggedIn == 0 => noAgents,
        EwtMode.Mode2 => live.MeanHandlingSeconds > 0 ? new(live.MeanHandlingSeconds, live.AgentsLoggedIn, 0) : noInteractions,
        EwtMode.Mode3 => live.ReportedEwtSeconds is { } reported ? new(reported, callbacksInLine + live.InteractionsWaiting + 1, 0) : noInteractions,
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

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
