namespace Ringback.Engine.Callbacks;

/// <content>Agents who serve several queues (rule D5): each queue has an owner of its own, and one agent has one live attempt.</content>
internal sealed partial class CallbackQueue
{
    /// <summary>The attempt that an agent holds in this queue, or null.</summary>
    public Answer<AttemptOffer?> Resume(string agent) => liveByAgent.TryGetValue(agent, out var held) ? Offer(held) : (AttemptOffer?)null;

    /// <summary>Whether an attempt is handed out and has neither an outcome nor an end of its lease.</summary>
    public bool IsLive(Guid attemptId) => byAttempt.TryGetValue(attemptId, out var callback) && callback.Attempt is { State: AttemptState.Live };

    /// <summary>
    /// Another queue has handed the agent an attempt at the same instant, and the database takes only one. A new attempt is undone: its callback returns to
    /// its place and nobody has heard of it. One whose lease was to live again stays as it was, its outcome still to come.
    /// </summary>
    public Answer<bool> TakeBack(HeldAttempt held, DateTimeOffset now)
    {
        if (!IsLive(held.AttemptId)) return false;
        var callback = byAttempt[held.AttemptId];
        var attempt = callback.Attempt!;
        Note(callback, now, "attempt.taken_back", ("attempt", attempt.Number), ("agent", attempt.Agent), ("reason", "AGENT_HAS_ANOTHER"));
        if (held.IsNew) ReportOutcome(attempt.Id, AttemptOutcome.NotDialled, now);
        else
        {
            Save(callback, attempt with { State = AttemptState.Unknown, LeaseEndsAt = now });
            Schedule(callback);
        }
        return true;
    }
}
