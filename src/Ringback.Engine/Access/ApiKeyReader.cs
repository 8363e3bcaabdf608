using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Ringback.Engine.Access;

/// <summary>Who speaks: the key that came with a request.</summary>
/// <param name="Tenant">The tenant that the key belongs to.</param>
/// <param name="Name">The key's name, for <c>updatedBy</c> and audit.</param>
/// <param name="Rights">What it may do.</param>
public sealed record ApiCaller(TenantId Tenant, string Name, ApiRights Rights)
{
    /// <summary>Whether the key has all of these rights.</summary>
    public bool May(ApiRights rights) => (Rights & rights) == rights;
}

/// <summary>Reads API keys. A known key is remembered for a few seconds, so that a busy app costs no look-up per request.</summary>
public sealed class ApiKeyReader(IAccessStore store, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>The longest time that a revoked key still works.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    /// <summary>Only keys that exist are remembered, so that guesses cannot fill the memory; this bounds it all the same.</summary>
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<string, (ApiCaller Caller, DateTimeOffset Until)> known = new(StringComparer.Ordinal);

    /// <summary>Who the key stands for, or null where it is none, unknown or revoked.</summary>
    public async ValueTask<ApiCaller?> ReadAsync(string? key)
    {
        if (!ApiKey.TryReadTenant(key, out var tenant)) return null;
        var now = clock.Now();
        if (known.TryGetValue(key!, out var entry) && entry.Until > now) return entry.Caller;
        if (await store.FindKeyAsync(tenant, ApiKey.Hash(key!)) is not { RevokedAt: null } record)
        {
            known.TryRemove(key!, out _);
            return null;
        }
        var caller = new ApiCaller(tenant, record.Name, record.Rights);
        if (known.Count >= MostRemembered) known.Clear();
        known[key!] = (caller, now + Remembered);
        return caller;
    }
}
