using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Tests.Model;

/// <summary>
/// One thing that happens in a story. Whom it happens to is a number that chooses among those there are at that moment, so that a story can still be
/// played when others of its steps are left out.
/// </summary>
internal abstract record Act
{
    private Act()
    {
    }

    /// <summary>Somebody asks for a callback.</summary>
    /// <param name="InSeconds">Desired time from now; null = as soon as possible.</param>
    /// <param name="Customer">Whose number.</param>
    /// <param name="Targets">How many push targets.</param>
    /// <param name="Priority">Points of this callback; null = the queue's.</param>
    internal sealed record Create(int? InSeconds, int Customer, int Targets, int? Priority) : Act;

    /// <summary>A callback is cancelled.</summary>
    internal sealed record Cancel(int Which) : Act;

    /// <summary>A customer says that they are there.</summary>
    internal sealed record Confirm(int Which) : Act;

    /// <summary>A customer has no time just now.</summary>
    internal sealed record Snooze(int Which, int Minutes) : Act;

    /// <summary>A customer wants another time.</summary>
    internal sealed record Reschedule(int Which, int InSeconds) : Act;

    /// <summary>A customer wants the pushes elsewhere.</summary>
    /// <param name="Which">Whose.</param>
    /// <param name="Slots">For each slot whether there is a target.</param>
    internal sealed record ReplaceTargets(int Which, IReadOnlyList<bool> Slots) : Act;

    /// <summary>A supervisor ends a callback: silently, or with the push of a purge.</summary>
    internal sealed record EndBySupervisor(int Which, bool Purge) : Act;

    /// <summary>The agent side reports.</summary>
    /// <param name="Figures">What it reports, without time and id.</param>
    /// <param name="AgeSeconds">How old the figures are; null = not said.</param>
    /// <param name="ReportId">Id of the report; null = none. The same one may come twice.</param>
    internal sealed record Report(QueueReport Figures, int? AgeSeconds, int? ReportId) : Act;

    /// <summary>An agent asks for the next callback.</summary>
    /// <param name="Agent">Who.</param>
    /// <param name="Elsewhere">Whether another queue gives the agent a callback at the same instant, and is faster.</param>
    internal sealed record Next(int Agent, bool Elsewhere = false) : Act;

    /// <summary>An agent asks for more time.</summary>
    /// <param name="Which">Which attempt.</param>
    /// <param name="Seconds">How much.</param>
    /// <param name="Elsewhere">Whether another queue gives the agent a callback at the same instant, and is faster.</param>
    internal sealed record Extend(int Which, int Seconds, bool Elsewhere = false) : Act;

    /// <summary>An agent reports what became of an attempt.</summary>
    internal sealed record Outcome(int Which, AttemptOutcome What) : Act;

    /// <summary>The trunk fails an agent several times in a row: next, TRUNK_ERROR, and the pause after it.</summary>
    internal sealed record BadTrunk(int Times) : Act;

    /// <summary>A customer accepts READY, or tries to.</summary>
    internal sealed record AcceptCallIn(int Which, int HoldsSeconds, bool WrongGroup) : Act;

    /// <summary>A customer's call comes in.</summary>
    internal sealed record MatchCallIn(int Which) : Act;

    /// <summary>A customer whose callback waits calls unasked.</summary>
    /// <param name="Which">The callback whose number calls.</param>
    /// <param name="Request">0: with a call-in request that was given out just now; 1: with the last one of those; else without.</param>
    internal sealed record CallUnasked(int Which, int Request) : Act;

    /// <summary>An administrator changes settings.</summary>
    /// <param name="Words">The change as the API takes it.</param>
    /// <param name="Change">The same change.</param>
    internal sealed record Settings(string Words, Func<QueueSettings, QueueSettings> Change) : Act;

    /// <summary>The push service takes all that waits.</summary>
    internal sealed record Deliver : Act;

    /// <summary>Time passes, and everything happens when it is due.</summary>
    internal sealed record Wait(int Seconds) : Act;

    /// <summary>Time passes until just before, exactly to, or just after the next instant at which something is due.</summary>
    internal sealed record WaitForDue(int OffMicroseconds) : Act;

    /// <summary>Time passes while the owner's timer is late: what is due happens with the next command.</summary>
    internal sealed record LateTimer(int Seconds) : Act;

    /// <summary>No process runs for some time.</summary>
    internal sealed record Outage(int Seconds) : Act;
}

/// <summary>Where a crash strikes a command.</summary>
internal enum Crash
{
    /// <summary>None.</summary>
    Never,

    /// <summary>Before the commit: nothing of it was ever true.</summary>
    BeforeCommit,

    /// <summary>Between the commit and the answer.</summary>
    BeforeAnswer,

    /// <summary>After the answer.</summary>
    AfterAnswer,
}

/// <summary>A step of a story.</summary>
/// <param name="What">What happens.</param>
/// <param name="Crash">Where a crash strikes it.</param>
/// <param name="Again">Whether whoever got no answer sends the same again.</param>
internal sealed record Step(Act What, Crash Crash, bool Again);

/// <summary>A queue and what happens to it.</summary>
internal sealed record Story(QueueSettings Settings, IReadOnlyList<Step> Steps);
