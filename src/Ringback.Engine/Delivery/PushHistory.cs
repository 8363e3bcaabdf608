using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ringback.Engine.Delivery;

/// <summary>
/// Keeps the outbox small: moves what is over into the history and forgets what is too old there. A few rows at a time and each in a transaction of its own, so that nobody who sends waits for it; of
/// the rows that it touches delivery has nothing more to write.
/// </summary>
public sealed class PushHistory(IPushHistoryStore store, IOptions<DeliveryOptions> options, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Rows of one transaction: a few milliseconds of the one writer that SQLite has.</summary>
    public const int BatchSize = 200;

    /// <summary>Goes once over a tenant's pushes.</summary>
    public async Task TidyAsync(TenantId tenant, CancellationToken stopping)
    {
        var now = clock.Now();
        var overBefore = now - TimeSpan.FromMinutes(options.Value.FinishedMinutes);
        for (Guid? next = Guid.Empty; next is { } after && !stopping.IsCancellationRequested;) next = (await store.MoveAsync(tenant, after, overBefore, BatchSize)).Next;
        var forgetBefore = now - TimeSpan.FromDays(options.Value.HistoryDays);
        while (!stopping.IsCancellationRequested && await store.ForgetAsync(tenant, forgetBefore, BatchSize) == BatchSize)
        {
        }
    }
}
