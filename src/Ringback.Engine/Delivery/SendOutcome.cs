namespace Ringback.Engine.Delivery;

/// <summary>What the push service answered: a closed set, so that every caller decides about every case.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>Taken over by the push service.</summary>
    /// <param name="Name">Its id of the message.</param>
    public sealed record Accepted(string Name) : SendOutcome;

    /// <summary>The app was uninstalled or the address withdrawn; nothing will ever arrive there.</summary>
    /// <param name="Code">The service's error code.</param>
    /// <param name="Project">The project that it answered for.</param>
    public sealed record TargetDead(string Code, string? Project = null) : SendOutcome;

    /// <summary>The address looks wrong, but the answer may also mean a fault in the message: no proof that it is dead.</summary>
    public sealed record TargetSuspect(string Code, string Reason) : SendOutcome;

    /// <summary>The address belongs to another project than the credentials.</summary>
    public sealed record TargetForeign(string Code) : SendOutcome;

    /// <summary>The message itself was refused: our bug, never retried.</summary>
    public sealed record Rejected(string Code, string Reason) : SendOutcome;

    /// <summary>Too much at once.</summary>
    /// <param name="Code">The service's error code.</param>
    /// <param name="RetryAfter">How long the service asks us to wait, if it says so.</param>
    public sealed record Throttled(string Code, TimeSpan? RetryAfter) : SendOutcome;

    /// <summary>The service or the way to it is down, or it never answered: the message may or may not have been taken over.</summary>
    /// <param name="Code">The service's error code or the kind of network failure.</param>
    /// <param name="RetryAfter">How long the service asks us to wait, if it says so.</param>
    public sealed record Unavailable(string Code, TimeSpan? RetryAfter) : SendOutcome;

    /// <summary>The credentials are missing, sealed or refused: no push of this tenant can go out until somebody mends them.</summary>
    /// <param name="Code">Stable code of the fault.</param>
    /// <param name="Remedy">What is wrong and what to do, for the administrator.</param>
    public sealed record CredentialFault(string Code, string Remedy) : SendOutcome;
}

/// <summary>The way out to the push service. Implemented by <c>Firebase</c>.</summary>
public interface IPushSender
{
    /// <summary>
    /// Sends one message to one target, once. Everything that the outside world can answer comes back as a value;
    /// an exception is a bug or the cancellation of <paramref name="cancellation"/>.
    /// </summary>
    /// <param name="tenant">Whose credentials to send with.</param>
    /// <param name="message">What to say.</param>
    /// <param name="target">Whom to tell.</param>
    /// <param name="patience">
    /// How long all of it may take, a fetch of an access token and a second try included; then the answer is <see cref="SendOutcome.Unavailable"/>. A request for which less than
    /// <see cref="DeliveryOptions.LeastForRequest"/> would be left of it is not made.
    /// </param>
    /// <param name="cancellation">Ends the wait; the message may still have been taken over.</param>
    ValueTask<SendOutcome> SendAsync(TenantId tenant, PushMessage message, PushTarget target, TimeSpan patience, CancellationToken cancellation);

    /// <summary>The same for a message that a caller wrote; a request is made with whatever is left of the patience, for somebody waits for its answer.</summary>
    ValueTask<SendOutcome> SendAsync(TenantId tenant, DirectMessage message, TimeSpan patience, CancellationToken cancellation);
}
