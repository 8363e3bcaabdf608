using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>One thing that a callback waits for.</summary>
/// <param name="Code">Stable, such as <c>CALLBACKS_AHEAD</c>.</param>
/// <param name="Text">The same for a person, with its figures.</param>
/// <param name="Count">The figure, where there is one.</param>
/// <param name="Until">When this is over, where the clock decides that.</param>
public sealed record WaitReason(string Code, string Text, int? Count = null, DateTimeOffset? Until = null);

/// <summary>Why a callback has not been called yet.</summary>
/// <param name="CallbackState">Its state.</param>
/// <param name="PositionInQueue">Its position while it is QUEUED.</param>
/// <param name="Reasons">All that keeps it waiting; what passes by the clock comes first.</param>
public sealed record WhyNotYet(CallbackState CallbackState, int? PositionInQueue, IReadOnlyList<WaitReason> Reasons);

/// <content>Why not yet (rule D10).</content>
internal sealed partial class CallbackQueue
{
    private DateTimeOffset? lastAskedAt;

    /// <summary>All that keeps a callback waiting at this instant.</summary>
    public Answer<WhyNotYet> Why(Guid callbackId)
    {
        if (Find(callbackId) is not { } callback) return NotHere;
        return callback.State switch
        {
            CallbackState.Scheduled => Of(new WaitReason("DESIRED_TIME_AHEAD", $"Its desired time is {WireTime.Of(callback.DesiredAt)}.", Until: callback.DesiredAt)),
            CallbackState.Queued => new WhyNotYet(callback.State, PositionOf(callback), WhyQueued(callback)),
            CallbackState.Routing => Of(WhyRouting(callback)),
            CallbackState.Processing => Of(new WaitReason("IN_CALL", "Customer and agent speak.")),
            _ => Of(new WaitReason("OVER", $"It is over: {callback.Reason}.")),
        };

        WhyNotYet Of(WaitReason reason) => new(callback.State, null, [reason]);
    }

    private static WaitReason WhyRouting(Callback callback) => callback switch
    {
        { ReadyEndsAt: { } ends } => new WaitReason("READY_STANDS", $"The customer was told to call in, round {callback.ReadyRound}, until {WireTime.Of(ends)}.", callback.ReadyRound, ends),
        { Attempt: { State: AttemptState.Unknown } attempt } => new WaitReason("OUTCOME_UNKNOWN", $"Attempt {attempt.Number} has no outcome and its lease is over: it is not dialled again on doubt.", attempt.Number),
        { Attempt: { } attempt } => new WaitReason("ATTEMPT_UNDER_WAY", $"Attempt {attempt.Number} is under way, lease until {WireTime.Of(attempt.LeaseEndsAt)}.", attempt.Number, attempt.LeaseEndsAt),
        _ => new WaitReason("ATTEMPT_UNDER_WAY", "An attempt is under way."),
    };

    private List<WaitReason> WhyQueued(Callback callback)
    {
        var reasons = new List<WaitReason>();
        if (callback.ReturnsAt is { } returns)
            reasons.Add(new("PAUSED", $"It waits for a retry or a snooze until {WireTime.Of(returns)} and then returns to its place.", Until: returns));
        var (ahead, liveAhead) = (line.Ahead(callback.Place), live.LiveAhead(callback.Place.LiveTicket));
        if (ahead > 0) reasons.Add(new("CALLBACKS_AHEAD", $"{ahead} callback(s) are ahead of it.", ahead));
        if (liveAhead > 0) reasons.Add(new("LIVE_INTERACTIONS_AHEAD", $"{liveAhead} live interaction(s) are ahead of it.", liveAhead));
        if (inFlight >= settings.InFlightCap) reasons.Add(new("IN_FLIGHT_CAP", $"{inFlight} callbacks are in ROUTING, as many as inFlightCap allows.", inFlight));
        if (settings.Type == QueueType.UserOriginated)
        {
            var ready = Math.Max(0, live.AgentsReady - TakenSinceReport - inFlight);
            if (ready == 0) reasons.Add(new("NO_AGENT_READY", $"{live.AgentsReady} agents were ready at the last report; all are spoken for.", live.AgentsReady));
        }
        else if (ahead == 0 && callback.ReturnsAt is null && inFlight < settings.InFlightCap)
        {
            var since = lastAskedAt is { } asked ? $"since {WireTime.Of(asked)}" : "since the server began to look after this queue";
            reasons.Add(new("NO_AGENT_ASKED", $"It is first in line, and no agent has asked for the next callback {since}."));
        }
        return reasons;
    }
}
