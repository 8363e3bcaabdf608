using Ringback.Engine.Callbacks;

namespace Ringback.Engine.Tests.Model;

/// <content>Customers who call in while a callback of theirs waits, and agents who serve several queues (rules C1, D5).</content>
internal sealed partial class ReferenceQueue
{
    /// <summary>
    /// The conversation begins, and nobody is called: with whom an agent is just dialling or who was told to call, else who stands first in line, else who
    /// would have come first. The attempt is the one under way, or one that the call opens.
    /// </summary>
    public string MergeCallIn(string number, (Guid Id, DateTimeOffset ExpiresAt)? request, Guid attemptId, DateTimeOffset now)
    {
        if (request is { } again && callbacks.Exists(c => c.State == CallbackState.Processing && c.CallIn?.Id == again.Id)) return Problems.CallInNoMatch.Code;
        var byPlace = WaitingFor(number).OrderBy(c => c.Place).ThenBy(c => c.Id).ToList();
        CallbackState[] nearest = [CallbackState.Routing, CallbackState.Queued, CallbackState.Scheduled];
        if (nearest.Select(state => byPlace.Find(c => c.State == state)).FirstOrDefault(c => c is not null) is not { } callback) return Nobody;

        Withdraw(callback, Pointless.OnceSpoken);
        if (request is { } used)
        {
            EndCallInData(callback, now);
            callIns.Add(callback.CallIn = new ReferenceCallIn { Id = used.Id, ExpiresAt = used.ExpiresAt });
        }
        (callback.State, callback.ProcessingSince, callback.ReadyEndsAt, callback.PausedUntil) = (CallbackState.Processing, now, null, null);
        var attempt = OpenAttempt(callback);
        if (attempt is null) attempts.Add(attempt = new ReferenceAttempt { Id = attemptId, Callback = callback, Agent = "", StartedAt = now, LeaseEndsAt = now });
        (attempt.State, attempt.Outcome, attempt.Answer) = (AttemptState.Connected, AttemptOutcome.Connected, OutcomeAnswer(callback));
        return Offer(attempt);
    }

    /// <summary>The agent was given another attempt elsewhere at the same instant: as if the callback had never been handed out, but for an attempt that is over.</summary>
    public string NextThatIsTakenBack(string agent, Guid attemptId, DateTimeOffset now)
    {
        var told = Run(now, () => Next(agent, attemptId, now));
        if (attempts.Find(a => a.Id == attemptId) is not { } attempt || attempt.StartedAt != now || told != Offer(attempt)) return told;
        ReportOutcome(attemptId, AttemptOutcome.NotDialled, now);
        return Nobody;
    }

    /// <summary>The same for an attempt whose lease was to live again: it is held as before.</summary>
    public string ExtendThatIsTakenBack(Guid attemptId, int seconds, DateTimeOffset now)
    {
        var told = Run(now, () => Extend(attemptId, seconds, now));
        if (told != "extended") return told;
        var attempt = attempts.Single(a => a.Id == attemptId);
        (attempt.State, attempt.LeaseEndsAt) = (AttemptState.Unknown, now);
        return Problems.AttemptConflict.Code;
    }
}
