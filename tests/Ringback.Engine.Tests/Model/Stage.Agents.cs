using Ringback.Engine.Callbacks;
using static System.FormattableString;

namespace Ringback.Engine.Tests.Model;

/// <content>Agents who serve several queues, of which this is one, and customers who call unasked.</content>
internal sealed partial class Stage
{
    private readonly List<CallInRecord> unasked = [];

    /// <summary>A hand-out that the database refuses, because the agent has another one there (<see cref="AgentsHeldException"/>).</summary>
    private Cue NextElsewhere(string agent)
    {
        var attemptId = Guid.Empty;
        return new Cue(
            "next, taken back", $"{agent} asks for the next callback, and is given one by another queue at the same instant",
            q =>
            {
                var held = q.Resume(agent).Value;
                var told = q.Run(now, (e, at) => e.Next(agent, at));
                if (told.Fault is not null || told.Value is not { Attempt.Id: var id } || id == held?.Attempt.Id) return Told(told, offer => offer is null ? ReferenceQueue.Nobody : Offer(offer));
                names.Add(attemptId = id, "attempt");
                q.Run(now, (e, at) => e.TakeBack(new HeldAttempt(id, IsNew: true), at));
                return q.IsLive(id) ? Offer(told.Value) : ReferenceQueue.Nobody;
            },
            () => reference.NextThatIsTakenBack(agent, attemptId, now));
    }

    /// <summary>Only a lease that was over can collide: a live attempt is the agent's own row in the database.</summary>
    private Cue ExtendElsewhere(ReferenceAttempt attempt, int seconds) => new(
        "extend, taken back", Invariant($"extend {attempt.Id} by {seconds} s, while its agent is given one by another queue"),
        q =>
        {
            var told = q.Run(now, (e, at) => e.Extend(attempt.Id, TimeSpan.FromSeconds(seconds), at));
            if (told.Fault is null) q.Run(now, (e, at) => e.TakeBack(new HeldAttempt(attempt.Id, IsNew: false), at));
            return told.Fault is null && !q.IsLive(attempt.Id) ? Problems.AttemptConflict.Code : Told(told, _ => "extended");
        },
        () => reference.ExtendThatIsTakenBack(attempt.Id, seconds, now));

    private Cue Merge(Act.CallUnasked act, string number)
    {
        if (act.Request == 0) unasked.Add(NewRequest(number));
        var request = act.Request < 2 && unasked.Count > 0 ? unasked[^1] : null;
        var attemptId = Guid.Empty;
        return new Cue(
            "merge", $"the customer of {number[^4..]} calls unasked{(request is null ? "" : Invariant($" with {request.Id}"))}",
            q => Told(q.Run(now, (e, at) => e.MergeCallIn(number, request, at)), merged =>
            {
                if (merged is null) return ReferenceQueue.Nobody;
                names.Add(attemptId = merged.AttemptId, "attempt");
                return $"{merged.AttemptId} {merged.CallbackId}";
            }),
            () => reference.MergeCallIn(number, request is null ? null : (request.Id, request.ExpiresAt), attemptId, now));
    }

    private CallInRecord NewRequest(string number)
    {
        var request = new CallInRecord
        {
            Id = Guid.CreateVersion7(now),
            GroupName = "g",
            ToPhoneNumber = "+14155550199",
            FromPhoneNumber = number,
            CreatedAt = now,
            ExpiresAt = now.AddSeconds(300),
        };
        names.Add(request.Id, "call-in");
        return request;
    }

    private static string Offer(AttemptOffer offer) => $"{offer.Attempt.Id} {offer.Callback.Id}";
}
