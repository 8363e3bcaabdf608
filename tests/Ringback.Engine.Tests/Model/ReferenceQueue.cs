using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Tests.Model;

/// <summary>
/// A second opinion on rules B and D: the same commands as the engine's queue, written from the requirements and as naive as can be. Lists and
/// linear scans; waits and ranks are worked out anew from all that was reported, attempts from all that they met. Whoever finds that it disagrees with
/// the engine looks the rule up: neither of them is right by itself.
/// </summary>
internal sealed partial class ReferenceQueue(QueueSettings settings)
{
    private readonly List<(QueueReport Report, DateTimeOffset At)> reports = [];
    private readonly List<ReferenceCallback> callbacks = [];
    private readonly List<ReferenceAttempt> attempts = [];
    private readonly List<ReferenceEvent> events = [];
    private readonly List<ReferenceCallIn> callIns = [];

    public QueueSettings Settings { get; private set; } = settings;

    public IReadOnlyList<ReferenceCallback> Callbacks => callbacks;

    public IReadOnlyList<ReferenceAttempt> Attempts => attempts;

    public IReadOnlyList<ReferenceEvent> Events => events;

    public IReadOnlyList<ReferenceCallIn> CallIns => callIns;

    /// <summary>What had fallen due comes first; then the command and what it made due; then what follows for everybody.</summary>
    public string Run(DateTimeOffset now, Func<string> command)
    {
        CountWhereThereIsALimit();
        HandleDue(now);
        var answer = command();
        HandleDue(now);
        Settle(now);
        return answer;
    }

    /// <summary>Whether a create would be taken: <c>null</c> yes, <see cref="WaitsAlready"/>, or the code of the refusal.</summary>
    public string? Refuses(bool scheduled, string number, int targets)
    {
        if (scheduled ? !Settings.ScheduledEnabled : !Settings.ImmediateEnabled) return Problems.CallbackNotAllowed.Code;
        if (Settings.Type == QueueType.UserOriginated && targets == 0) return Problems.InvalidParameters.Code;
        // D9: the same number may not wait twice in a queue, where so configured.
        return Settings.OneActivePerNumber && WaitingFor(number).Any() ? WaitsAlready : null;
    }

    public const string WaitsAlready = "waits already";

    public IEnumerable<ReferenceCallback> WaitingFor(string number) => callbacks.Where(c => !c.IsOver && c.Number == number);

    public string Create(Guid id, string number, int targets, int? priority, DateTimeOffset? desired, DateTimeOffset now)
    {
        if (Refuses(desired is not null, number, targets) is { } refused) return refused;
        if (TooMany(number, now) is { } later) return later;
        var arrival = desired ?? now;
        if (!IsOpen(arrival)) return Problems.OfficeClosed.Code;
        // D2: a point counts as so many seconds of earlier arrival, capped.
        var points = priority ?? Settings.Priority;
        var shift = Math.Min(Math.Abs(points) * Settings.PrioritySeconds, Settings.PriorityLimitSeconds) * Math.Sign(points);
        var newborn = new ReferenceCallback
        {
            Id = id,
            Number = number,
            Targets = targets,
            CreatedAt = now,
            DesiredAt = arrival,
            Place = arrival.AddSeconds(-shift),
            State = arrival > now ? CallbackState.Scheduled : CallbackState.Queued,
            ReportsAtArrival = reports.Count,
        };
        // B2: judged once, as the request arrived: before it stands in line itself.
        newborn.LowAtCreate = MayHearUpcoming(newborn) && IsLow(newborn, now);
        if (newborn.LowAtCreate) newborn.Suppressed.Add("LOW_AT_CREATE");
        callbacks.Add(newborn);
        taken?.Add((number, now));
        return "created";
    }

    public string Cancel(Guid id, DateTimeOffset now)
    {
        var callback = Of(id);
        if (Held(callback) is { } refused) return refused;
        if (callback.State == CallbackState.Processing) return Problems.CallbackStateConflict.Code;
        Withdraw(callback, PushEvents.All);
        EndCallInData(callback, now);
        // D7: nobody is to dial any more. The agent may take another callback; the late outcome is still waited for.
        if (OpenAttempt(callback) is { State: AttemptState.Live } attempt) (attempt.State, attempt.LeaseEndsAt) = (AttemptState.Unknown, now);
        End(callback, CompletionReason.Cancelled, now);
        return "cancelled";
    }

    public string Report(QueueReport report, DateTimeOffset now)
    {
        var known = report.ReportId is { } reportId && reports.Exists(r => r.Report.ReportId == reportId);
        var stale = report.ReportedAt is { } at && reports.Count > 0 && at < reports[^1].At;
        if (!known && !stale) reports.Add((report, report.ReportedAt ?? now));
        return EstimateArrival(Settings.EwtMode);
    }

    /// <summary>The wait of a new arrival, which comes behind everybody.</summary>
    public string EstimateArrival(EwtMode mode) => FormattableString.Invariant($"{Whole(WaitAt(callbacks.Count(c => c.Stands) + LiveNow + 1, mode))} {ResultCode(mode)}");

    public string ChangeSettings(QueueSettings next, DateTimeOffset now)
    {
        if (next is { RescheduleOnPurge: true, BusinessHours: null }) return Problems.InvalidParameters.Code;
        if (next.Type != Settings.Type && callbacks.Exists(c => !c.IsOver || OpenAttempt(c) is not null)) return Problems.QueueTypeConflict.Code;
        Settings = next;
        CountWhereThereIsALimit();
        // D7: new hours that have the queue closed now are its closing.
        if (!IsOpen(now)) callbacks.Where(c => c.State == CallbackState.Queued).ToList().ForEach(c => EndWait(c, now, CompletionReason.EndOfBusiness, now));
        return "changed";
    }

    /// <summary>Every push that waits is sent.</summary>
    public void Deliver()
    {
        foreach (var decided in events) Become(Fate.Sent, decided);
    }

    /// <summary>One that is over and has no attempt under way is not the queue's any more.</summary>
    private string? Held(ReferenceCallback callback) => !callback.IsOver ? null
        : OpenAttempt(callback) is null ? Problems.CallbackNotFound.Code : Problems.CallbackStateConflict.Code;

    private static void End(ReferenceCallback callback, CompletionReason reason, DateTimeOffset now)
    {
        (callback.State, callback.Reason, callback.CompletedAt) = (CallbackState.Completed, reason, now);
        (callback.PausedUntil, callback.ReadyEndsAt) = (null, null);
    }

    private void Decide(ReferenceCallback callback, string name, int round, DateTimeOffset now)
    {
        if (callback.Targets == 0) return;
        Withdraw(callback, Pointless.After(name));
        events.Add(new ReferenceEvent { Callback = callback, Name = name, Round = round, At = now, Fates = new Fate[callback.Targets] });
    }

    private void Withdraw(ReferenceCallback callback, IReadOnlyCollection<string> names)
    {
        foreach (var pointless in events.Where(e => e.Callback == callback && names.Contains(e.Name))) Become(Fate.Withdrawn, pointless);
    }

    private static void Become(Fate fate, ReferenceEvent decided)
    {
        for (var slot = 0; slot < decided.Fates.Length; slot++) Become(fate, decided, slot);
    }

    private static void Become(Fate fate, ReferenceEvent decided, int slot)
    {
        if (slot < decided.Fates.Length && decided.Fates[slot] == Fate.Waits) decided.Fates[slot] = fate;
    }
}

/// <summary>Which unsent events a later one makes pointless (push-events.md).</summary>
internal static class Pointless
{
    /// <summary>All that announces a call: worth nothing once the parties speak or the callback is over.</summary>
    public static IReadOnlyCollection<string> OnceSpoken { get; } = [PushEvents.Upcoming, PushEvents.Ready, PushEvents.CallIn, PushEvents.AttemptFailed];

    public static IReadOnlyCollection<string> After(string name) => name switch
    {
        PushEvents.Purged or PushEvents.FinalAttemptFailed => OnceSpoken,
        PushEvents.AttemptFailed => [PushEvents.Upcoming, PushEvents.AttemptFailed],
        PushEvents.Ready => [PushEvents.Ready, PushEvents.CallIn],
        PushEvents.CallIn => [PushEvents.Ready],
        _ => [],
    };
}
