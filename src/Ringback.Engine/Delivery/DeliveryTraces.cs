using System.Diagnostics;

namespace Ringback.Engine.Delivery;

/// <summary>
/// The last span of a push's trace. A push that the deciding process sends itself is a child of the request that decided it. The context is not stored: one that is sent again, or by another process, begins a trace of its
/// own, and is found by its notificationId. Costs nothing where nobody collects traces.
/// </summary>
public static class DeliveryTraces
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "Ringback.Delivery";

    private static readonly ActivitySource source = new(SourceName);

    /// <summary>A send begins.</summary>
    internal static Activity? Begin(ClaimedPush push)
    {
        var (row, message) = (push.Row, push.Row.Message);
        var span = source.StartActivity("push.send", ActivityKind.Client, push.Attempts == 0 ? row.DecidedIn : default);
        return span?.SetTag("ringback.tenant", row.Tenant.Value).SetTag("ringback.event", message.Event).SetTag("ringback.callback_id", message.CallbackId)
            .SetTag("ringback.notification_id", message.NotificationId).SetTag("ringback.attempt", push.Attempts + 1);
    }

    /// <summary>It has an answer.</summary>
    internal static void End(Activity? span, string outcome, string code) =>
        span?.SetTag("ringback.outcome", outcome).SetTag("ringback.code", code).SetStatus(outcome == "accepted" ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
}
