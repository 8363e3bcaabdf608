using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>When a wait was forecast to a customer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ForecastMoment>))]
public enum ForecastMoment
{
    /// <summary>As the create request arrived.</summary>
    [JsonStringEnumMemberName("CREATE")]
    Create = 0,

    /// <summary>As <c>CALLBACK_UPCOMING</c> was decided.</summary>
    [JsonStringEnumMemberName("UPCOMING")]
    Upcoming = 1,
}

/// <summary>
/// Forecasts against what then happened (rule D3): the time to the next attempt, or on a USERORIGINATED queue to READY. The error of one forecast is that time less
/// the forecast: positive where the customer waited longer than was said. One that the customer's own snooze or reschedule overtook is held against nothing.
/// </summary>
public sealed record ForecastTally
{
    /// <summary>A forecast is covered where its error is at most so many seconds …</summary>
    public const int CoveredSeconds = 120;

    /// <summary>… or at most this percentage of the forecast, whichever is more.</summary>
    public const int CoveredPercent = 20;

    /// <summary>When the wait was said.</summary>
    public required ForecastMoment Moment { get; init; }

    /// <summary>By which mode.</summary>
    public required EwtMode Mode { get; init; }

    /// <summary>Forecasts, the unknown ones included.</summary>
    public required long Said { get; init; }

    /// <summary>Forecasts of −1.</summary>
    public required long Unknown { get; init; }

    /// <summary>Known forecasts of callbacks that were then served; all figures below are over these.</summary>
    public required long Served { get; init; }

    /// <summary>Sum of the errors in seconds.</summary>
    public required double ErrorSeconds { get; init; }

    /// <summary>Sum of the errors in seconds without their signs.</summary>
    public required double AbsoluteErrorSeconds { get; init; }

    /// <summary>Forecasts that were covered.</summary>
    public required long Covered { get; init; }

    /// <summary>Mean error in seconds; null where nobody was served.</summary>
    public double? BiasSeconds => Served > 0 ? ErrorSeconds / Served : null;

    /// <summary>Mean error in seconds without its sign; null where nobody was served.</summary>
    public double? MeanAbsoluteErrorSeconds => Served > 0 ? AbsoluteErrorSeconds / Served : null;

    /// <summary>Share of covered forecasts, 0 to 1; null where nobody was served.</summary>
    public double? Coverage => Served > 0 ? (double)Covered / Served : null;
}

/// <summary>
/// Reads what the timelines of a queue's callbacks say about forecasts. Nothing is written for it: the forecast stands in the entry of the decision, and what then
/// happened in an entry of its own. It is kept as long as they are.
/// </summary>
public interface IForecastStore
{
    /// <summary>The tallies of callbacks that were created within a span, by moment and mode.</summary>
    Task<IReadOnlyList<ForecastTally>> TallyAsync(QueueKey queue, DateTimeOffset from, DateTimeOffset to);
}

/// <summary>How good a queue's forecasts were.</summary>
/// <param name="From">First instant of the callbacks that were looked at.</param>
/// <param name="To">The instant after the last one.</param>
/// <param name="Tallies">By moment and mode.</param>
public sealed record ForecastQuality(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<ForecastTally> Tallies);

/// <summary>Answers how good a queue's forecasts were.</summary>
public sealed class ForecastService(IQueueStore queues, IForecastStore forecasts, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>The longest span that is looked at in one go.</summary>
    public static readonly TimeSpan MaxSpan = TimeSpan.FromDays(92);

    private static readonly TimeSpan usualSpan = TimeSpan.FromDays(7);

    /// <summary>The quality over callbacks created within a span.</summary>
    /// <param name="tenant">Whose queue.</param>
    /// <param name="name">The queue.</param>
    /// <param name="from">First instant; null = a week before <paramref name="to"/>.</param>
    /// <param name="to">The instant after the last; null = now.</param>
    public async Task<Answer<ForecastQuality>> QualityAsync(TenantId tenant, string name, DateTimeOffset? from, DateTimeOffset? to)
    {
        if (await queues.FindAsync(tenant, name) is not { } queue) return Problems.QueueNotFound.With("No queue of this tenant has that name.");
        var end = to ?? clock.Now();
        var start = from ?? end - usualSpan;
        if (start >= end) return Problems.InvalidParameters.With("from must be earlier than to.");
        if (end - start > MaxSpan) return Problems.InvalidParameters.With($"from and to must be at most {MaxSpan.TotalDays:0} days apart.");
        return new ForecastQuality(start, end, await forecasts.TallyAsync(queue.Key, start, end));
    }
}
