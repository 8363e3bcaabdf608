using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests;

/// <summary>Things to store. Every field has a value of its own, so that two columns that change places are seen.</summary>
internal static class Sample
{
    private static readonly DateTimeOffset start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    public static readonly PushTarget Target = new(PushTargetType.Token, "token-0");

    public static Guid Id(int n) => new(n, 0x7000, 0x7000, 1, 2, 3, 4, 5, 6, 7, 8);

    public static CallbackRecord Callback(Guid id, CallbackState state = CallbackState.Queued) => new()
    {
        Id = id,
        State = state,
        PhoneNumber = "+15550000001",
        Language = "en-US",
        TargetCount = 1,
        Scheduled = false,
        CreatedAt = start,
        DesiredAt = start,
        SortKey = 1,
        LiveTicket = 2,
    };

    public static CallbackRecord FullCallback(Guid id) => new()
    {
        Id = id,
        State = CallbackState.Routing,
        Reason = CompletionReason.NotReached,
        PhoneNumber = "+4915550000002",
        Language = "de-DE",
        TargetCount = 3,
        Scheduled = true,
        CreatedAt = start.AddMinutes(4),
        DesiredAt = start.AddMinutes(5),
        SortKey = 6,
        LiveTicket = 7,
        ReturnsAt = start.AddMinutes(8),
        AttemptsMade = 9,
        TrunkErrorsInRow = 10,
        Upcoming = UpcomingStatus.NoTime,
        ReadyRound = 11,
        ReadyEndsAt = start.AddMinutes(12),
        ProcessingSince = start.AddMinutes(13),
        EventSequence = 14,
        TimelineSequence = 15,
        CompletedAt = start.AddMinutes(16),
        Reschedules = 17,
    };

    public static Change.CallbackCreated Created(Guid id, CallbackState state = CallbackState.Queued, params PushTarget[] targets) =>
        new(Callback(id, state), new CallbackDetails(), targets.Length == 0 ? [Target] : targets);

    public static AttemptRecord Attempt(Guid id, Guid callbackId, AttemptState state, string agent = "agent-1") => new()
    {
        Id = id,
        CallbackId = callbackId,
        Number = 1,
        Agent = agent,
        State = state,
        StartedAt = start.AddMinutes(1),
        LeaseEndsAt = start.AddMinutes(3),
    };

    public static CallInRecord CallIn(Guid id, Guid? callbackId, string? code = "1234", int minute = 0) => new()
    {
        Id = id,
        CallbackId = callbackId,
        GroupName = "group",
        ToPhoneNumber = "+15550000100",
        FromPhoneNumber = "+15550000200",
        AccessCode = code,
        UserDataJson = """{"a":1}""",
        CreatedAt = start.AddMinutes(minute),
        ExpiresAt = start.AddMinutes(minute + 5),
    };

    public static OutboxRow Push(
        TenantId tenant, Guid callbackId, Guid id, string pushEvent = PushEvents.Upcoming, int round = 0, DateTimeOffset? occurredAt = null, DateTimeOffset? lease = null, int target = 0, string? app = null) => new()
        {
            Tenant = tenant,
            Round = round,
            TargetOrdinal = target,
            LeaseEndsAt = lease,
            Message = new PushMessage
            {
                Event = pushEvent,
                NotificationId = id,
                CallbackId = callbackId,
                ServiceName = "support",
                Sequence = 3,
                OccurredAt = occurredAt ?? start,
                ExpiresAt = start.AddHours(1),
                Presentation = Presentation.Data,
                Title = "Bald sind Sie dran: „Grüße“ 📞",
                Body = "body",
                App = app,
                Extra = [new("b", "1"), new("a", "2")],
                WakesApp = true,
            },
        };
}
