using Microsoft.Extensions.DependencyInjection;

namespace Ringback.Engine.Delivery;

/// <summary>Which dead addresses come to life again.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="From">Marked dead at or after this.</param>
/// <param name="To">Marked dead before this.</param>
/// <param name="Project">Marked dead by an answer for this project; null for any.</param>
public sealed record TargetRevival(TenantId Tenant, DateTimeOffset From, DateTimeOffset To, string? Project);

/// <summary>Undoes what the push service said of addresses, where it was wrong.</summary>
public sealed class PushTargetService(IDeliveryStore store, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>
    /// Takes addresses back that were marked dead: the next event is sent to them again. What ended while they were dead has ended. Written down with who did it.
    /// </summary>
    /// <returns>How many.</returns>
    public async Task<Answer<int>> ReviveAsync(TenantId tenant, DateTimeOffset from, DateTimeOffset? to, string? project, string by)
    {
        var now = clock.Now();
        var revival = new TargetRevival(tenant, from, to ?? now + TimeSpan.FromMicroseconds(1), project);
        if (revival.From >= revival.To) return Problems.InvalidParameters.With("from must be earlier than to.");
        return await store.ReviveTargetsAsync(revival, by, now);
    }
}
