namespace Ringback.Engine.Delivery;

/// <summary>Publishes messages that callers wrote themselves: once, with a limit of ten seconds, without outbox and timeline.</summary>
public sealed class PublishService(DeliveryLoop loop)
{
    /// <summary>
    /// Sends the message. The value is the push service's name for it. A fault <see cref="Problems.PublishRefused"/> would meet the same message again; after
    /// <see cref="Problems.PublishNotSent"/> the caller may try again, and a message whose answer was lost can then arrive twice.
    /// </summary>
    public async Task<Answer<string>> PublishAsync(TenantId tenant, DirectMessage message, CancellationToken cancellation) =>
        await loop.SendDirectAsync(tenant, message, cancellation) switch
        {
            SendOutcome.Accepted accepted => accepted.Name,
            SendOutcome.TargetDead dead => Problems.PublishRefused.With($"The push service does not know the target any more ({dead.Code}). Ask the app for its present one."),
            SendOutcome.TargetForeign foreign => Problems.PublishRefused.With($"The target belongs to another project than the credentials ({foreign.Code})."),
            SendOutcome.TargetSuspect suspect => Problems.PublishRefused.With($"{suspect.Reason} ({suspect.Code})"),
            SendOutcome.Rejected rejected => Problems.PublishRefused.With($"{rejected.Reason} ({rejected.Code})"),
            SendOutcome.Throttled throttled => Problems.PublishNotSent.With($"Too many messages at once ({throttled.Code}). Send it again later.") with { RetryAfter = throttled.RetryAfter },
            SendOutcome.Unavailable away => Problems.PublishNotSent.With($"The push service gave no answer that counts ({away.Code}); it may have taken the message all the same.") with { RetryAfter = away.RetryAfter },
            SendOutcome.CredentialFault fault => Problems.PublishNotSent.With($"{fault.Remedy} ({fault.Code})"),
            _ => throw new InvalidOperationException("SendOutcome is closed."),
        };
}
