using Ringback.Engine.Notifications;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <content>Create, retrieve, cancel and reports.</content>
internal sealed partial class CallbackQueue
{
    /// <summary>Step 2: the place is taken; position and wait are known.</summary>
    public Answer<CreatedCallback> Create(NewCallback request, DateTimeOffset now)
    {
        if (request.DesiredAt is null && !settings.ImmediateEnabled) return Problems.CallbackNotAllowed.With("This queue takes no immediate callbacks. Send a desiredTime.");
        if (request.DesiredAt is not null && !settings.ScheduledEnabled) return Problems.CallbackNotAllowed.With("This queue takes no scheduled callbacks. Leave desiredTime out.");
        if (settings.Type == QueueType.UserOriginated && request.Targets.Count == 0)
            return Problems.InvalidParameters.With("pushTargets is needed: on this queue the customer is told by push when to call in.");
        if (settings.OneActivePerNumber && waitingNumbers.Find(request.PhoneNumber) is { } waiting) return new CreatedCallback(waiting, true);
        if (throttle.Judge(request.PhoneNumber, settings, now) is { } later) return later;

        var time = TimeFor(request.DesiredAt, request.AlwaysCheckCapacity, now);
        if (time.Fault is { } notThen) return notThen;

        var id = Guid.CreateVersion7(now);
        var arrival = time.Value;
        var isScheduled = arrival > now;
        var callback = new Callback
        {
            Id = id,
            PhoneNumber = request.PhoneNumber,
            Language = SharedText.Of(request.Language ?? settings.Language),
            TargetCount = request.Targets.Count,
            Scheduled = request.DesiredAt is not null,
            CreatedAt = now,
            DesiredAt = arrival,
            Place = new LinePlace(id, arrival.ToMicroseconds() - PriorityShift(request.Details.Priority ?? settings.Priority)) { LiveTicket = live.TicketForArrival },
            State = isScheduled ? CallbackState.Scheduled : CallbackState.Queued,
        };
        callbacks.Add(id, callback);
        throttle.Add(callback.PhoneNumber, now);

        var position = 1 + line.Ahead(callback.Place) + live.LiveAhead(callback.Place.LiveTicket);
        var estimate = WaitEstimate.Of(live, settings.EwtMode, line.Count);
        var wait = isScheduled ? ScheduledWait(callback, estimate, position, now) : estimate.SecondsAt(position);
        callback.Upcoming = UpcomingAtCreate(callback, wait);
        Enter(callback);

        created = new Change.CallbackCreated(callback.ToRecord(), request.Details, request.Targets);
        Note(callback, now, "created", ("state", callback.State), ("position", position), ("waitSeconds", wait is { } w ? Math.Round(w) : WaitEstimate.Unknown), ("ewtMode", settings.EwtMode),
            ("desiredAt", isScheduled ? arrival : null), ("targets", callback.TargetCount), ("purgeAt", PurgeAt(callback)));
        if (request.DesiredAt is { } desired && desired != arrival) Note(callback, now, "slot.moved", ("from", desired), ("to", arrival));
        if (callback.Upcoming == UpcomingStatus.LowAtCreate)
            Note(callback, now, "push.suppressed", ("event", PushEvents.Upcoming), ("reason", "LOW_AT_CREATE"), ("waitSeconds", Math.Round(wait!.Value)));
        return new CreatedCallback(id, false);
    }

    /// <summary>How a callback stands.</summary>
    public Answer<CallbackStatus> Retrieve(Guid callbackId, DateTimeOffset now)
    {
        if (Find(callbackId) is not { } callback) return NotHere;
        var record = callback.ToRecord();
        switch (callback.State)
        {
            case CallbackState.Queued:
                var position = PositionOf(callback);
                var wait = Estimate(settings.EwtMode).WholeSecondsAt(position);
                var pause = callback.ReturnsAt is { } returns ? (int)Math.Ceiling((returns - now).TotalSeconds) : 0;
                return new CallbackStatus(record, position, wait == WaitEstimate.Unknown ? wait : Math.Max(wait, pause));
            case CallbackState.Routing or CallbackState.Processing:
                // Nobody is ahead of a callback that is being served.
                return new CallbackStatus(record, 1, 0) { CallInGroup = IsReady(callback) ? settings.CallInGroup : null };
            default:
                return new CallbackStatus(record, null, null);
        }
    }

    /// <summary>Ends a callback on request. No event follows, and what was not sent yet is withdrawn.</summary>
    public Answer<Guid> Cancel(Guid callbackId, DateTimeOffset now)
    {
        if (Find(callbackId) is not { } callback) return NotHere;
        if (callback.State is CallbackState.Processing or CallbackState.Completed)
            return Problems.CallbackStateConflict.With($"The callback is {(callback.State == CallbackState.Processing ? "PROCESSING" : "COMPLETED")} and cannot be cancelled any more.");
        Withdraw(callback, PushEvents.All);
        EndCallInData(callback, now);
        GiveUpOn(callback, now);
        Complete(callback, CompletionReason.Cancelled, now);
        return callbackId;
    }

    /// <summary>Step 3: the queue's live side has changed.</summary>
    public Answer<ArrivalEstimate> Report(QueueReport report, DateTimeOffset now)
    {
        var after = live.After(report, now);
        if (!ReferenceEquals(after, live))
        {
            live = after;
            effects.Add(new Change.LiveStateChanged(after));
        }
        return EstimateArrival(null);
    }

    /// <summary>The wait of a new arrival.</summary>
    public Answer<ArrivalEstimate> EstimateArrival(EwtMode? mode)
    {
        var chosen = mode ?? settings.EwtMode;
        var estimate = Estimate(chosen);
        return new ArrivalEstimate(estimate.WholeSecondsAt(line.Count + live.InteractionsWaiting + 1), estimate.ResultCode, chosen);
    }

    private static Fault NotHere => Problems.CallbackNotFound.With("No callback of this queue has that id.");

    /// <summary>Rule B2: judged once, at create, and final. An unknown wait is not low.</summary>
    private UpcomingStatus UpcomingAtCreate(Callback callback, double? waitSeconds)
    {
        if (callback.TargetCount == 0 || settings.Type == QueueType.UserOriginated) return UpcomingStatus.NotApplicable;
        return NotificationRules.IsLow(waitSeconds, settings.Threshold) ? UpcomingStatus.LowAtCreate : UpcomingStatus.Undecided;
    }

    /// <summary>Microseconds of earlier arrival that priority points are worth, capped (rule D2).</summary>
    private long PriorityShift(int points) =>
        Math.Clamp((long)points * settings.PrioritySeconds, -settings.PriorityLimitSeconds, settings.PriorityLimitSeconds) * 1_000_000;
}
