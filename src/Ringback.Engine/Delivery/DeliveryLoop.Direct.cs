namespace Ringback.Engine.Delivery;

/// <content>What somebody waits for the answer of: sent once, beside the outbox.</content>
public sealed partial class DeliveryLoop
{
    /// <summary>The caller waits: longer than a send lasts at most, and shorter than its own patience.</summary>
    private static readonly TimeSpan directPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Sends a message that a caller wrote. It takes its part of the tenant's rate, so that callers cannot use up the quota that events need; where nothing is left of it the answer is
    /// <see cref="SendOutcome.Throttled"/> at once, and nothing was sent. Nothing of it is kept, and it is never sent again.
    /// </summary>
    public async Task<SendOutcome> SendDirectAsync(TenantId tenant, DirectMessage message, CancellationToken cancellation)
    {
        var now = clock.Now();
        if (!schedule.TryTakeDirect(tenant, now, out var freeAt)) return new SendOutcome.Throttled("RATE", freeAt - now);
        SendOutcome? outcome = null;
        try
        {
            var begun = clock.GetTimestamp();
            outcome = await sender.SendAsync(tenant, message, directPatience, cancellation);
            metrics.Sent(CredentialKey.DefaultOf(tenant), outcome, clock.GetElapsedTime(begun));
            return outcome;
        }
        finally
        {
            schedule.EndDirect(tenant, outcome, clock.Now());
        }
    }
}
