using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using static System.FormattableString;

namespace Ringback.Engine.Tests.Model;

/// <content>The same command for both sides. Ids are the engine's; the reference model is told them.</content>
internal sealed partial class Stage
{
    private static readonly PushTarget[] targets = [new(PushTargetType.Token, "phone"), new(PushTargetType.Token, "tablet"), new(PushTargetType.Token, "watch")];

    /// <summary>A command whose "who" is chosen, so that it can be sent twice. Null where there is nobody to whom it could happen.</summary>
    private Cue? CueOf(Act act) => act switch
    {
        Act.Create create => Create(create),
        Act.Report report => Report(report),
        Act.Cancel { Which: var n } when Choose(reference.Callbacks, n) is { } callback => new Cue(
            "cancel", Invariant($"cancel {callback.Id}"),
            q => Told(q.Run(now, (e, at) => e.Cancel(callback.Id, at)), _ => "cancelled"),
            () => reference.Cancel(callback.Id, now)),
        Act.Confirm or Act.Snooze or Act.Reschedule or Act.ReplaceTargets or Act.EndBySupervisor => WishOf(act),
        // What the queue's type rules out is tried now and then.
        Act.Next { Agent: > 1 } or Act.MatchCallIn when (act is Act.Next) == (reference.Settings.Type == QueueType.UserOriginated) => null,
        Act.AcceptCallIn { Which: var n } when n % 8 > 0 && reference.Settings.Type == QueueType.UserTerminated => null,
        Act.Next { Agent: var agent, Elsewhere: true } => NextElsewhere(Invariant($"agent {agent}")),
        Act.Next { Agent: var agent } => Next(Invariant($"agent {agent}")),
        Act.Extend { Which: var n, Seconds: var seconds, Elsewhere: true } when ChooseAttempt(n) is { State: AttemptState.Unknown } attempt => ExtendElsewhere(attempt, seconds),
        Act.Extend { Which: var n, Seconds: var seconds } when ChooseAttempt(n) is { } attempt => new Cue(
            "extend", Invariant($"extend {attempt.Id} by {seconds} s"),
            q => Told(q.Run(now, (e, at) => e.Extend(attempt.Id, TimeSpan.FromSeconds(seconds), at)), _ => "extended"),
            () => reference.Extend(attempt.Id, seconds, now)),
        Act.Outcome { Which: var n, What: var outcome } when ChooseAttempt(n) is { } attempt => Outcome(attempt, outcome),
        Act.AcceptCallIn accept when ChooseReady(accept.Which) is { } callback => Accept(accept, callback),
        Act.MatchCallIn { Which: var n } when Choose([.. store.CallIns.Values.OrderBy(c => c.Id)], n) is { } callIn => Match(callIn),
        Act.CallUnasked { Which: var n } call when ChooseWaiting(n) is { } callback => Merge(call, callback.Number),
        Act.Settings { Words: var words, Change: var change } => new Cue(
            "settings", $"settings {words}",
            q => Told(q.Run(now, (e, at) => e.ChangeSettings(words, "admin", at)), _ => "changed"),
            () => reference.ChangeSettings(change(reference.Settings), now)),
        _ => null,
    };

    private Cue Create(Act.Create create)
    {
        var number = Invariant($"+1415555{create.Customer:0000}");
        var desired = create.InSeconds is { } ahead ? now.AddSeconds(ahead) : (DateTimeOffset?)null;
        var request = new NewCallback { PhoneNumber = number, DesiredAt = desired, Targets = targets[..create.Targets], Details = new CallbackDetails { Priority = create.Priority } };
        var id = Guid.Empty;
        return new Cue(
            "create", Invariant($"create for customer {create.Customer}{(desired is null ? "" : $" at {desired:dd HH:mm:ss}")}, {create.Targets} targets, priority {create.Priority?.ToString() ?? "of the queue"}"),
            q => Told(q.Run(now, (e, at) => e.Create(request, at)), created =>
            {
                id = created.Id;
                if (!created.WaitsAlready) names.Add(id, "callback");
                else if (!reference.WaitingFor(number).Any(c => c.Id == id)) throw new BrokenRuleException($"{id} was given back, and does not wait for this number.");
                return created.WaitsAlready ? ReferenceQueue.WaitsAlready : "created";
            }),
            () => reference.Create(id, number, create.Targets, create.Priority, desired, now));
    }

    private Cue Report(Act.Report act)
    {
        var report = act.Figures with
        {
            ReportedAt = act.AgeSeconds is { } age ? now.AddSeconds(-age) : null,
            ReportId = act.ReportId is { } id ? Invariant($"r{id}") : null,
        };
        return new Cue(
            "report", Words.Of(report),
            q => Told(q.Run(now, (e, at) => e.Report(report, at)), e => Invariant($"{e.WaitSeconds} {e.ResultCode}")),
            () => reference.Report(report, now));
    }

    private Cue Next(string agent)
    {
        var attemptId = Guid.Empty;
        return new Cue(
            "next", $"{agent} asks for the next callback",
            q => Told(q.Run(now, (e, at) => e.Next(agent, at)), offer =>
            {
                if (offer is null) return ReferenceQueue.Nobody;
                attemptId = offer.Attempt.Id;
                names.Add(attemptId, "attempt");
                return Offer(offer);
            }),
            () => reference.Next(agent, attemptId, now));
    }

    private Cue Outcome(ReferenceAttempt attempt, AttemptOutcome outcome) => new(
        "outcome", Invariant($"report {outcome.Wire()} of {attempt.Id}"),
        q => ReportOutcome(q, attempt.Id, outcome),
        () => reference.ReportOutcome(attempt.Id, outcome, now));

    /// <summary>As <see cref="AttemptService"/>: what is over is answered from the store.</summary>
    private string ReportOutcome(CallbackQueue q, Guid attemptId, AttemptOutcome outcome)
    {
        var answer = q.Run(now, (e, at) => e.ReportOutcome(attemptId, outcome, at));
        if (answer.Fault?.Problem != Problems.AttemptNotFound) return Told(answer, Words.Of);
        return store.Attempts[attemptId] is { Answer: { } given } stored && stored.Outcome == outcome ? Words.Of(given) : Problems.AttemptConflict.Code;
    }

    private Cue Accept(Act.AcceptCallIn accept, ReferenceCallback callback)
    {
        var group = accept.WrongGroup ? "another" : "g";
        // Each request brings an id of its own, which the answer carries where the data are new.
        var terms = new CallInTerms { Id = Guid.CreateVersion7(now), GroupName = group, ToPhoneNumber = "+14155550199", Lifetime = TimeSpan.FromSeconds(accept.HoldsSeconds) };
        names.Add(terms.Id, "call-in");
        return new Cue(
            "call-in", $"call-in for {callback.Id} with group {group}, holding for {accept.HoldsSeconds} s",
            q => Told(q.Run(now, (e, at) => e.AcceptCallIn(callback.Id, terms, at)), given => ReferenceQueue.CallInAnswer(given.Id, given.ExpiresAt)),
            () => reference.AcceptCallIn(callback.Id, terms.Id, group, accept.HoldsSeconds, now));
    }

    private Cue Match(CallInRecord callIn)
    {
        var (callbackId, attemptId) = (callIn.CallbackId!.Value, Guid.Empty);
        return new Cue(
            "match", $"the customer of {callbackId} calls with {callIn.Id}",
            q => Told(q.Run(now, (e, at) => e.MatchCallIn(callbackId, callIn.Id, at)), matched =>
            {
                attemptId = matched.AttemptId;
                names.Add(attemptId, "attempt");
                return "matched";
            }),
            () => reference.MatchCallIn(callbackId, callIn.Id, attemptId, now));
    }

    private static string Told<T>(Answer<T> answer, Func<T, string> value) => answer.Fault switch
    {
        null => value(answer.Value),
        { RetryAfter: { } wait } => ReferenceQueue.TooManyAnswer(wait),
        var fault => fault.Problem.Code,
    };

    private static T? Choose<T>(IReadOnlyList<T> among, int n) where T : class => among.Count == 0 ? null : among[n % among.Count];

    /// <summary>Mostly one that is under way, now and then any.</summary>
    private ReferenceAttempt? ChooseAttempt(int n) =>
        (n % 8 > 0 ? Choose([.. reference.Attempts.Where(a => a.State != AttemptState.Ended)], n / 8) : null) ?? Choose(reference.Attempts, n / 8);

    private ReferenceCallback? ChooseReady(int n) =>
        (n % 4 > 0 ? Choose([.. reference.Callbacks.Where(c => c.ReadyEndsAt is not null)], n / 4) : null) ?? Choose(reference.Callbacks, n / 4);

    /// <summary>A command for both sides.</summary>
    /// <param name="Kind">Which command.</param>
    /// <param name="Words">How the story tells it.</param>
    /// <param name="Engine">Gives it to the engine; the answer in words.</param>
    /// <param name="Reference">Gives it to the reference model; the answer in the same words.</param>
    private sealed record Cue(string Kind, string Words, Func<CallbackQueue, string> Engine, Func<string> Reference);
}
