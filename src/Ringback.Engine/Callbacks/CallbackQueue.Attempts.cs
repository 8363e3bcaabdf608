using Ringback.Engine.Notifications;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <content>Outbound attempts (rules B7, B8, D5, D6).</content>
internal sealed partial class CallbackQueue
{
    /// <summary>Trunk errors in a row that end a callback (rule D6).</summary>
    private const int MaxTrunkErrors = 6;

    /// <summary>Hands the first in line to a free agent; the request itself is the proof that one is free. Null where nobody waits.</summary>
    public Answer<AttemptOffer?> Next(string agent, DateTimeOffset now)
    {
        if (settings.Type == QueueType.UserOriginated)
            return Problems.QueueTypeConflict.With("Customers of a USERORIGINATED queue call in; there is nobody to dial.");
        lastAskedAt = now;
        if (liveByAgent.TryGetValue(agent, out var held)) return Offer(held);
        if (inFlight >= settings.InFlightCap || line.First is not { } first) return (AttemptOffer?)null;

        var callback = callbacks[first.CallbackId];
        var (inLine, liveAhead) = (line.Count, live.LiveAhead(callback.Place.LiveTicket));
        var attempt = new AttemptRecord
        {
            Id = Guid.CreateVersion7(now),
            CallbackId = callback.Id,
            Number = callback.AttemptsMade + 1,
            Agent = agent,
            State = AttemptState.Live,
            StartedAt = now,
            LeaseEndsAt = now.AddSeconds(settings.AttemptLeaseSeconds),
        };
        Move(callback, CallbackState.Routing, c => Save(c, attempt));
        Note(callback, now, "attempt.started", ("attempt", attempt.Number), ("attemptId", attempt.Id), ("agent", agent), ("leaseEndsAt", attempt.LeaseEndsAt),
            ("callbacksAhead", 0), ("liveAhead", liveAhead), ("inLine", inLine), ("waitedSeconds", Math.Round((now - callback.DesiredAt).TotalSeconds)), ("inFlight", inFlight));
        return Offer(callback);
    }

    /// <summary>Gives an attempt more time. One whose lease has ended lives again: whoever extends it is still at it.</summary>
    public Answer<AttemptRecord> Extend(Guid attemptId, TimeSpan span, DateTimeOffset now)
    {
        if (!byAttempt.TryGetValue(attemptId, out var callback)) return Problems.AttemptNotFound.With("No attempt that is under way has that id.");
        var attempt = callback.Attempt!;
        if (callback.State == CallbackState.Completed) return Problems.AttemptConflict.With("The callback is over: do not dial. Report what became of the attempt.");
        // Rule D5: one live attempt per agent. Whoever has taken another one meanwhile has left this one behind; its outcome is still taken.
        if (liveByAgent.TryGetValue(attempt.Agent, out var other) && !ReferenceEquals(other, callback))
            return Problems.AttemptConflict.With("The agent has taken another callback since. Report what became of this attempt.");
        if (attempt.State == AttemptState.Connected) return Problems.AttemptConflict.With("The attempt is connected and needs no lease. Report COMPLETED when the call ends.");
        Save(callback, attempt with { State = AttemptState.Live, LeaseEndsAt = now + span });
        Note(callback, now, "attempt.extended", ("attempt", attempt.Number), ("leaseEndsAt", now + span));
        Schedule(callback);
        return callback.Attempt!;
    }

    /// <summary>Step 3: what became of an attempt.</summary>
    public Answer<OutcomeAnswer> ReportOutcome(Guid attemptId, AttemptOutcome outcome, DateTimeOffset now)
    {
        if (!byAttempt.TryGetValue(attemptId, out var callback)) return Problems.AttemptNotFound.With("No attempt that is under way has that id.");
        var attempt = callback.Attempt!;
        if (attempt.State == AttemptState.Connected)
        {
            if (outcome == attempt.Outcome) return attempt.Answer!;
            if (outcome != AttemptOutcome.Completed) return Problems.AttemptConflict.With("The attempt is connected; only COMPLETED can follow.");
        }
        Note(callback, now, "attempt.outcome", ("attempt", attempt.Number), ("outcome", outcome), ("late", attempt.State == AttemptState.Unknown ? true : null));
        var last = callback.State == CallbackState.Completed ? Late(attempt, outcome, now) : Apply(callback, attempt, outcome, now);
        var answer = new OutcomeAnswer(callback.State, callback.Reason, callback.State == CallbackState.Scheduled ? callback.DesiredAt : callback.ReturnsAt);
        Save(callback, last with { Outcome = outcome, Answer = answer });
        if (last.State == AttemptState.Ended) Release(callback);
        if (callback.State == CallbackState.Completed)
        {
            if (callback.Attempt is null) Forget(callback);
            else Schedule(callback);
        }
        return answer;
    }

    /// <summary>The callback was cancelled while the attempt was under way: recorded, no event (rule D7).</summary>
    private static AttemptRecord Late(AttemptRecord attempt, AttemptOutcome outcome, DateTimeOffset now) =>
        outcome == AttemptOutcome.Connected ? attempt with { State = AttemptState.Connected } : Over(attempt, now);

    private AttemptRecord Apply(Callback callback, AttemptRecord attempt, AttemptOutcome outcome, DateTimeOffset now)
    {
        switch (outcome)
        {
            case AttemptOutcome.Connected:
                callback.AttemptsMade++;
                Withdraw(callback, PushDraft.PointlessOnceConnected);
                Move(callback, CallbackState.Processing, c => c.ProcessingSince = now);
                return attempt with { State = AttemptState.Connected };
            case AttemptOutcome.Completed:
                Withdraw(callback, PushDraft.PointlessOnceConnected);
                Complete(callback, CompletionReason.Connected, now);
                break;
            case AttemptOutcome.NotDialled:
                Move(callback, CallbackState.Queued);
                break;
            case AttemptOutcome.InvalidNumber:
                GiveUp(callback, ++callback.AttemptsMade, outcome, CompletionReason.InvalidNumber, now);
                break;
            case AttemptOutcome.TrunkError:
                RetryAfterTrunkError(callback, now);
                break;
            case AttemptOutcome.NoAnswer or AttemptOutcome.Busy or AttemptOutcome.Declined or AttemptOutcome.Machine:
                Retry(callback, outcome, now);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(outcome));
        }
        return Over(attempt, now);
    }

    private void Retry(Callback callback, AttemptOutcome outcome, DateTimeOffset now)
    {
        callback.TrunkErrorsInRow = 0;
        var number = ++callback.AttemptsMade;
        var retryAt = now.AddSeconds(RetryPause(outcome));
        // A retry that the purge would forestall is none, unless the callback is moved: this attempt was the last, and the customer hears that once (rule D6).
        var another = number < settings.MaxAttempts ? RetryTime(callback, retryAt) : null;
        if (another is not { } nextAt)
        {
            GiveUp(callback, number, outcome, CompletionReason.NotReached, now);
            return;
        }
        Decide(callback, PushDraft.AttemptFailed(number, settings.MaxAttempts, outcome.Wire(), nextAt, now), now);
        ReturnAt(callback, retryAt, nextAt, now);
    }

    private void RetryAfterTrunkError(Callback callback, DateTimeOffset now)
    {
        var retryAt = now.AddSeconds(settings.RetrySeconds.TrunkError);
        if (++callback.TrunkErrorsInRow < MaxTrunkErrors && RetryTime(callback, retryAt) is { } nextAt)
            ReturnAt(callback, retryAt, nextAt, now);
        else
            GiveUp(callback, callback.AttemptsMade + 1, AttemptOutcome.TrunkError, CompletionReason.TrunkError, now);
    }

    private void GiveUp(Callback callback, int number, AttemptOutcome outcome, CompletionReason reason, DateTimeOffset now)
    {
        Decide(callback, PushDraft.FinalAttemptFailed(number, settings.MaxAttempts, outcome.Wire()), now);
        Complete(callback, reason, now);
    }

    private int RetryPause(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.NoAnswer => settings.RetrySeconds.NoAnswer,
        AttemptOutcome.Busy => settings.RetrySeconds.Busy,
        AttemptOutcome.Declined => settings.RetrySeconds.Declined,
        AttemptOutcome.Machine => settings.RetrySeconds.Machine,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private AttemptOffer Offer(Callback callback) => new(callback.Attempt!, callback.ToRecord(), settings, name);

    private static AttemptRecord Over(AttemptRecord attempt, DateTimeOffset now) => attempt with { State = AttemptState.Ended, EndedAt = now };

    private void EndAttempt(Callback callback, AttemptRecord attempt, DateTimeOffset now)
    {
        Save(callback, Over(attempt, now));
        Release(callback);
    }

    private void Save(Callback callback, AttemptRecord attempt)
    {
        Hold(callback, attempt);
        effects.Add(new Change.AttemptSaved(attempt));
    }

    private void Hold(Callback callback, AttemptRecord attempt)
    {
        callback.Attempt = attempt;
        byAttempt[attempt.Id] = callback;
        // An agent who is connected, or who let the lease end, may take the next callback.
        if (attempt.State == AttemptState.Live) liveByAgent[attempt.Agent] = callback;
        else ReleaseAgent(callback, attempt);
    }

    private void Release(Callback callback)
    {
        if (callback.Attempt is not { } attempt) return;
        byAttempt.Remove(attempt.Id);
        ReleaseAgent(callback, attempt);
        callback.Attempt = null;
    }

    private void ReleaseAgent(Callback callback, AttemptRecord attempt)
    {
        if (liveByAgent.TryGetValue(attempt.Agent, out var held) && ReferenceEquals(held, callback)) liveByAgent.Remove(attempt.Agent);
    }
}
