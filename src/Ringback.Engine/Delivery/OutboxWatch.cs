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

/// <summary>
/// Reads for the metrics how much waits in the outbox. By itself and not when somebody asks: a query that walks the pending rows must not depend on how often and by how
/// many readers the metrics are fetched.
/// </summary>
public sealed class OutboxWatch : BackgroundService
{
    /// <summary>The shortest time between two readings.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>After a reading that took long it rests so many times as long: a flood of millions costs the database no more than a twentieth of its time.</summary>
    private const int RestPerReading = 20;

    private readonly IDeliveryStore store;
    private readonly TimeProvider clock;
    private IReadOnlyList<OutboxDepth>? last;

    /// <summary>A watch that begins with the host.</summary>
    public OutboxWatch(IDeliveryStore store, DeliveryMetrics metrics, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
    {
        (this.store, this.clock) = (store, clock);
        metrics.Observe(() => Volatile.Read(ref last) is { } tenants ? new OutboxReading(tenants, clock.Now()) : null);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var begun = clock.GetTimestamp();
                Volatile.Write(ref last, await TryReadAsync());
                var rest = clock.GetElapsedTime(begun) * RestPerReading;
                await Task.Delay(rest > Every ? rest : Every, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <summary>Nothing where the database is away: no figure is better than one that no longer holds. The loop logs the outage.</summary>
    private async Task<IReadOnlyList<OutboxDepth>?> TryReadAsync()
    {
        try
        {
            return await store.DepthAsync(clock.Now());
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            return null;
        }
    }
}
