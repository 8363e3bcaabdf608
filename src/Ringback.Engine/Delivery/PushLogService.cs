using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ringback.Engine.Delivery;

/// <summary>One push with what it waits for.</summary>
/// <param name="Push">The push.</param>
/// <param name="Reasons">What it waits for; empty where it is over.</param>
/// <param name="SendAgainRefusal">Why it cannot be sent again at present, as far as this push alone says; null where it can.</param>
public sealed record PushView(LoggedPush Push, IReadOnlyList<PushWaitReason> Reasons, string? SendAgainRefusal);

/// <summary>What became of a tenant's pushes, and sending one again.</summary>
public sealed partial class PushLogService(
    IPushLogStore store, DeliveryLoop loop, DeliveryPauses pauses, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, ILogger<PushLogService> logger)
{
    /// <summary>How far back a list looks unless it is told otherwise.</summary>
    public static readonly TimeSpan LooksBack = TimeSpan.FromDays(7);

    /// <summary>The pushes that fit, the newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="filter">Which.</param>
    public Task<IReadOnlyList<LoggedPush>> ListAsync(TenantId tenant, PushFilter filter) => store.ListAsync(tenant, filter);

    /// <summary>One push, and why it waits.</summary>
    public async Task<Answer<PushView>> FindAsync(TenantId tenant, Guid notificationId)
    {
        if (await store.FindAsync(tenant, notificationId) is not { } push) return Unknown;
        var now = clock.Now();
        var lane = loop.Lanes().FirstOrDefault(lane => lane.Key == CredentialKey.Of(tenant, push.Message.App));
        return new PushView(push, PushWait.Of(push, lane, pauses.Holding(tenant, push.Message.ServiceName), now), SendAgain.Refusal(push, [], now));
    }

    /// <summary>Sends a push again under a new notificationId, which is the value. It goes the way of every push and stands on the timeline.</summary>
    public async Task<Answer<Guid>> SendAgainAsync(TenantId tenant, Guid notificationId, string by)
    {
        var now = clock.Now();
        var newId = Guid.CreateVersion7(now);
        var answer = await store.SendAgainAsync(tenant, notificationId, (push, others) => SendAgain.Judge(tenant, push, others, newId, now), by);
        if (answer is null) return Unknown;
        if (answer.Value.Fault is { } fault) return fault;
        var message = answer.Value.Value.Message;
        Log.SentAgain(logger, message.Event, message.CallbackId, notificationId, newId, by);
        return newId;
    }

    private static Fault Unknown => Problems.PushNotFound.With("No push has that notificationId.");

    private static partial class Log
    {
        [LoggerMessage(EventIds.PushSentAgain, LogLevel.Information, "{Event} of callback {CallbackId} ({NotificationId}) is sent again as {NewId}, as {By} wished.")]
        public static partial void SentAgain(ILogger logger, string @event, Guid callbackId, Guid notificationId, Guid newId, string by);
    }
}
