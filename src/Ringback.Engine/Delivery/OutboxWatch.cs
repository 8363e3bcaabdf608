using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ringback.Engine.Delivery;

/// <summary>How much of a tenant waits in the outbox.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Pending">Pushes that are not over.</param>
/// <param name="Due">Those of them that are due and that nobody holds.</param>
/// <param name="OldestAt">When the oldest of them was decided.</param>
public sealed record OutboxDepth(TenantId Tenant, int Pending, int Due, DateTimeOffset OldestAt);

/// <summary>What was last read of the outbox, looked at now.</summary>
internal sealed record OutboxReading(IReadOnlyList<OutboxDepth> Tenants, DateTimeOffset Now);

/// <summary>Reads for the metrics how much waits in the outbox.</summary>
public sealed class OutboxWatch : BackgroundService
{
    private readonly PacedReading<IReadOnlyList<OutboxDepth>> reading;

    /// <summary>A watch that begins with the host.</summary>
    public OutboxWatch(IDeliveryStore store, DeliveryMetrics metrics, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
    {
        reading = new PacedReading<IReadOnlyList<OutboxDepth>>(() => store.DepthAsync(clock.Now()), TimeSpan.FromSeconds(5), clock);
        metrics.Observe(() => reading.Last is { } tenants ? new OutboxReading(tenants, clock.Now()) : null);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => reading.RunAsync(stoppingToken);
}
