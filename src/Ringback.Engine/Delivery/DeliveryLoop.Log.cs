using Microsoft.Extensions.Logging;

namespace Ringback.Engine.Delivery;

/// <content>What the loop says. Never an address, a title or a body.</content>
public sealed partial class DeliveryLoop
{
    private void LogResult(DeliveryResult result)
    {
        var message = result.Push.Row.Message;
        switch (result)
        {
            case DeliveryResult.Finished { State: OutboxState.Accepted } finished:
                Log.Accepted(logger, message.Event, message.CallbackId, message.NotificationId, finished.Attempts);
                break;
            case DeliveryResult.Finished finished:
                Log.Ended(logger, message.Event, message.CallbackId, message.NotificationId, finished.State, finished.Code);
                break;
            case DeliveryResult.Again { Code: null }:
                break; // Given back as it was.
            case DeliveryResult.Again again:
                Log.Retried(logger, message.Event, message.CallbackId, message.NotificationId, again.Code, WireTime.Of(again.NextAt));
                break;
            default:
                throw new InvalidOperationException("DeliveryResult is closed.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.PushAccepted, LogLevel.Information, "{Event} of callback {CallbackId} ({NotificationId}) was accepted at attempt {Attempts}.")]
        public static partial void Accepted(ILogger logger, string @event, Guid callbackId, Guid notificationId, int attempts);

        [LoggerMessage(EventIds.PushRetried, LogLevel.Warning, "{Event} of callback {CallbackId} ({NotificationId}) waits: {Code}; tried again at {NextAt}.")]
        public static partial void Retried(ILogger logger, string @event, Guid callbackId, Guid notificationId, string code, string nextAt);

        [LoggerMessage(EventIds.PushEnded, LogLevel.Warning, "{Event} of callback {CallbackId} ({NotificationId}) ended as {State}: {Code}.")]
        public static partial void Ended(ILogger logger, string @event, Guid callbackId, Guid notificationId, OutboxState state, string code);

        [LoggerMessage(EventIds.CredentialsAwaited, LogLevel.Error, "The pushes of tenant {Tenant}, app {App} wait for usable Firebase credentials: {Code}.")]
        public static partial void CredentialsAwaited(ILogger logger, TenantId tenant, string app, string code);

        [LoggerMessage(EventIds.SendFailed, LogLevel.Error, "Sending {NotificationId} failed inside Ringback.")]
        public static partial void SendFailed(ILogger logger, Guid notificationId, Exception failure);

        [LoggerMessage(EventIds.DrainEnded, LogLevel.Warning, "{Count} pushes had no answer {Seconds} s after the stop; they are sent again under the same notification id once their lease has ended.")]
        public static partial void DrainEnded(ILogger logger, int seconds, int count);

        [LoggerMessage(EventIds.DeadMarkingStopped, LogLevel.Error, "More than {Percent} % of the addresses of tenant {Tenant}, app {App} died within a minute. They are only suspected for now; look whether project and credentials are right, and revive those that were marked.")]
        public static partial void DeadMarkingStopped(ILogger logger, TenantId tenant, string app, int percent);

        [LoggerMessage(EventIds.OutboxUnavailable, LogLevel.Error, "The outbox cannot be read or written at present.")]
        public static partial void OutboxUnavailable(ILogger logger, Exception failure);
    }
}
