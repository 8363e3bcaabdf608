using System.Text.Json;
using System.Text.Json.Serialization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;
using Ringback.Storage.Access;

namespace Ringback.Storage.CallIn;

/// <inheritdoc/>
internal sealed partial class CallInStore(IDatabase database) : ICallInStore
{
    public Task<CallInGroup?> FindGroupAsync(TenantId tenant, string name) =>
        database.ReadAsync(async s => (await s.QueryAsync(CallInSql.FindGroup, ReadGroup, tenant, name)).FirstOrDefault());

    public Task SaveGroupAsync(TenantId tenant, CallInGroup group) =>
        database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(
            CallInSql.SaveGroup, tenant, group.Name, JsonSerializer.Serialize(group.PhoneNumbers, Json.Default.IReadOnlyListString),
            group.AccessCodeDigits, group.ExpirySeconds));

    public Task<IReadOnlyList<CallInGroup>> ListGroupsAsync(TenantId tenant) =>
        database.ReadAsync<IReadOnlyList<CallInGroup>>(async s => await s.QueryAsync(CallInSql.ListGroups, ReadGroup, tenant));

    public Task<bool> AddRequestAsync(TenantId tenant, CallInRecord request, DateTimeOffset now) =>
        database.WriteAsync(WorkKind.Other, async s =>
        {
            // No unique index can say "open", which depends on the clock: the look and the insert must be one for every database.
            if (request.AccessCode is not null) await s.LockAsync(AccessSql.LockTenant, tenant);
            if (request.AccessCode is { } code && await IsTakenAsync(s, tenant, request.GroupName, code, now)) return false;
            var (sql, values, _) = Save(tenant, request);
            await s.ExecuteAsync(sql, values);
            return true;
        });

    public Task<bool> IsCodeTakenAsync(TenantId tenant, string group, string accessCode, DateTimeOffset now) =>
        database.ReadAsync(s => IsTakenAsync(s, tenant, group, accessCode, now));

    public Task<IReadOnlyList<CallInRecord>> FindOpenAsync(
        TenantId tenant, string? accessCode, string? fromPhoneNumber, string? toPhoneNumber, DateTimeOffset now) =>
        database.ReadAsync<IReadOnlyList<CallInRecord>>(async s => await s.QueryAsync(
            CallInSql.FindOpen, ReadRequest, tenant, now, accessCode, fromPhoneNumber, toPhoneNumber));

    public Task<bool> MarkMatchedAsync(TenantId tenant, Guid requestId, DateTimeOffset at) =>
        database.WriteAsync(WorkKind.Other, async s => await s.ExecuteAsync(CallInSql.MarkMatched, at, tenant, requestId) == 1);

    /// <summary>The statement that adds a request or brings it up to date.</summary>
    internal static Statement Save(TenantId tenant, CallInRecord r) => new(CallInSql.Save,
        [tenant, r.Id, r.CallbackId, r.GroupName, r.ToPhoneNumber, r.FromPhoneNumber, r.AccessCode, r.UserDataJson, r.CreatedAt, r.ExpiresAt, r.MatchedAt]);

    internal static CallInRecord ReadRequest(Row row) => new()
    {
        Id = row.Id(),
        CallbackId = row.IdOrNull(),
        GroupName = row.Text(),
        ToPhoneNumber = row.Text(),
        FromPhoneNumber = row.TextOrNull(),
        AccessCode = row.TextOrNull(),
        UserDataJson = row.TextOrNull(),
        CreatedAt = row.At(),
        ExpiresAt = row.At(),
        MatchedAt = row.AtOrNull(),
    };

    private static CallInGroup ReadGroup(Row row) => new()
    {
        Name = row.Text(),
        PhoneNumbers = row.Json(Json.Default.IReadOnlyListString),
        AccessCodeDigits = row.Int(),
        ExpirySeconds = row.Int(),
    };

    private static async ValueTask<bool> IsTakenAsync(Session session, TenantId tenant, string group, string code, DateTimeOffset now) =>
        await session.QueryAsync(CallInSql.CountWithCode, r => r.Int(), tenant, group, code, now) is [> 0];

    [JsonSerializable(typeof(IReadOnlyList<string>))]
    private sealed partial class Json : JsonSerializerContext;
}
