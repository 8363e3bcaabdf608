using System.Text.Json;
using System.Text.Json.Serialization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;

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

    public Task AddRequestAsync(TenantId tenant, CallInRecord request)
    {
        var (sql, values, _) = Save(tenant, request);
        return database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(sql, values));
    }

    public Task<bool> ClaimCodeAsync(TenantId tenant, CodeClaim claim, DateTimeOffset now) =>
        database.WriteAsync(WorkKind.Other, async s => await s.ExecuteAsync(CallInSql.ClaimCode, tenant, claim.Group, claim.Code, claim.RequestId, claim.Until, now) == 1);

    public Task ReleaseCodeAsync(TenantId tenant, CodeClaim claim) =>
        database.WriteAsync(WorkKind.Other, s => s.ExecuteAsync(CallInSql.ReleaseCode, tenant, claim.Group, claim.Code, claim.RequestId));

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

    [JsonSerializable(typeof(IReadOnlyList<string>))]
    private sealed partial class Json : JsonSerializerContext;
}
