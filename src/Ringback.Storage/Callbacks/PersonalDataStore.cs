using System.Text.Json.Nodes;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Storage.Access;
using Ringback.Storage.CallIn;
using Ringback.Storage.Delivery;

namespace Ringback.Storage.Callbacks;

/// <inheritdoc/>
internal sealed class PersonalDataStore(IDatabase database) : IPersonalDataStore
{
    public Task<PersonalDataFound> FindAgedAsync(TenantId tenant, DateTimeOffset overBefore, int most) => database.ReadAsync(async s => new PersonalDataFound(
        await s.QueryAsync(PersonalDataSql.FindAged, r => r.Id(), tenant, overBefore, most),
        await s.QueryAsync(PersonalDataSql.FindAgedCallIns, r => r.Id(), tenant, overBefore, most), InUse: 0));

    public Task<PersonalDataFound> FindByNumberAsync(TenantId tenant, string phoneNumber, DateTimeOffset now) => database.ReadAsync(async s => Sorted(
        await s.QueryAsync(PersonalDataSql.FindByNumber, ReadFound, tenant, phoneNumber),
        await s.QueryAsync(PersonalDataSql.FindCallInsByNumber, ReadFound, now, tenant, phoneNumber)));

    public Task<PersonalDataFound> FindByAddressAsync(TenantId tenant, string address) =>
        database.ReadAsync(async s => Sorted(await s.QueryAsync(PersonalDataSql.FindByAddress, ReadFound, tenant, address), []));

    public Task EraseAsync(TenantId tenant, PersonalDataFound found, DateTimeOffset at, string? by)
    {
        List<Statement> statements =
        [
            .. found.Callbacks.SelectMany(id => (Statement[])
            [
                new(PersonalDataSql.EraseCallback, [at, tenant, id]),
                new(PersonalDataSql.EndPushes, [at, tenant, id]),
                new(PersonalDataSql.EraseTargets, [tenant, id]),
                new(PersonalDataSql.EraseCallInsOfCallback, [tenant, id]),
            ]),
            .. found.CallIns.Select(id => new Statement(PersonalDataSql.EraseCallIn, [tenant, id])),
        ];
        if (by is not null) statements.Add(Audit(tenant, at, by, "phoneNumber", found.Callbacks.Count, found.CallIns.Count));
        return database.WriteAllAsync(WorkKind.Erasure, statements, statements.Count);
    }

    public Task EraseAddressAsync(TenantId tenant, IReadOnlyList<Guid> callbacks, string address, DateTimeOffset at, string by)
    {
        List<Statement> statements =
        [
            .. callbacks.SelectMany(id => (Statement[])[new(PersonalDataSql.EndPushesTo, [at, tenant, id, address]), new(PersonalDataSql.EraseTarget, [tenant, id, address])]),
            Audit(tenant, at, by, "pushTarget", callbacks.Count, 0),
        ];
        return database.WriteAllAsync(WorkKind.Erasure, statements, statements.Count);
    }

    public async Task<KeptData> ExportAsync(TenantId tenant, string phoneNumber, Guid after, int most, DateTimeOffset at, string by)
    {
        var kept = await database.ReadAsync(s => ReadKeptAsync(s, tenant, phoneNumber, after, most));
        var detail = new JsonObject { ["callbacks"] = kept.Callbacks.Count, ["callIns"] = kept.CallIns.Count };
        await database.WriteAllAsync(WorkKind.Other, [AuditStore.Add(tenant, at, by, "personal_data.exported", detail)], rows: 1);
        return kept;
    }

    public Task FinishErasureAsync() => database.FinishErasureAsync();

    private static async ValueTask<KeptData> ReadKeptAsync(Session s, TenantId tenant, string phoneNumber, Guid after, int most)
    {
        var found = await s.QueryAsync(PersonalDataSql.Export, r => (Id: r.Id(), IsCallback: r.Int() == 0), tenant, after, phoneNumber, most + 1);
        var (callbacks, callIns) = (new List<KeptCallback>(), new List<CallInRecord>());
        foreach (var (id, isCallback) in found.Take(most))
        {
            if (isCallback) callbacks.AddRange(await ReadKeptAsync(s, tenant, id));
            else callIns.AddRange(await s.QueryAsync(CallInSql.Find, CallInStore.ReadRequest, tenant, id));
        }
        return new KeptData(phoneNumber, callbacks, callIns, found.Count > most ? found[most - 1].Id : null);
    }

    private static async ValueTask<List<KeptCallback>> ReadKeptAsync(Session s, TenantId tenant, Guid id)
    {
        var details = await s.QueryAsync(CallbackSql.FindDetails, CallbackStore.ReadDetails, tenant, id);
        var targets = await s.QueryAsync(PersonalDataSql.TargetsOf, ReadTarget, tenant, id);
        var attempts = await s.QueryAsync(AttemptSql.OfCallback, CallbackColumns.ReadAttempt, tenant, id);
        var callIns = await s.QueryAsync(CallInSql.OfCallback, CallInStore.ReadRequest, tenant, id);
        var pushes = await s.QueryAsync(PushLogSql.OfCallback, PushLogStore.Read, tenant, id);
        var timeline = CallbackTimeline.Merge(
            await s.QueryAsync(CallbackSql.Timeline, CallbackTimeline.ReadEntry, tenant, id), await s.QueryAsync(DeliverySql.FactsOfCallback, CallbackTimeline.ReadFact, tenant, id));
        return await s.QueryAsync(
            CallbackSql.Find, r => new KeptCallback(CallbackColumns.ReadStored(tenant, r), details[0], targets, attempts, callIns, pushes, timeline), tenant, id);
    }

    private static KeptTarget ReadTarget(Row row) => new(row.Int(), new PushTarget((PushTargetType)row.Int(), row.Text()), (TargetState)row.Int(), row.AtOrNull());

    /// <summary>What was erased must not live on in the audit.</summary>
    private static Statement Audit(TenantId tenant, DateTimeOffset at, string by, string asked, int callbacks, int callIns) =>
        AuditStore.Add(tenant, at, by, "personal_data.erased", new JsonObject { ["by"] = asked, ["callbacks"] = callbacks, ["callIns"] = callIns });

    private static PersonalDataFound Sorted(List<(Guid Id, bool IsInUse)> callbacks, List<(Guid Id, bool IsInUse)> callIns) => new(
        callbacks.FindAll(c => !c.IsInUse).ConvertAll(c => c.Id), callIns.FindAll(c => !c.IsInUse).ConvertAll(c => c.Id),
        callbacks.Count(c => c.IsInUse) + callIns.Count(c => c.IsInUse));

    private static (Guid Id, bool IsInUse) ReadFound(Row row) => (row.Id(), row.Int() == 1);
}
