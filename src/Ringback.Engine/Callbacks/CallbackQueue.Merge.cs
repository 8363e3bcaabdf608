using Ringback.Engine.Notifications;

namespace Ringback.Engine.Callbacks;

/// <content>Customers who call in while a callback of theirs waits: they are merged, and not called again (rule C1).</content>
internal sealed partial class CallbackQueue
{
    /// <summary>
    /// The conversation of a callback that waits for this number begins: PROCESSING until COMPLETED is reported. Of several it is the one whose turn is
    /// nearest; the others wait on, since a number may be many people's. Null where none waits.
    /// </summary>
    /// <param name="phoneNumber">Number that the callback is for, E.164.</param>
    /// <param name="request">The call-in request that the call was matched to, if any. It is used up with the merge.</param>
    /// <param name="now">The present instant.</param>
    public Answer<MergedCallIn?> MergeCallIn(string phoneNumber, CallInRecord? request, DateTimeOffset now)
    {
        // One request is one conversation, also where two calls come with its code from different lines.
        if (request is not null && speaking.Any(c => c.CallIn?.Id == request.Id)) return Problems.CallInNoMatch.With("The call-in request was used.");
        // A call that an agent is just dialling comes first: the two are the same conversation.
        var ofNumber = waitingNumbers.All(phoneNumber).Select(id => callbacks[id]);
        if (ofNumber.Where(c => c.State != CallbackState.Processing).OrderByDescending(c => c.State).ThenBy(c => c.Place.SortKey).ThenBy(c => c.Id).FirstOrDefault() is not { } callback)
            return (MergedCallIn?)null;

        var (state, position) = (callback.State, callback.State == CallbackState.Queued ? PositionOf(callback) : (int?)null);
        // Whoever is dialling the customer learns from the refused outcome that the attempt has become this call.
        var attempt = callback.Attempt is { } underWay ? Connected(underWay) : CallInAttempt(callback.Id, now);
        Withdraw(callback, PushDraft.PointlessOnceConnected);
        var used = UseCallInData(callback, request, now);
        Move(callback, CallbackState.Processing, c =>
        {
            (c.CallIn, c.ProcessingSince, c.ReadyEndsAt, c.ReturnsAt) = (used, now, null, null);
            Save(c, attempt);
        });
        Note(callback, now, "callin.merged", ("callInId", request?.Id), ("attemptId", attempt.Id), ("was", state), ("position", position));
        return new MergedCallIn(callback.Id, attempt.Id);
    }

    /// <summary>The attempt of a call that the customer made.</summary>
    private static AttemptRecord CallInAttempt(Guid callbackId, DateTimeOffset now) => Connected(new AttemptRecord
    {
        Id = Guid.CreateVersion7(now),
        CallbackId = callbackId,
        Number = 1,
        Agent = "",
        State = AttemptState.Live,
        StartedAt = now,
        LeaseEndsAt = now,
    });

    private static AttemptRecord Connected(AttemptRecord attempt) =>
        attempt with { State = AttemptState.Connected, Outcome = AttemptOutcome.Connected, Answer = new OutcomeAnswer(CallbackState.Processing, null, null) };

    /// <summary>Nobody can call in for this callback any more; what the call used is kept as used.</summary>
    private CallInRecord? UseCallInData(Callback callback, CallInRecord? request, DateTimeOffset now)
    {
        if (request is not null) EndCallInData(callback, now);
        var used = request is not null ? request with { CallbackId = callback.Id, MatchedAt = now }
            : callback.CallIn is { MatchedAt: null } given && given.ExpiresAt > now ? given with { MatchedAt = now }
            : null;
        if (used is not null) effects.Add(new Change.CallInSaved(used));
        return used ?? callback.CallIn;
    }
}
