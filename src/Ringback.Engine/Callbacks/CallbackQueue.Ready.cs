using Ringback.Engine.Notifications;

namespace Ringback.Engine.Callbacks;

/// <content>USERORIGINATED: whose turn it is, and the customer's call (rules B4, B5).</content>
internal sealed partial class CallbackQueue
{
    /// <summary>Agents who have taken a call since the last report, and still speak: not ready any more, whatever that report said.</summary>
    private int TakenSinceReport => speaking.Count(c => c.ProcessingSince >= live.ReportedAt);

    /// <summary>Tells the first in line that it is their turn, as many as agents are free for and while no live interaction is ahead.</summary>
    private void OfferReady(DateTimeOffset now)
    {
        var free = Math.Min(settings.InFlightCap, live.AgentsReady - TakenSinceReport) - inFlight;
        for (; free > 0 && line.First is { } first && live.LiveAhead(first.LiveTicket) == 0; free--)
        {
            var callback = callbacks[first.CallbackId];
            Move(callback, CallbackState.Routing, c =>
            {
                c.ReadyRound++;
                c.ReadyEndsAt = now.AddSeconds(settings.ReadyTimeoutSeconds);
            });
            Note(callback, now, "ready", ("round", callback.ReadyRound), ("endsAt", callback.ReadyEndsAt), ("agentsReady", live.AgentsReady));
            Decide(callback, PushDraft.Ready(callback.ReadyRound, settings.CallInGroup!, TimeSpan.FromSeconds(settings.ReadyTimeoutSeconds)), now);
        }
    }

    /// <summary>Gives out call-in data: the same while they hold, new ones afterwards while READY stands.</summary>
    public Answer<CallInRecord> AcceptCallIn(Guid callbackId, CallInTerms terms, DateTimeOffset now)
    {
        if (FindOpen(callbackId) is not { } callback || !IsReady(callback))
            return Problems.CallInNotReady.With("callbackServiceId names no callback that is READY to be called in for.");
        if (terms.GroupName != settings.CallInGroup)
            return Problems.InvalidParameters.With("groupName is not the call-in group of the callback's queue; retrieve and the CALLBACK_READY push name the right one.");
        if (callback.CallIn is { } given && given.ExpiresAt > now) return given;

        // A renewed grant within one READY is a push of its own and needs a round of its own.
        var round = callback.CallIn is null ? callback.ReadyRound : 1_000 + callback.EventSequence;
        var callIn = terms.GiveOut(callbackId, now);
        callback.CallIn = callIn;
        // Whoever was given a number to dial may use it until it expires.
        if (callIn.ExpiresAt > callback.ReadyEndsAt) callback.ReadyEndsAt = callIn.ExpiresAt;
        changed.Add(callback);
        Schedule(callback);
        effects.Add(new Change.CallInSaved(callIn));
        Note(callback, now, "callin.given", ("callInId", callIn.Id), ("group", callIn.GroupName), ("expiresAt", callIn.ExpiresAt));
        Decide(callback, PushDraft.CallIn(round, callIn.Id, callIn.ToPhoneNumber, callIn.AccessCode, callIn.ExpiresAt, now), now);
        return callIn;
    }

    /// <summary>The customer's call came in: PROCESSING until COMPLETED is reported under the attempt that this opens.</summary>
    public Answer<MatchedCallIn> MatchCallIn(Guid callbackId, Guid callInId, DateTimeOffset now)
    {
        if (FindOpen(callbackId) is not { State: CallbackState.Routing, CallIn: { } callIn } callback || callIn.Id != callInId || callIn.ExpiresAt <= now)
            return Problems.CallInNoMatch.With("The call-in request has expired or was used.");
        var (matched, attempt) = (callIn with { MatchedAt = now }, CallInAttempt(callbackId, now));
        effects.Add(new Change.CallInSaved(matched));
        Withdraw(callback, PushDraft.PointlessOnceConnected);
        Move(callback, CallbackState.Processing, c =>
        {
            (c.CallIn, c.ProcessingSince, c.ReadyEndsAt) = (matched, now, null);
            Save(c, attempt);
        });
        Note(callback, now, "callin.matched", ("callInId", callInId), ("attemptId", attempt.Id));
        return new MatchedCallIn(matched, attempt.Id);
    }
}
