using System.Globalization;

namespace Ringback.Engine;

/// <summary>One customer of this installation. Leads every key and every query, so that tenants never meet.</summary>
/// <param name="Value">A positive number, given once and never reused.</param>
public readonly record struct TenantId(int Value)
{
    /// <summary>The number in the invariant culture, as log lines and API keys carry it.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One callback queue of one tenant; the unit that has exactly one owner at a time.</summary>
/// <param name="Tenant">The tenant that the queue belongs to.</param>
/// <param name="QueueId">The number of the queue within its tenant, positive.</param>
public readonly record struct QueueKey(TenantId Tenant, int QueueId)
{
    /// <summary><c>tenant/queue</c>, as log lines carry it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Tenant.Value}/{QueueId}");
}
