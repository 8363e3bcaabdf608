using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Storage.Queues;

namespace Ringback.Storage.Callbacks;

/// <inheritdoc/>
internal sealed class CallbackConcernsStore(IDatabase database) : ICallbackConcernsStore
{
    public Task<IReadOnlyList<CallbackConcerns>> ReadAsync(DateTimeOffset promisedBefore) => database.ReadAsync<IReadOnlyList<CallbackConcerns>>(async s =>
    {
        var queues = (await s.QueryAsync(CallbackConcernsSql.Queues, r => (Tenant: r.Tenant(), r.Json(LiveStateJson.Default.LiveState).ReportedAt))).ToLookup(q => q.Tenant, q => q.ReportedAt);
        var unknown = (await s.QueryAsync(CallbackConcernsSql.UnknownOutcomes, r => (Tenant: r.Tenant(), Count: r.Int()))).ToDictionary(r => r.Tenant, r => r.Count);
        var missed = (await s.QueryAsync(CallbackConcernsSql.MissedPromises, r => (Tenant: r.Tenant(), Count: r.Int()), promisedBefore)).ToDictionary(r => r.Tenant, r => r.Count);
        var tenants = queues.Select(q => q.Key).Concat(unknown.Keys).Concat(missed.Keys).Distinct();
        return [.. tenants.Select(tenant => new CallbackConcerns(tenant, [.. queues[tenant]], unknown.GetValueOrDefault(tenant), missed.GetValueOrDefault(tenant)))];
    });
}
