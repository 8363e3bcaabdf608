using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Engine.Tests.Callbacks;
using static System.FormattableString;

namespace Ringback.Engine.Tests.Model;

/// <summary>Plays a story on the engine and on the reference model, and holds one against the other after every step.</summary>
internal sealed partial class Stage
{
    private static readonly DateTimeOffset start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly QueueKey key = new(new TenantId(1), 1);
    private readonly Names names = new();
    private readonly List<string> log = [];
    private readonly Tally tally;
    private readonly MemoryStore store;
    private readonly ReferenceQueue reference;
    private readonly AlwaysRules always;
    private CallbackQueue queue;
    private DateTimeOffset now = start;
    private bool timerIsLate;

    private Stage(Story story, Tally tally)
    {
        this.tally = tally;
        store = new MemoryStore(story.Settings);
        reference = new ReferenceQueue(story.Settings);
        always = new AlwaysRules(store);
        queue = new CallbackQueue(key, store.Load());
        log.Add($"A queue with {Words.Of(story.Settings)}.");
    }

    /// <summary>Plays a story to its end, or throws <see cref="DisagreementException"/> with the story as far as it went.</summary>
    public static void Play(Story story, Tally tally)
    {
        var stage = new Stage(story, tally);
        try
        {
            foreach (var step in story.Steps) stage.Do(step);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            throw new DisagreementException($"{string.Join('\n', stage.log)}\n{stage.names.In(fault is BrokenRuleException ? fault.Message : fault.ToString())}", fault);
        }
        tally.Add(stage.store);
    }

    private void Do(Step step)
    {
        if (step.What is Act.Wait or Act.WaitForDue or Act.LateTimer or Act.Outage)
        {
            PassTime(step.What);
            return;
        }
        if (step.What is Act.Deliver)
        {
            Say("the push service takes all that waits");
            store.Deliver();
            reference.Deliver();
            return;
        }
        if (step.What is Act.BadTrunk { Times: var times })
        {
            for (var n = 0; n < times && reference.Settings.Type == QueueType.UserTerminated; n++) FailTrunk();
            return;
        }
        if (CueOf(step.What) is { } cue) Command(cue, step.Crash, step.Again);
    }

    private void FailTrunk()
    {
        const int agent = 1;
        Do(new Step(new Act.Next(agent), Crash.Never, false));
        if (reference.HeldBy(Invariant($"agent {agent}")) is not { } held) return;
        Command(Outcome(held, AttemptOutcome.TrunkError), Crash.Never, false);
        PassTime(new Act.Wait(reference.Settings.RetrySeconds.TrunkError));
    }

    private void Command(Cue cue, Crash crash, bool again)
    {
        var told = cue.Engine(queue);
        var changes = queue.TakeChanges();
        Say($"{cue.Words}{Words.Of(crash)}");
        tally.Count(cue.Kind, crash);
        if (crash == Crash.BeforeCommit)
        {
            Restart();
            if (again) Command(cue, Crash.Never, false);
            return;
        }
        store.Apply(changes);
        var expected = reference.Run(now, cue.Reference);
        log[^1] += names.In($": {told}");
        if (told != expected) throw new BrokenRuleException($"The engine answers: {told}\nThe rules say:      {expected}");
        tally.Answered(cue.Kind, told.Split('@')[0]);
        timerIsLate = false;
        if (crash != Crash.Never) Restart();
        Compare();
        if (crash == Crash.BeforeAnswer && again) Command(cue, Crash.Never, false);
    }

    /// <summary>A new owner on what was written: it sees and does the same as the old one would have done.</summary>
    private void Restart()
    {
        queue = new CallbackQueue(key, store.Load());
        reference.Restart();
        TickEngine();
        // Whatever the timer of the dead owner was late with happens now.
        reference.Run(now, () => "");
        timerIsLate = false;
        Compare();
    }

    private void PassTime(Act act)
    {
        switch (act)
        {
            case Act.LateTimer { Seconds: var late }:
                now = now.AddSeconds(late);
                timerIsLate = true;
                Say($"{late} s have passed; the owner's timer is late");
                break;
            case Act.Outage { Seconds: var away }:
                now = now.AddSeconds(away);
                Say($"no process ran for {away} s");
                Restart();
                break;
            case Act.Wait { Seconds: var span }:
                MoveTo(now.AddSeconds(span));
                Say($"{span} s have passed");
                break;
            case Act.WaitForDue { OffMicroseconds: var off } when Earlier(queue.NextDueAt, reference.NextAfter(now)) is { } due && due.AddMicroseconds(off) is var target && target > now:
                MoveTo(target);
                Say(off == 0 ? "something falls due" : off < 0 ? "just before something falls due" : "just after something has fallen due");
                break;
            default:
                break;
        }
    }

    /// <summary>Both are woken when something of theirs is due, the engine only when it says so itself: an alarm that it forgets is a disagreement.</summary>
    private void MoveTo(DateTimeOffset target)
    {
        if (timerIsLate) Restart();
        while (true)
        {
            var (engineDue, rulesDue) = (queue.NextDueAt, reference.NextAfter(now));
            if (Earlier(engineDue, rulesDue) is not { } at || at > target) break;
            now = at;
            if (engineDue == at) TickEngine();
            if (rulesDue == at) reference.Run(now, () => "");
            Compare();
        }
        now = target;
    }

    private void TickEngine()
    {
        queue.RunClock(now);
        store.Apply(queue.TakeChanges());
        if (queue.NextDueAt <= now) throw new BrokenRuleException($"Something that was due at {queue.NextDueAt:HH:mm:ss} has not happened.");
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private void Say(string words) => log.Add(names.In(Invariant($"{now:dd HH:mm:ss.ffffff}  {words}")));
}

/// <summary>What the engine did is not what the rules say, or breaks a rule that always holds.</summary>
internal sealed class BrokenRuleException(string message) : Exception(message);

/// <summary>A story in which engine and reference model disagree.</summary>
/// <param name="story">The story in words, up to the disagreement, and what that is.</param>
/// <param name="inner">The disagreement.</param>
internal sealed class DisagreementException(string story, Exception inner) : Exception(story, inner);
