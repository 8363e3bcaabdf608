using System.Text.Json.Nodes;
using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Storage.Access;

/// <inheritdoc/>
internal sealed class AuditStore(IDatabase database) : IAuditStore
{
    public Task<IReadOnlyList<AuditEntry>> ListAsync(TenantId tenant, Guid? before, int limit) =>
        database.ReadAsync<IReadOnlyList<AuditEntry>>(async s => await s.QueryAsync(
            AuditSql.List, r => new AuditEntry(r.Id(), r.At(), r.Text(), r.Text(), r.Text()), tenant, before ?? Guid.AllBitsSet, limit));

    /// <summary>The statement that writes an entry, to stand in the transaction of what it speaks of.</summary>
    internal static Statement Add(TenantId tenant, DateTimeOffset at, string by, string action, JsonObject detail) =>
        new(AuditSql.Add, [tenant, Guid.CreateVersion7(at), at, by, action, detail.ToJsonString()]);
}
