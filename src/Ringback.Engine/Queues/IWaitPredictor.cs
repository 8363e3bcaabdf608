namespace Ringback.Engine.Queues;

/// <summary>What the wait is estimated from.</summary>
/// <param name="Live">The live side as it was reported.</param>
/// <param name="CallbacksInLine">Callbacks that stand in line, which a new arrival would have ahead.</param>
public readonly record struct WaitFacts(LiveState Live, int CallbacksInLine);

/// <summary>One way to estimate the wait (rule D3). Pure and cheap: it is asked at every report and every create request.</summary>
public interface IWaitPredictor
{
    /// <summary>What each place in line costs, or why that cannot be known.</summary>
    WaitEstimate Predict(WaitFacts facts);
}

/// <summary>The predictors by mode. A new one is a class here and a word in <see cref="EwtMode"/>.</summary>
internal static class WaitPredictors
{
    private static readonly WaitEstimate noInteractions = new(null, 1, -1);
    private static readonly WaitEstimate noAgents = new(null, 1, -2);

    private static readonly IWaitPredictor departureRate = new DepartureRate();
    private static readonly IWaitPredictor handlingTime = new HandlingTime();
    private static readonly IWaitPredictor reportedFigure = new ReportedFigure();

    public static IWaitPredictor Of(EwtMode mode) => mode switch
    {
        EwtMode.Mode1 => departureRate,
        EwtMode.Mode2 => handlingTime,
        EwtMode.Mode3 => reportedFigure,
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    /// <summary>mode1: the mean gap of the last departures, blind to agents. Departures of one instant tell no rate.</summary>
    private sealed class DepartureRate : IWaitPredictor
    {
        public WaitEstimate Predict(WaitFacts facts)
        {
            var departures = facts.Live.RecentDepartures;
            if (departures.Count < 2 || departures[^1] <= departures[0]) return noInteractions;
            return new WaitEstimate((departures[^1] - departures[0]).TotalSeconds, departures.Count - 1, 0);
        }
    }

    /// <summary>mode2: mean handling time by logged-in agents.</summary>
    private sealed class HandlingTime : IWaitPredictor
    {
        public WaitEstimate Predict(WaitFacts facts) => facts.Live switch
        {
            { ReportedAt: null } => noInteractions,
            { AgentsLoggedIn: 0 } => noAgents,
            { MeanHandlingSeconds: > 0 } live => new WaitEstimate(live.MeanHandlingSeconds, live.AgentsLoggedIn, 0),
            _ => noInteractions,
        };
    }

    /// <summary>mode3: the reported figure, which is that of a new arrival, scaled to one place.</summary>
    private sealed class ReportedFigure : IWaitPredictor
    {
        public WaitEstimate Predict(WaitFacts facts) =>
            facts.Live.ReportedEwtSeconds is { } reported ? new WaitEstimate(reported, facts.CallbacksInLine + facts.Live.InteractionsWaiting + 1, 0) : noInteractions;
    }
}
