using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Storage.Access;

namespace Ringback.Storage.Delivery;

/// <inheritdoc/>
internal sealed class PushLogStore(IDatabase database, TimeProvider clock) : IPushLogStore
{
    private const int AnyState = -1;

    public Task<IReadOnlyList<LoggedPush>> ListAsync(TenantId tenant, PushFilter filter)
    {
        object?[] fits =
        [
            filter.Before ?? Guid.AllBitsSet, FirstIdOf(filter.Since), filter.State is { } state ? (int)state : AnyState, filter.Event ?? "", filter.Code ?? "", filter.Project?.Name ?? "",
            $"projects/{filter.Project?.Name}/messages/%", filter.Project?.App is { } app ? $"%\"app\":\"{app}\"%" : "", filter.Project?.IsOfDefaultApp == true ? 1 : 0, filter.Limit,
        ];
        return database.ReadAsync<IReadOnlyList<LoggedPush>>(async s => filter.CallbackId is { } callback
            ? await s.QueryAsync(PushLogSql.ListOfCallback, Read, [tenant, callback, .. fits])
            : await s.QueryAsync(PushLogSql.List, Read, [tenant, .. fits]));
    }

    public Task<LoggedPush?> FindAsync(TenantId tenant, Guid notificationId) =>
        database.ReadAsync(async s => (await s.QueryAsync(PushLogSql.Find, Read, tenant, notificationId)).FirstOrDefault());

    public Task<Answer<OutboxRow>?> SendAgainAsync(TenantId tenant, Guid notificationId, Func<LoggedPush, IReadOnlyList<LoggedPush>, Answer<OutboxRow>> judge, string by) =>
        database.WriteAsync<Answer<OutboxRow>?>(WorkKind.Other, async s =>
        {
            if ((await s.QueryAsync(PushLogSql.Find, Read, tenant, notificationId)).FirstOrDefault() is not { } push) return null;
            var others = await s.QueryAsync(PushLogSql.OfTarget, Read, tenant, push.Message.CallbackId, push.TargetOrdinal);
            var answer = judge(push, others);
            if (answer.Fault is not null) return answer;
            var (row, message) = (answer.Value, answer.Value.Message);
            var added = await s.ExecuteAsync(
                PushLogSql.Add, tenant, message.NotificationId, message.CallbackId, message.Event, row.Round, row.TargetOrdinal, CredentialKey.Of(row).App, PushMessageJson.Write(message),
                message.OccurredAt, clock.Now(), message.ExpiresAt);
            if (added == 0) return Problems.PushStateConflict.With("It is being sent again already.");
            await s.ExecuteAllAsync([AuditStore.Add(tenant, clock.Now(), by, "push.sent_again", Detail(notificationId, message))]);
            return answer;
        });

    private static JsonObject Detail(Guid first, PushMessage again) => new()
    {
        ["event"] = again.Event,
        ["callbackId"] = again.CallbackId.ToString("D"),
        ["notificationId"] = first.ToString("D"),
        ["sentAs"] = again.NotificationId.ToString("D"),
    };

    /// <summary>The smallest id of that millisecond: such an id begins with its time.</summary>
    private static Guid FirstIdOf(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, at.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    internal static LoggedPush Read(Row row) => new()
    {
        Message = PushMessageJson.Read(row.Text()),
        Round = row.Int(),
        TargetOrdinal = row.Int(),
        State = (OutboxState)row.Int(),
        Attempts = row.Int(),
        NextAt = row.AtOrNull(),
        IsLeased = row.Int() == 1,
        LastCode = row.TextOrNull(),
        LastAt = row.AtOrNull(),
        FinishedAt = row.AtOrNull(),
        Target = ReadTarget(row),
    };

    private static MaskedTarget? ReadTarget(Row row)
    {
        var (type, beginning, length, state) = (row.IntOrNull(), row.TextOrNull(), row.IntOrNull(), row.IntOrNull());
        return type is null ? null : new((PushTargetType)type, beginning ?? "", length ?? 0, (TargetState)state!);
    }
}
