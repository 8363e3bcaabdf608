using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Storage.Delivery;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Callbacks;

/// <summary>Callbacks and attempts on their way to and from their columns. The order here is the order in the <c>…Sql</c> classes.</summary>
internal static class CallbackColumns
{
    public static Statement Add(QueueKey queue, CallbackRecord c, CallbackDetails details) => new(SqliteCallbackSql.Add,
    [
        queue.Tenant, c.Id, queue.QueueId, .. State(c), details.UserDataJson, details.RoutePoint, details.SurveyRoutePoint, details.Priority, details.ReportingJson,
    ]);

    public static Statement Change(QueueKey queue, CallbackRecord c) =>
        new(SqliteCallbackSql.Change, [.. State(c), queue.Tenant, c.Id, queue.QueueId], MustHit: true);

    /// <summary>The slots of a callback's push targets. Of an empty one even the address is forgotten, and what was to be sent there is withdrawn.</summary>
    public static IEnumerable<Statement> Replace(QueueKey queue, DateTimeOffset now, Change.TargetsReplaced replaced)
    {
        for (var ordinal = 0; ordinal < replaced.Slots.Count; ordinal++)
        {
            var target = replaced.Slots[ordinal];
            yield return new(CallbackSql.SetTarget,
            [
                queue.Tenant, replaced.CallbackId, ordinal, (int)(target?.Type ?? PushTargetType.Token), target?.Address ?? "", (int)(target is null ? TargetState.Dead : TargetState.Active),
            ]);
            if (target is null) yield return new(DeliverySql.WithdrawFromTarget, [now, queue.Tenant, replaced.CallbackId, ordinal]);
        }
    }

    public static Statement Save(QueueKey queue, AttemptRecord a) => new(SqliteCallbackSql.SaveAttempt,
    [
        queue.Tenant, a.Id, queue.QueueId, a.CallbackId, a.Number, a.Agent, a.State, a.Outcome, a.StartedAt, a.LeaseEndsAt, a.EndedAt,
        a.Answer is null ? null : CallbackJson.Write(a.Answer),
    ]);

    public static Statement AddAll(QueueKey queue, List<(CallbackRecord Record, CallbackDetails Details)> created) => new(PostgreSqlCallbackSql.Add,
    [
        queue.Tenant, queue.QueueId, .. States(created.ConvertAll(c => c.Record)), created.Column(c => c.Details.UserDataJson), created.Column(c => c.Details.RoutePoint),
        created.Column(c => c.Details.SurveyRoutePoint), created.Column(c => c.Details.Priority), created.Column(c => c.Details.ReportingJson),
    ]);

    public static Statement ChangeAll(QueueKey queue, List<CallbackRecord> changed) =>
        new(PostgreSqlCallbackSql.Change, [.. States(changed), queue.Tenant, queue.QueueId]);

    public static Statement SaveAll(QueueKey queue, IReadOnlyCollection<AttemptRecord> attempts) => new(PostgreSqlCallbackSql.SaveAttempts,
    [
        queue.Tenant, queue.QueueId, attempts.Column(a => a.Id), attempts.Column(a => a.CallbackId), attempts.Column(a => a.Number), attempts.Column(a => a.Agent),
        attempts.Column(a => (int)a.State), attempts.Column(a => (int?)a.Outcome), attempts.Column(a => a.StartedAt.ToMicroseconds()),
        attempts.Column(a => a.LeaseEndsAt.ToMicroseconds()), attempts.Column(a => a.EndedAt?.ToMicroseconds()),
        attempts.Column(a => a.Answer is null ? null : CallbackJson.Write(a.Answer)),
    ]);

    public static CallbackRecord Read(Row row) => new()
    {
        Id = row.Id(),
        State = (CallbackState)row.Int(),
        Reason = (CompletionReason?)row.IntOrNull(),
        PhoneNumber = row.Text(),
        Language = row.Text(),
        TargetCount = row.Int(),
        Scheduled = row.Flag(),
        CreatedAt = row.At(),
        DesiredAt = row.At(),
        SortKey = row.Long(),
        LiveTicket = row.Long(),
        ReturnsAt = row.AtOrNull(),
        AttemptsMade = row.Int(),
        TrunkErrorsInRow = row.Int(),
        Upcoming = (UpcomingStatus)row.Int(),
        ReadyRound = row.Int(),
        ReadyEndsAt = row.AtOrNull(),
        ProcessingSince = row.AtOrNull(),
        EventSequence = row.Int(),
        TimelineSequence = row.Int(),
        CompletedAt = row.AtOrNull(),
        Reschedules = row.Int(),
    };

    public static AttemptRecord ReadAttempt(Row row) => new()
    {
        Id = row.Id(),
        CallbackId = row.Id(),
        Number = row.Int(),
        Agent = row.Text(),
        State = (AttemptState)row.Int(),
        Outcome = (AttemptOutcome?)row.IntOrNull(),
        StartedAt = row.At(),
        LeaseEndsAt = row.At(),
        EndedAt = row.AtOrNull(),
        Answer = row.JsonOrNull(CallbackJson.Default.OutcomeAnswer),
    };

    public static StoredAttempt ReadStoredAttempt(TenantId tenant, Row row)
    {
        var attempt = ReadAttempt(row);
        return new StoredAttempt(new QueueKey(tenant, row.Int()), attempt);
    }

    public static StoredCallback ReadStored(TenantId tenant, Row row)
    {
        var callback = Read(row);
        return new StoredCallback(new QueueKey(tenant, row.Int()), row.Text(), callback);
    }

    private static object?[] State(CallbackRecord c) =>
    [
        c.State, c.Reason, c.PhoneNumber, c.Language, c.TargetCount, c.Scheduled, c.CreatedAt, c.DesiredAt, c.SortKey, c.LiveTicket, c.ReturnsAt,
        c.AttemptsMade, c.TrunkErrorsInRow, c.Upcoming, c.ReadyRound, c.ReadyEndsAt, c.ProcessingSince, c.EventSequence, c.TimelineSequence, c.CompletedAt, c.Reschedules,
    ];

    private static object?[] States(List<CallbackRecord> callbacks) =>
    [
        callbacks.Column(c => c.Id), callbacks.Column(c => (int)c.State), callbacks.Column(c => (int?)c.Reason), callbacks.Column(c => c.PhoneNumber),
        callbacks.Column(c => c.Language), callbacks.Column(c => c.TargetCount), callbacks.Column(c => c.Scheduled),
        callbacks.Column(c => c.CreatedAt.ToMicroseconds()), callbacks.Column(c => c.DesiredAt.ToMicroseconds()), callbacks.Column(c => c.SortKey),
        callbacks.Column(c => c.LiveTicket), callbacks.Column(c => c.ReturnsAt?.ToMicroseconds()), callbacks.Column(c => c.AttemptsMade),
        callbacks.Column(c => c.TrunkErrorsInRow), callbacks.Column(c => (int)c.Upcoming), callbacks.Column(c => c.ReadyRound),
        callbacks.Column(c => c.ReadyEndsAt?.ToMicroseconds()), callbacks.Column(c => c.ProcessingSince?.ToMicroseconds()),
        callbacks.Column(c => c.EventSequence), callbacks.Column(c => c.TimelineSequence), callbacks.Column(c => c.CompletedAt?.ToMicroseconds()),
        callbacks.Column(c => c.Reschedules),
    ];
}
