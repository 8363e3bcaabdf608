using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ringback.Engine.Callbacks;

/// <summary>What of a tenant may need somebody's attention (rule F4).</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="ReportedAt">When each queue that has callbacks was last reported on; null for one that never was.</param>
/// <param name="UnknownOutcomes">Attempts whose lease ended without an outcome, and that are not over.</param>
/// <param name="MissedPromises">Callbacks that nobody has tried although their desired time passed long ago.</param>
public sealed record CallbackConcerns(TenantId Tenant, IReadOnlyList<DateTimeOffset?> ReportedAt, int UnknownOutcomes, int MissedPromises)
{
    /// <summary>A report that is older says nothing of the present (rule D5).</summary>
    public static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(60);

    /// <summary>How long after its desired time a callback that nobody has tried is a promise missed.</summary>
    public static readonly TimeSpan MissedAfter = TimeSpan.FromMinutes(15);

    /// <summary>Queues whose last report is out of date.</summary>
    public int StaleQueues(DateTimeOffset now) => ReportedAt.Count(at => at is null || now - at > StaleAfter);
}

/// <summary>Reads across all tenants what may need attention.</summary>
public interface ICallbackConcernsStore
{
    /// <summary>The tenants that have callbacks, each with its concerns.</summary>
    /// <param name="promisedBefore">A callback that was promised for earlier than this and that nobody has tried is missed.</param>
    Task<IReadOnlyList<CallbackConcerns>> ReadAsync(DateTimeOffset promisedBefore);
}

/// <summary>Reads for the metrics what may need attention.</summary>
public sealed class CallbackWatch : BackgroundService
{
    private readonly PacedReading<IReadOnlyList<CallbackConcerns>> reading;

    /// <summary>A watch that begins with the host.</summary>
    public CallbackWatch(ICallbackConcernsStore store, CallbackMetrics metrics, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
    {
        reading = new PacedReading<IReadOnlyList<CallbackConcerns>>(() => store.ReadAsync(clock.Now() - CallbackConcerns.MissedAfter), TimeSpan.FromSeconds(10), clock);
        metrics.Observe(() => (reading.Last ?? [], clock.Now()));
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => reading.RunAsync(stoppingToken);
}
