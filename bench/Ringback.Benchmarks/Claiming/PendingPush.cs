using System.Globalization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Benchmarks.Claiming;

/// <summary>A callback with a push that waits to be claimed, as the owner of its queue writes it.</summary>
internal static class PendingPush
{
    public static IEnumerable<Change> Changes(TenantId tenant, int number, DateTimeOffset now)
    {
        var callback = new CallbackRecord
        {
            Id = Guid.CreateVersion7(now),
            State = CallbackState.Queued,
            PhoneNumber = string.Create(CultureInfo.InvariantCulture, $"+1415{number:0000000}"),
            Language = "en-US",
            TargetCount = 1,
            Scheduled = false,
            CreatedAt = now,
            DesiredAt = now,
            SortKey = now.ToMicroseconds(),
            LiveTicket = 0,
        };
        yield return new Change.CallbackCreated(callback, new CallbackDetails(), [new PushTarget(PushTargetType.Token, string.Create(CultureInfo.InvariantCulture, $"bench-{number}"))]);
        yield return new Change.PushDecided(new OutboxRow
        {
            Tenant = tenant,
            Round = 0,
            TargetOrdinal = 0,
            Message = new PushMessage
            {
                Event = "CALLBACK_UPCOMING",
                NotificationId = Guid.CreateVersion7(now),
                CallbackId = callback.Id,
                ServiceName = "bench",
                Sequence = 1,
                OccurredAt = now,
                ExpiresAt = now.AddHours(4),
                Presentation = Presentation.Notification,
                Title = "Your callback is coming up",
                Body = "We will call you in about 4 minutes.",
                Extra = [new("estimatedWaitSeconds", "240"), new("position", number.ToString(CultureInfo.InvariantCulture))],
            },
        });
    }
}
