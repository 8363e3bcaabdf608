using System.Diagnostics.CodeAnalysis;

namespace Ringback.Engine.Delivery;

/// <summary>
/// The lanes that may send, in the order of their turns: the tenants take turns, and the lanes of a tenant take the tenant's. So a tenant with many apps has no more turns than one with a
/// single app. Guarded by the lock of <see cref="SendSchedule"/>.
/// </summary>
internal sealed class TurnRing
{
    private readonly Queue<TenantId> tenants = new(); // Each that has a lane here, once.
    private readonly Dictionary<TenantId, Queue<DeliveryLane>> lanes = [];

    /// <summary>Puts a lane behind the others of its tenant.</summary>
    public void Enqueue(DeliveryLane lane)
    {
        var tenant = lane.Key.Tenant;
        if (!lanes.TryGetValue(tenant, out var ofTenant)) lanes[tenant] = ofTenant = new Queue<DeliveryLane>();
        if (ofTenant.Count == 0) tenants.Enqueue(tenant);
        ofTenant.Enqueue(lane);
    }

    /// <summary>Takes out the lane whose turn it is.</summary>
    public bool TryDequeue([NotNullWhen(true)] out DeliveryLane? lane)
    {
        lane = null;
        if (!tenants.TryDequeue(out var tenant)) return false;
        var ofTenant = lanes[tenant];
        lane = ofTenant.Dequeue();
        if (ofTenant.Count > 0) tenants.Enqueue(tenant);
        return true;
    }
}
