using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>What an agent is told to dial.</summary>
/// <param name="Offer">The attempt and its callback.</param>
/// <param name="Details">What the create request said.</param>
public sealed record DialOrder(AttemptOffer Offer, CallbackDetails Details);

/// <summary>The agent side: next callback, lease, outcome (docs/api).</summary>
public sealed class AttemptService(IQueueStore queues, ICallbackStore callbacks, IQueueOwners owners)
{
    /// <summary>Longest wait of one <c>next</c>.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>The next callback of a queue for a free agent, or null. An agent who holds a live attempt, in whichever queue, gets that one again.</summary>
    public async Task<Answer<DialOrder?>> NextAsync(TenantId tenant, string queueName, string agent, TimeSpan wait, CancellationToken cancellation)
    {
        if (await queues.FindAsync(tenant, queueName) is not { } queue) return Problems.QueueNotFound.With("No queue of this tenant has that name.");
        var offered = await ResumeAsync(tenant, agent);
        if (offered is { Fault: null, Value: null }) offered = await owners.Of(queue.Key).NextAsync(agent, wait, cancellation);
        // The agent may have asked several queues at once; the one that was faster has the answer for all.
        if (offered is { Fault: null, Value: null }) offered = await ResumeAsync(tenant, agent);
        if (offered.Fault is { } fault) return fault;
        if (offered.Value is not { } offer) return (DialOrder?)null;
        return new DialOrder(offer, await callbacks.FindDetailsAsync(tenant, offer.Callback.Id) ?? new CallbackDetails());
    }

    /// <summary>Gives an attempt more time from now on.</summary>
    public async Task<Answer<AttemptRecord>> ExtendAsync(TenantId tenant, Guid attemptId, TimeSpan span)
    {
        if (await callbacks.FindAttemptAsync(tenant, attemptId) is not { } stored) return Unknown;
        if (stored.Attempt.State == AttemptState.Ended) return Ended;
        if (await callbacks.FindLiveAttemptAsync(tenant, stored.Attempt.Agent) is { } other && other.Attempt.Id != attemptId)
            return Problems.AttemptConflict.With("The agent has taken another callback since. Report what became of this attempt.");
        var answer = await owners.Of(stored.Queue).ExtendAsync(attemptId, span);
        return answer.Fault?.Problem == Problems.AttemptNotFound ? Ended : answer;
    }

    /// <summary>Takes an outcome. The same one again gets the same answer; a different one after the end is refused.</summary>
    public async Task<Answer<OutcomeAnswer>> ReportOutcomeAsync(TenantId tenant, Guid attemptId, AttemptOutcome outcome)
    {
        if (await callbacks.FindAttemptAsync(tenant, attemptId) is not { } stored) return Unknown;
        if (stored.Attempt.State != AttemptState.Ended)
        {
            var answer = await owners.Of(stored.Queue).ReportOutcomeAsync(attemptId, outcome);
            if (answer.Fault?.Problem != Problems.AttemptNotFound) return answer;
            // It was over between the two looks.
            stored = await callbacks.FindAttemptAsync(tenant, attemptId);
        }
        return stored?.Attempt is { Answer: { } given } ended && ended.Outcome == outcome ? given : Ended;
    }

    /// <summary>The attempt that the agent holds in any queue, or null.</summary>
    private async Task<Answer<AttemptOffer?>> ResumeAsync(TenantId tenant, string agent) =>
        await callbacks.FindLiveAttemptAsync(tenant, agent) is { } held ? await owners.Of(held.Queue).ResumeAsync(agent) : (AttemptOffer?)null;

    private static Fault Unknown => Problems.AttemptNotFound.With("No attempt has that id.");

    private static Fault Ended => Problems.AttemptConflict.With("The attempt is over.");
}
