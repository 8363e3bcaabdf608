using CsCheck;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Engine.Tests.Model;

/// <summary>Random stories. Figures are few and round, so that equal instants, exact thresholds and repeated numbers are common.</summary>
internal static class Stories
{
    private static readonly Gen<int> seconds = Gen.OneOf(0, 1, 5, 10, 20, 30, 60, 90, 120, 300);

    private static readonly Gen<int?> priority = Gen.Frequency((3, Gen.Const((int?)null)), (1, Gen.OneOf<int?>(-200, -3, -1, 1, 2, 5, 200)));

    private static readonly Gen<QueueReport> figures = Gen.Select(
        Gen.OneOf(0, 1, 1, 2, 3, 7, 11), Gen.Int[0, 4], Gen.OneOf(0, 0, 0, 1, 2, 5, 12, 30), Gen.OneOf(0, 30, 60, 60, 100, 240, 420, 600), Gen.Int[0, 6], Gen.OneOf<double?>(null, 0, 30, 240, 300, 1_800),
        (loggedIn, ready, waiting, handling, departures, outside) => new QueueReport
        {
            AgentsLoggedIn = loggedIn,
            AgentsReady = Math.Min(ready, loggedIn),
            InteractionsWaiting = waiting,
            MeanHandlingSeconds = handling,
            Departures = departures,
            ReportedEwtSeconds = outside,
        });

    /// <summary>Stories begin on a Monday at noon; half of these close soon.</summary>
    private static readonly Gen<BusinessHours?> hours = Gen.OneOf<BusinessHours?>(
        null, Daily("09:00-12:30", "13:00-15:00"), Daily("12:00-12:10", "12:20-12:40", "12:45-20:00"), Daily("08:00-13:00"), Daily("00:00-24:00"), Daily("22:00-26:00"), MondayOnly("11:00-12:05", "12:10-13:00"));

    private static readonly Gen<Act> settings = Gen.OneOf<Act>(
        Setting(Gen.OneOf(0, 1, 2, 5, 5, 20), "pushNotificationThresholdMinutes", (s, v) => s with { PushNotificationThresholdMinutes = v }),
        Setting(Gen.Int[1, 4], "maxAttempts", (s, v) => s with { MaxAttempts = v }),
        Setting(Gen.OneOf(60, 300, 600, 1_800, 3_600), "maxTimeInQueueSeconds", (s, v) => s with { MaxTimeInQueueSeconds = v }),
        Setting(Gen.OneOf(60, 300, 600, 1_800, 3_600), "maxTimeInQueueSeconds", (s, v) => s with { MaxTimeInQueueSeconds = v }),
        Setting(Gen.Int[1, 4], "inFlightCap", (s, v) => s with { InFlightCap = v }),
        Setting(Gen.OneOf(10, 60, 120), "attemptLeaseSeconds", (s, v) => s with { AttemptLeaseSeconds = v }),
        Setting(Gen.OneOf(30, 300, 900), "unknownOutcomeHoldSeconds", (s, v) => s with { UnknownOutcomeHoldSeconds = v }),
        Setting(Gen.OneOf(600, 3_600), "maxProcessingSeconds", (s, v) => s with { MaxProcessingSeconds = v }),
        Setting(Gen.OneOf(30, 60, 300), "readyTimeoutSeconds", (s, v) => s with { ReadyTimeoutSeconds = v }),
        Setting(Gen.OneOf(-2, 0, 3), "priority", (s, v) => s with { Priority = v }),
        Setting(Gen.OneOf(0, 60, 120), "prioritySeconds", (s, v) => s with { PrioritySeconds = v }),
        Setting(Gen.OneOf(0, 100, 3_600), "priorityLimitSeconds", (s, v) => s with { PriorityLimitSeconds = v }),
        Setting(Gen.Enum<EwtMode>(), "ewtMode", (s, v) => s with { EwtMode = v }),
        Setting(Gen.Enum<QueueType>(), "type", (s, v) => s with { Type = v }),
        Setting(Gen.Bool, "oneActivePerNumber", (s, v) => s with { OneActivePerNumber = v }),
        Setting(Gen.Bool, "oneActivePerNumber", (s, v) => s with { OneActivePerNumber = v }),
        Setting(Gen.OneOf(0, 1, 2, 4), "maxCreatesPerNumberPerHour", (s, v) => s with { MaxCreatesPerNumberPerHour = v }),
        Setting(Gen.OneOf(0, 1, 3), "maxCreatesPerMinute", (s, v) => s with { MaxCreatesPerMinute = v }),
        Setting(hours, "businessHours", (s, v) => s with { BusinessHours = v }),
        Setting(hours, "businessHours", (s, v) => s with { BusinessHours = v }),
        Setting(Gen.Bool, "rescheduleOnPurge", (s, v) => s with { RescheduleOnPurge = v }),
        Setting(Gen.Int[1, 3], "maxReschedules", (s, v) => s with { MaxReschedules = v }),
        Setting(Gen.Bool, "immediateEnabled", (s, v) => s with { ImmediateEnabled = v }),
        Setting(Gen.Bool, "scheduledEnabled", (s, v) => s with { ScheduledEnabled = v }));

    /// <summary>Each story has a favourite outcome and a circle of customers, so that long rows of one outcome and crowds of one number come about.</summary>
    private static readonly Gen<(AttemptOutcome Favourite, int Customers)> mood = Gen.Select(Gen.Enum<AttemptOutcome>(), Gen.OneOf(1, 4, 40, 40));

    private static Gen<Act> ActsOf(AttemptOutcome favourite, int customers) => Gen.Frequency(
        (22, Gen.Select(Gen.Frequency((3, Gen.Const((int?)null)), (2, Gen.OneOf<int?>(0, 1, 30, 60, 120, 300, 301, 600, 1_200, 3_600, 7_200, 86_400))), Gen.Int[0, customers], Gen.OneOf(0, 1, 1, 2, 3), priority)
            .Select(c => (Act)new Act.Create(c.Item1, c.Item2, c.Item3, c.Item4))),
        (16, Gen.Select(figures, Gen.OneOf<int?>(null, null, 0, 5, 60), Gen.OneOf<int?>(null, null, null, 1, 2, 3, 4, 5), (f, age, id) => (Act)new Act.Report(f, age, id))),
        // Eleven agents: figures whose quotient is not what it seems, so that a wait of exactly the threshold comes about by a product alone.
        (2, Gen.Select(figures, Gen.OneOf(30, 60), (f, handling) => (Act)new Act.Report(f with { AgentsLoggedIn = 11, MeanHandlingSeconds = handling }, null, null))),
        (5, Gen.Int[0, 1_000].Select(n => (Act)new Act.Cancel(n))),
        (1, Gen.Int[0, 1_000].Select(n => (Act)new Act.Confirm(n))),
        (4, Gen.Select(Gen.Int[0, 1_000], Gen.OneOf(1, 2, 5, 60), (n, minutes) => (Act)new Act.Snooze(n, minutes))),
        (4, Gen.Select(Gen.Int[0, 1_000], Gen.OneOf(1, 30, 60, 300, 301, 1_200, 7_200, 86_400), (n, ahead) => (Act)new Act.Reschedule(n, ahead))),
        (2, Gen.Select(Gen.Int[0, 1_000], Gen.Bool.List[0, 3], (n, slots) => (Act)new Act.ReplaceTargets(n, [.. slots, true]))),
        (2, Gen.Select(Gen.Int[0, 1_000], Gen.Bool, (n, purge) => (Act)new Act.EndBySupervisor(n, purge))),
        (14, Gen.Select(Gen.Int[1, 4], Gen.Int[0, 9], (n, elsewhere) => (Act)new Act.Next(n, elsewhere == 0))),
        (3, Gen.Select(Gen.Int[0, 1_000], Gen.OneOf(10, 60, 300), Gen.Int[0, 2], (n, s, elsewhere) => (Act)new Act.Extend(n, s, elsewhere == 0))),
        (3, Gen.Select(Gen.Int[0, 1_000], Gen.Int[0, 4], (n, request) => (Act)new Act.CallUnasked(n, request))),
        (14, Gen.Select(Gen.Int[0, 1_000], Gen.Frequency((2, Gen.Enum<AttemptOutcome>()), (1, Gen.Const(favourite))), (n, what) => (Act)new Act.Outcome(n, what))),
        (8, Gen.Select(Gen.Int[0, 1_000], Gen.OneOf(20, 60, 600), Gen.Int[0, 9], (n, holds, wrong) => (Act)new Act.AcceptCallIn(n, holds, wrong == 0))),
        (5, Gen.Int[0, 1_000].Select(n => (Act)new Act.MatchCallIn(n))),
        (5, settings),
        (2, Gen.Int[2, 7].Select(times => (Act)new Act.BadTrunk(times))),
        (4, Gen.Const((Act)new Act.Deliver())),
        (10, seconds.Select(s => (Act)new Act.Wait(s))),
        (8, Gen.OneOf(-1, 0, 0, 0, 1).Select(off => (Act)new Act.WaitForDue(off))),
        (2, seconds.Select(s => (Act)new Act.LateTimer(s))),
        (2, Gen.OneOf(1, 60, 600, 2_000, 20_000, 90_000).Select(s => (Act)new Act.Outage(s))));

    private static readonly Gen<Crash> crash = Gen.Frequency((90, Gen.Const(Crash.Never)), (3, Gen.Const(Crash.BeforeCommit)), (4, Gen.Const(Crash.BeforeAnswer)), (3, Gen.Const(Crash.AfterAnswer)));

    private static readonly Gen<QueueSettings> queue = Gen.Select(
        Gen.Enum<QueueType>(), Gen.Frequency((3, Gen.Const(EwtMode.Mode2)), (1, Gen.Enum<EwtMode>())), Gen.OneOf(0, 1, 2, 5, 5), Gen.Int[1, 3], Gen.OneOf(120, 300, 600, 3_600, 3_600), Gen.Int[1, 5],
        Gen.Select(Gen.Bool, Gen.Frequency((1, Gen.Const((BusinessHours?)null)), (1, hours)), Gen.Bool, Gen.Int[1, 2], Gen.OneOf(0, 0, 20, 3), Gen.OneOf(0, 0, 1_200, 4)),
        (type, mode, threshold, attempts, longest, cap, rest) => new QueueSettings
        {
            Type = type,
            EwtMode = mode,
            PushNotificationThresholdMinutes = threshold,
            MaxAttempts = attempts,
            MaxTimeInQueueSeconds = longest,
            InFlightCap = cap,
            OneActivePerNumber = rest.Item1,
            BusinessHours = rest.Item2,
            RescheduleOnPurge = rest.Item2 is not null && rest.Item3,
            MaxReschedules = rest.Item4,
            MaxCreatesPerNumberPerHour = rest.Item5,
            MaxCreatesPerMinute = rest.Item6,
            CallInGroup = "g",
            RetrySeconds = new RetrySeconds { NoAnswer = 60, Busy = 20, Declined = 300, Machine = 300, TrunkError = 5 },
        });

    /// <summary>Stories of 1 to 120 steps.</summary>
    public static Gen<Story> Any { get; } = mood.SelectMany(m => Gen.Select(
        queue, Gen.Select(ActsOf(m.Favourite, m.Customers), crash, Gen.Bool, (what, where, again) => new Step(what, where, again)).List[1, 120], (q, steps) => new Story(q, steps)));

    private static BusinessHours Daily(params string[] day) => new()
    {
        TimeZone = "UTC",
        Weekly = new WeeklyHours { Monday = day, Tuesday = day, Wednesday = day, Thursday = day, Friday = day, Saturday = day, Sunday = day },
    };

    private static BusinessHours MondayOnly(params string[] day) => new() { TimeZone = "UTC", Weekly = new WeeklyHours { Monday = day } };

    private static Gen<Act> Setting<T>(Gen<T> values, string name, Func<QueueSettings, T, QueueSettings> change) =>
        values.Select(value => (Act)new Act.Settings(Words.Setting(name, value), s => change(s, value)));
}
