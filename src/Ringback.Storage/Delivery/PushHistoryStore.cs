using System.Buffers.Binary;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Delivery;

/// <inheritdoc/>
internal sealed class PushHistoryStore(IDatabase database) : IPushHistoryStore
{
    public async Task<HistoryStep> MoveAsync(TenantId tenant, Guid after, DateTimeOffset overBefore, int most)
    {
        // Nothing that counts changes after the look: a push that has ended stays ended, and a callback that is over stays over.
        var rows = await database.ReadAsync(s => s.QueryAsync(PushHistorySql.Look, r => (Id: r.Id(), IsOver: r.Int() == 1), overBefore, tenant, after, FirstIdAfter(overBefore), most));
        var over = rows.FindAll(row => row.IsOver).ConvertAll(row => row.Id);
        if (over.Count > 0) await database.WriteAllAsync(WorkKind.Other, Move(tenant, over), over.Count);
        return new HistoryStep(over.Count, rows.Count < most ? null : rows[^1].Id);
    }

    public Task<int> ForgetAsync(TenantId tenant, DateTimeOffset before, int most) =>
        database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(PushHistorySql.Forget, tenant, FirstIdAfter(before), most), most);

    /// <summary>
    /// Smaller than the id of every push that was decided in a later millisecond. Ids begin with the time (RFC 9562, version 7), so an instant bounds a walk along the key, where a condition on a column would be
    /// looked at for every row that is too young.
    /// </summary>
    private static Guid FirstIdAfter(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (at.ToUnixTimeMilliseconds() + 1) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    private List<Statement> Move(TenantId tenant, List<Guid> over) => database.Dialect == Dialect.PostgreSql
        ? [new(PushHistorySql.MoveAll, [tenant, over.Column(id => id)])]
        : [.. over.SelectMany(id => (Statement[])[new(PushHistorySql.Copy, [tenant, id]), new(PushHistorySql.Remove, [tenant, id])])];
}
