using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Storage.Callbacks;

/// <summary>Callbacks and attempts on their way to and from their columns. The order here is the order in <see cref="CallbackSql"/> and <see cref="AttemptSql"/>.</summary>
internal static class CallbackColumns
{
    public static Statement Add(QueueKey queue, CallbackRecord c, CallbackDetails details) => new(CallbackSql.Add,
    [
        queue.Tenant, c.Id, queue.QueueId, .. State(c), details.UserDataJson, details.RoutePoint, details.SurveyRoutePoint, details.Priority, details.ReportingJson,
    ]);

    public static Statement Change(QueueKey queue, CallbackRecord c) =>
        new(CallbackSql.Change, [.. State(c), queue.Tenant, c.Id, queue.QueueId], MustHit: true);

    public static Statement Save(QueueKey queue, AttemptRecord a) => new(AttemptSql.Save,
    [
        queue.Tenant, a.Id, queue.QueueId, a.CallbackId, a.Number, a.Agent, a.State, a.Outcome, a.StartedAt, a.LeaseEndsAt, a.EndedAt,
        a.Answer is null ? null : CallbackJson.Write(a.Answer),
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
        c.AttemptsMade, c.TrunkErrorsInRow, c.Upcoming, c.ReadyRound, c.ReadyEndsAt, c.ProcessingSince, c.EventSequence, c.TimelineSequence, c.CompletedAt,
    ];
}
