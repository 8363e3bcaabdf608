using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Tests.Model;

/// <content>Outbound attempts (rules B7, B8, D5, D6).</content>
internal sealed partial class ReferenceQueue
{
    public const string Nobody = "nobody waits";

    private int InFlight => callbacks.Count(c => c.State == CallbackState.Routing);

    public ReferenceAttempt? OpenAttempt(ReferenceCallback callback) => attempts.Find(a => a.Callback == callback && a.State != AttemptState.Ended);

    /// <summary>The attempt that an agent holds: handed out, no outcome yet, lease not over.</summary>
    public ReferenceAttempt? HeldBy(string agent) => attempts.Find(a => a.Agent == agent && a.State == AttemptState.Live);

    /// <summary>Hands out the first in line. The id is the engine's, used where an attempt begins.</summary>
    public string Next(string agent, Guid attemptId, DateTimeOffset now)
    {
        if (Settings.Type == QueueType.UserOriginated) return Problems.QueueTypeConflict.Code;
        if (HeldBy(agent) is { } held) return Offer(held);
        if (InFlight >= Settings.InFlightCap || First() is not { } first) return Nobody;
        first.State = CallbackState.Routing;
        var attempt = new ReferenceAttempt { Id = attemptId, Callback = first, Agent = agent, StartedAt = now, LeaseEndsAt = now.AddSeconds(Settings.AttemptLeaseSeconds) };
        attempts.Add(attempt);
        return Offer(attempt);
    }

    public string Extend(Guid attemptId, int seconds, DateTimeOffset now)
    {
        if (attempts.Find(a => a.Id == attemptId && a.State != AttemptState.Ended) is not { } attempt) return Problems.AttemptNotFound.Code;
        if (attempt.State == AttemptState.Connected || attempt.Callback.IsOver) return Problems.AttemptConflict.Code;
        // D5: an agent has one live attempt at most. Whoever has taken another callback meanwhile cannot take this one up again.
        if (HeldBy(attempt.Agent) is { } other && other != attempt) return Problems.AttemptConflict.Code;
        (attempt.State, attempt.LeaseEndsAt) = (AttemptState.Live, now.AddSeconds(seconds));
        return "extended";
    }

    public string ReportOutcome(Guid attemptId, AttemptOutcome outcome, DateTimeOffset now)
    {
        if (attempts.Find(a => a.Id == attemptId) is not { } attempt) return Problems.AttemptNotFound.Code;
        // The same outcome again, the same answer; CONNECTED then COMPLETED is the good path; any other second outcome is refused.
        if (attempt.Outcome == outcome) return attempt.Answer!;
        if (attempt.State == AttemptState.Ended || (attempt.State == AttemptState.Connected && outcome != AttemptOutcome.Completed)) return Problems.AttemptConflict.Code;
        attempt.Outcome = outcome;
        attempt.State = outcome == AttemptOutcome.Connected ? AttemptState.Connected : AttemptState.Ended;
        // D7: cancelled while the attempt was under way; the late outcome is recorded, no event.
        if (!attempt.Callback.IsOver) Apply(attempt.Callback, outcome, now);
        return attempt.Answer = OutcomeAnswer(attempt.Callback);
    }

    public static string OutcomeAnswer(ReferenceCallback callback) =>
        FormattableString.Invariant($"{callback.State} {callback.Reason} next {(callback.State == CallbackState.Scheduled ? callback.DesiredAt : callback.PausedUntil):dd HH:mm:ss.ffffff}");

    private static string Offer(ReferenceAttempt attempt) => FormattableString.Invariant($"{attempt.Id} {attempt.Callback.Id}");

    private ReferenceCallback? First() => callbacks.Where(c => c.Stands).FirstOrDefault(c => callbacks.TrueForAll(o => !o.Stands || o == c || IsBefore(c, o)));

    private void Apply(ReferenceCallback callback, AttemptOutcome outcome, DateTimeOffset now)
    {
        callback.Met.Add(outcome);
        switch (outcome)
        {
            case AttemptOutcome.Connected:
                Withdraw(callback, Pointless.OnceSpoken);
                (callback.State, callback.ProcessingSince) = (CallbackState.Processing, now);
                break;
            case AttemptOutcome.Completed:
                Withdraw(callback, Pointless.OnceSpoken);
                End(callback, CompletionReason.Connected, now);
                break;
            case AttemptOutcome.NotDialled:
                callback.State = CallbackState.Queued;
                break;
            case AttemptOutcome.InvalidNumber:
                GiveUp(callback, callback.AttemptsMade, CompletionReason.InvalidNumber, now);
                break;
            case AttemptOutcome.TrunkError:
                if (callback.TrunkErrorsInRow == 6 || !TryAgain(callback, now.AddSeconds(Settings.RetrySeconds.TrunkError), null, now))
                    GiveUp(callback, callback.AttemptsMade + 1, CompletionReason.TrunkError, now);
                break;
            default:
                Retry(callback, outcome, now);
                break;
        }
    }

    private void Retry(ReferenceCallback callback, AttemptOutcome outcome, DateTimeOffset now)
    {
        var pauses = Settings.RetrySeconds;
        var retryAt = now.AddSeconds(outcome switch
        {
            AttemptOutcome.NoAnswer => pauses.NoAnswer,
            AttemptOutcome.Busy => pauses.Busy,
            AttemptOutcome.Declined => pauses.Declined,
            _ => pauses.Machine,
        });
        if (callback.AttemptsMade >= Settings.MaxAttempts || !TryAgain(callback, retryAt, PushEvents.AttemptFailed, now))
            GiveUp(callback, callback.AttemptsMade, CompletionReason.NotReached, now);
    }

    /// <summary>
    /// D6: back to its place when the pause is over. A retry that purge or closing would forestall is none, unless the callback is moved to the next opening.
    /// </summary>
    private bool TryAgain(ReferenceCallback callback, DateTimeOffset retryAt, string? pushEvent, DateTimeOffset now)
    {
        var next = retryAt < PurgeAt(callback) ? null : NextTime(callback, PurgeAt(callback), retryAt);
        if (next is null && retryAt >= PurgeAt(callback)) return false;
        if (pushEvent is not null) Decide(callback, pushEvent, callback.AttemptsMade, now);
        if (next is { } at)
        {
            MoveTo(callback, at);
            callback.Reschedules++;
        }
        else (callback.State, callback.PausedUntil) = (CallbackState.Queued, retryAt);
        return true;
    }

    private void GiveUp(ReferenceCallback callback, int attempt, CompletionReason reason, DateTimeOffset now)
    {
        Decide(callback, PushEvents.FinalAttemptFailed, attempt, now);
        End(callback, reason, now);
    }
}
