using Ringback.Engine.Callbacks;

namespace Ringback.Engine.Tests.Model;

/// <content>Whose turn it is to call in, and the customer's call (rules B4, B5).</content>
internal sealed partial class ReferenceQueue
{
    /// <summary>The same data while they hold; new data and a push of its own afterwards, as long as READY stands.</summary>
    public string AcceptCallIn(Guid callbackId, Guid callInId, string group, int holdsSeconds, DateTimeOffset now)
    {
        if (callbacks.Find(c => c.Id == callbackId) is not { State: CallbackState.Routing, ReadyEndsAt: { } readyEndsAt } callback) return Problems.CallInNotReady.Code;
        if (group != Settings.CallInGroup) return Problems.InvalidParameters.Code;
        if (callback.CallIn is { } given && given.ExpiresAt > now) return CallInAnswer(given.Id, given.ExpiresAt);
        var callIn = new ReferenceCallIn { Id = callInId, ExpiresAt = now.AddSeconds(holdsSeconds) };
        callback.CallIn = callIn;
        callIns.Add(callIn);
        // Whoever was given a number to dial may use it until it expires.
        if (callIn.ExpiresAt > readyEndsAt) callback.ReadyEndsAt = callIn.ExpiresAt;
        Decide(callback, PushEvents.CallIn, callback.ReadyRound, now);
        return CallInAnswer(callInId, callIn.ExpiresAt);
    }

    /// <summary>Whoever no longer waits for this turn cannot call in for it.</summary>
    private static void EndCallInData(ReferenceCallback callback, DateTimeOffset now)
    {
        if (callback.CallIn is { } given && given.ExpiresAt > now) given.ExpiresAt = now;
    }

    public static string CallInAnswer(Guid id, DateTimeOffset expiresAt) => FormattableString.Invariant($"{id} until {expiresAt:HH:mm:ss.ffffff}");

    /// <summary>The customer calls: PROCESSING, until COMPLETED is reported under the attempt that this opens.</summary>
    public string MatchCallIn(Guid callbackId, Guid callInId, Guid attemptId, DateTimeOffset now)
    {
        if (callbacks.Find(c => c.Id == callbackId) is not { State: CallbackState.Routing, CallIn: { } callIn } callback || callIn.Id != callInId || callIn.ExpiresAt <= now)
            return Problems.CallInNoMatch.Code;
        Withdraw(callback, Pointless.OnceSpoken);
        (callback.State, callback.ProcessingSince, callback.ReadyEndsAt) = (CallbackState.Processing, now, null);
        attempts.Add(new ReferenceAttempt
        {
            Id = attemptId,
            Callback = callback,
            Agent = "",
            StartedAt = now,
            LeaseEndsAt = now,
            State = AttemptState.Connected,
            Outcome = AttemptOutcome.Connected,
            Answer = OutcomeAnswer(callback),
        });
        return "matched";
    }

    /// <summary>
    /// B4: the first k in line, while no live interaction is ahead. k = agents ready less those for whom a READY or a call-in is outstanding; a call that
    /// began before the last report is in that report already, one of the same instant may not be.
    /// </summary>
    private void OfferReady(DateTimeOffset now)
    {
        var last = reports.Count == 0 ? default : reports[^1];
        var begunSince = callbacks.Count(c => c.State == CallbackState.Processing && c.ProcessingSince >= last.At);
        var ready = (last.Report?.AgentsReady ?? 0) - begunSince;
        while (InFlight < Math.Min(Settings.InFlightCap, ready) && First() is { } first && LiveAhead(first) == 0)
        {
            first.State = CallbackState.Routing;
            first.ReadyRound++;
            first.ReadyEndsAt = now.AddSeconds(Settings.ReadyTimeoutSeconds);
            Decide(first, PushEvents.Ready, first.ReadyRound, now);
        }
    }
}
