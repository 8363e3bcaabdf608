using System.Diagnostics;
using Ringback.Engine.Delivery;
using Ringback.Engine.Notifications;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>
/// The rules of one queue over its callbacks: plain, synchronous and without I/O. A command is checked and applied to memory and leaves the
/// changes to be written in <see cref="TakeChanges"/>. Not safe for concurrent use: its owner lets one command in at a time.
/// </summary>
internal sealed partial class CallbackQueue
{
    private readonly QueueKey key;
    private readonly string name;
    private readonly Dictionary<Guid, Callback> callbacks = [];
    private readonly WaitingNumbers waitingNumbers = new();
    private readonly CreateThrottle throttle = new();
    private readonly Dictionary<string, Callback> liveByAgent = [];
    private readonly Dictionary<Guid, Callback> byAttempt = [];
    private readonly WaitingLine line = new();
    private readonly SortedSet<(DateTimeOffset DesiredAt, Guid Id)> scheduledWatched = [];
    private readonly HashSet<Callback> speaking = [];
    private readonly HashSet<Callback> changed = [];
    private readonly List<Change> effects = [];
    private Change.CallbackCreated? created;
    private QueueSettings settings;
    private int settingsVersion;
    private LiveState live;
    private int inFlight;
    private bool begun;

    public CallbackQueue(QueueKey key, QueueSnapshot snapshot)
    {
        (this.key, name, settings, settingsVersion, live) = (key, snapshot.Name, snapshot.Settings, snapshot.SettingsVersion, snapshot.Live);
        UseHours();
        foreach (var record in snapshot.Callbacks) callbacks.Add(record.Id, Callback.From(record));
        foreach (var attempt in snapshot.Attempts) Hold(callbacks[attempt.CallbackId], attempt);
        foreach (var callIn in snapshot.CallIns)
        {
            if (callIn.CallbackId is { } id && callbacks.TryGetValue(id, out var callback)) callback.CallIn = callIn;
        }
        foreach (var callback in callbacks.Values) Enter(callback);
    }

    /// <summary>Runs a command at an instant: what had fallen due comes first; then the command, what it made due at once, and what follows from all that.</summary>
    public Answer<T> Run<T>(DateTimeOffset now, Func<CallbackQueue, DateTimeOffset, Answer<T>> command)
    {
        if (deleted) return Problems.QueueUnknown.With("The queue was deleted.");
        Begin(now);
        HandleDue(now);
        var answer = command(this, now);
        HandleDue(now);
        Settle(now);
        return answer;
    }

    /// <summary>What happens by itself up to an instant.</summary>
    public void RunClock(DateTimeOffset now)
    {
        Begin(now);
        HandleDue(now);
        Settle(now);
    }

    /// <summary>The changes since the last call, in an order in which they can be written.</summary>
    public IReadOnlyList<Change> TakeChanges()
    {
        if (created is null && changed.Count == 0 && effects.Count == 0) return [];
        var taken = new List<Change>(changed.Count + effects.Count + 1);
        if (created is not null)
        {
            var newborn = callbacks[created.Callback.Id];
            taken.Add(created with { Callback = newborn.ToRecord() });
            changed.Remove(newborn);
        }
        taken.AddRange(changed.Select(callback => new Change.CallbackChanged(callback.ToRecord())));
        taken.AddRange(effects);
        created = null;
        changed.Clear();
        effects.Clear();
        return taken;
    }

    /// <summary>What can only be done once the instant is known.</summary>
    private void Begin(DateTimeOffset now)
    {
        if (begun) return;
        begun = true;
        throttle.Use(settings, callbacks.Values, now);
    }

    /// <summary>What follows from whatever has just changed: callbacks that crossed the threshold, and whose turn it is to call in.</summary>
    private void Settle(DateTimeOffset now)
    {
        if (settings.Type == QueueType.UserOriginated) OfferReady(now);
        else JudgeUpcoming(now);
    }

    /// <summary>Puts a callback into the indexes that its state belongs to.</summary>
    private void Enter(Callback callback)
    {
        CountInSlot(callback, 1);
        if (callback.State != CallbackState.Completed) waitingNumbers.Add(callback.PhoneNumber, callback.Id);
        line.Watch(callback.Place, callback.AwaitsUpcoming);
        switch (callback.State)
        {
            case CallbackState.Scheduled when callback.AwaitsUpcoming:
                scheduledWatched.Add((callback.DesiredAt, callback.Id));
                break;
            case CallbackState.Queued when callback.ReturnsAt is null:
                line.Insert(callback.Place);
                break;
            case CallbackState.Routing:
                inFlight++;
                break;
            case CallbackState.Processing:
                speaking.Add(callback);
                break;
            default:
                break;
        }
        Schedule(callback);
    }

    /// <summary>Takes a callback out of the indexes that its state belongs to, before the state changes.</summary>
    private void Leave(Callback callback)
    {
        CountInSlot(callback, -1);
        if (callback.Place.InLine) line.Remove(callback.Place);
        if (callback.State == CallbackState.Scheduled) scheduledWatched.Remove((callback.DesiredAt, callback.Id));
        if (callback.State == CallbackState.Routing) inFlight--;
        if (callback.State == CallbackState.Processing) speaking.Remove(callback);
        changed.Add(callback);
    }

    /// <summary>Moves a callback to another state: out of the old indexes, into the new ones.</summary>
    private void Move(Callback callback, CallbackState state, Action<Callback>? also = null)
    {
        Leave(callback);
        callback.State = state;
        also?.Invoke(callback);
        Enter(callback);
    }

    /// <summary>Ends a callback. It leaves memory, unless an attempt has still to report.</summary>
    private void Complete(Callback callback, CompletionReason reason, DateTimeOffset now)
    {
        Leave(callback);
        (callback.State, callback.Reason, callback.CompletedAt) = (CallbackState.Completed, reason, now);
        (callback.ReturnsAt, callback.ReadyEndsAt) = (null, null);
        waitingNumbers.Remove(callback.PhoneNumber, callback.Id);
        Note(callback, now, "completed", ("reason", reason));
        if (callback.Attempt is null) Forget(callback);
        else Schedule(callback);
    }

    private void Forget(Callback callback)
    {
        callback.DueStamp = -1;
        callbacks.Remove(callback.Id);
    }

    private Callback? Find(Guid id) => callbacks.TryGetValue(id, out var callback) ? callback : null;

    private Callback? FindOpen(Guid id) => Find(id) is { State: not CallbackState.Completed } callback ? callback : null;

    private WaitEstimate Estimate(EwtMode mode) => WaitEstimate.Of(live, mode, line.Count);

    private int PositionOf(Callback callback) => 1 + line.Ahead(callback.Place) + live.LiveAhead(callback.Place.LiveTicket);

    private void Note(Callback callback, DateTimeOffset now, string kind, params (string Name, object? Value)[] detail)
    {
        callback.TimelineSequence++;
        changed.Add(callback);
        var named = detail.Where(d => d.Value is not null).ToDictionary(d => d.Name, d => d.Value is DateTimeOffset at ? WireTime.Of(at) : d.Value);
        effects.Add(new Change.TimelineAdded(callback.Id, new TimelineEntry(callback.TimelineSequence, now, kind, named)));
    }

    /// <summary>Step 4 has decided; this makes the outbox rows that are committed with the decision.</summary>
    private void Decide(Callback callback, PushDraft draft, DateTimeOffset now)
    {
        if (callback.TargetCount == 0) return;
        Withdraw(callback, draft.MakesPointless);
        callback.EventSequence++;
        TimeSpan? timeToLive = settings.TimeToLiveSeconds.TryGetValue(draft.Event, out var seconds) ? TimeSpan.FromSeconds(seconds) : null;
        var text = NotificationText.Of(draft, PushTexts.Choose(settings.Texts, draft.Event, callback.Language, settings.Language).Text, name);
        for (var ordinal = 0; ordinal < callback.TargetCount; ordinal++)
        {
            var message = draft.To(Guid.CreateVersion7(now), callback.Id, name, text, settings.PresentationOf(draft.Event), callback.EventSequence, now, timeToLive, settings.FirebaseApp);
            var decidedIn = Activity.Current?.Context ?? default;
            effects.Add(new Change.PushDecided(new OutboxRow { Tenant = key.Tenant, Round = draft.Round, TargetOrdinal = ordinal, Message = message, DecidedIn = decidedIn }));
        }
        Note(callback, now, "push.decided", ("event", draft.Event), ("round", draft.Round), ("targets", callback.TargetCount), ("sequence", callback.EventSequence),
            // The forecast that the customer is told, against which the quality of forecasts is measured (D3).
            ("waitSeconds", draft.ForecastSeconds), ("ewtMode", draft.ForecastSeconds is null ? null : settings.EwtMode));
    }

    private void Withdraw(Callback callback, IReadOnlyList<string> events)
    {
        if (callback.EventSequence > 0 && events.Count > 0) effects.Add(new Change.PushesWithdrawn(callback.Id, events));
    }
}
