namespace Ringback.LoadGen.Receiving;

/// <summary>A message that the receiver has accepted.</summary>
/// <param name="At">When, by the receiver's clock, which is that of this machine.</param>
/// <param name="NotificationId">The notification's id; the same on every resend.</param>
/// <param name="CallbackId">What it is about.</param>
/// <param name="Event">Such as <c>CALLBACK_UPCOMING</c>.</param>
/// <param name="Sequence">Which event of the callback; the timeline ties it to the round.</param>
/// <param name="Token">The target.</param>
/// <param name="Number">The position of an UPCOMING, the attempt of a failed attempt, else 0.</param>
internal sealed record Arrival(DateTimeOffset At, Guid NotificationId, Guid CallbackId, string Event, int Sequence, string Token, int Number)
{
    public const string Upcoming = "CALLBACK_UPCOMING";
    public const string AttemptFailed = "CALLBACK_ATTEMPT_FAILED";
    public const string FinalAttemptFailed = "CALLBACK_FINAL_ATTEMPT_FAILED";
}
