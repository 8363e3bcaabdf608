using System.Text.Json.Nodes;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Storage.Access;

namespace Ringback.Storage.Delivery;

/// <inheritdoc/>
internal sealed class PauseStore(IDatabase database) : IPauseStore
{
    public Task<IReadOnlyList<DeliveryPause>> ListAsync() => database.ReadAsync<IReadOnlyList<DeliveryPause>>(async s =>
        await s.QueryAsync(PauseSql.List, r => new DeliveryPause(r.Tenant(), r.Text(), r.At(), r.Text())));

    public Task<bool> AddAsync(DeliveryPause pause) => database.WriteAsync(WorkKind.Other, async s =>
    {
        if (await s.ExecuteAsync(PauseSql.Add, pause.Tenant, pause.Queue, pause.At, pause.By) == 0) return false;
        await s.ExecuteAllAsync([AuditStore.Add(pause.Tenant, pause.At, pause.By, "delivery.paused", Detail(pause.Queue))]);
        return true;
    });

    public Task<bool> RemoveAsync(TenantId tenant, string queue, string by, DateTimeOffset at) => database.WriteAsync(WorkKind.Other, async s =>
    {
        if (await s.ExecuteAsync(PauseSql.Remove, tenant, queue) == 0) return false;
        await s.ExecuteAllAsync([new(PauseSql.WakeHeld, [tenant, at]), AuditStore.Add(tenant, at, by, "delivery.resumed", Detail(queue))]);
        return true;
    });

    public Task WakeHeldAsync(TenantId tenant, DateTimeOffset now) => database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(PauseSql.WakeHeld, tenant, now));

    public Task WakeAllHeldAsync(DateTimeOffset now) => database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(PauseSql.WakeAllHeld, now));

    /// <summary>The statements that end the pause of a queue which is deleted, where it has one: a queue that is made under its name later is another one and begins unpaused.</summary>
    internal static Statement[] EndWithQueue(TenantId tenant, string queue, string by, DateTimeOffset at) =>
    [
        new(PauseSql.WakeHeldByQueue, [tenant, at, queue]),
        new(PauseSql.AuditEndOfQueue, [.. AuditStore.Add(tenant, at, by, "delivery.resumed", Detail(queue)).Values, queue]),
        new(PauseSql.Remove, [tenant, queue]),
    ];

    private static JsonObject Detail(string queue) => queue.Length == 0 ? [] : new() { ["queue"] = queue };
}
