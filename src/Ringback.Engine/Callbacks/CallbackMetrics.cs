using System.Diagnostics.Metrics;

namespace Ringback.Engine.Callbacks;

/// <summary>Figures of callbacks that somebody should be woken for (rule F4; docs/operations/metrics.md).</summary>
public sealed class CallbackMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Ringback.Callbacks";

    private Func<(IReadOnlyList<CallbackConcerns> Tenants, DateTimeOffset Now)> concerns = () => ([], default);

    /// <summary>The instruments, on a meter of this process's factory.</summary>
    public CallbackMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("ringback.queues.stale", () => Of((tenant, now) => tenant.StaleQueues(now)), null, "Queues with callbacks whose last report is older than 60 s, or that never had one.");
        meter.CreateObservableGauge("ringback.attempts.unknown", () => Of((tenant, _) => tenant.UnknownOutcomes), null, "Attempts that nobody has reported the outcome of, held for attention.");
        meter.CreateObservableGauge("ringback.promises.missed", () => Of((tenant, _) => tenant.MissedPromises), null, "Callbacks that nobody has tried 15 min after the time they were promised for.");
    }

    /// <summary>Where the figures come from.</summary>
    internal void Observe(Func<(IReadOnlyList<CallbackConcerns> Tenants, DateTimeOffset Now)> source) => concerns = source;

    private IEnumerable<Measurement<int>> Of(Func<CallbackConcerns, DateTimeOffset, int> figure)
    {
        var (tenants, now) = concerns();
        return tenants.Select(tenant => new Measurement<int>(figure(tenant, now), new KeyValuePair<string, object?>("tenant", tenant.Tenant.Value)));
    }
}
