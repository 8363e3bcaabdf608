using System.Globalization;
using System.Runtime.InteropServices;
using Ringback.Engine.Queues;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Engine.Callbacks;

/// <content>The time that a callback gets, and what can be booked (rule D8).</content>
internal sealed partial class CallbackQueue
{
    /// <summary>How far ahead a free slot is looked for.</summary>
    private static readonly TimeSpan searchAhead = TimeSpan.FromDays(31);

    private static readonly TimeSpan alternativesBefore = TimeSpan.FromHours(12);
    private static readonly TimeSpan alternativesAfter = TimeSpan.FromDays(7);
    private const int MostAlternatives = 10;

    private readonly Dictionary<DateTimeOffset, int> booked = [];
    private SlotGrid grid;

    private int SlotTotal => settings.Capacity.CallbacksPerSlot ?? SlotCapacity.Unlimited;

    /// <summary>The slots that a customer may choose from.</summary>
    public Answer<SlotList> Availability(SlotQuery query, DateTimeOffset now)
    {
        var slots = new List<OfferedSlot>();
        var (from, to) = (query.From > now ? query.From : now, query.To < now + CallbackService.FurthestDesiredTime ? query.To : now + CallbackService.FurthestDesiredTime);
        if (settings.ScheduledEnabled && from <= to)
        {
            slots.AddRange(grid.From(from).TakeWhile(slot => slot.Start <= to)
                .Where(slot => slot.Start >= now && (query.WithFull || HasRoom(slot)))
                .Take(query.Most)
                .Select(slot => new OfferedSlot(slot.Start, Free(slot), SlotTotal)));
        }
        return new SlotList(slots, settings.Capacity.SlotMinutes);
    }

    /// <summary>What the queue can offer now. An unknown wait is no reason against it where nothing has been in the queue yet, but where no agents are.</summary>
    public Answer<QueueOffer> Offer(DateTimeOffset now)
    {
        var arrival = EstimateArrival(null).Value;
        var madeInTime = arrival.ResultCode switch
        {
            0 => calendar.NextOpening(now) is { } opening && opening.Contains(now) && arrival.WaitSeconds < (opening.End - now).TotalSeconds,
            -1 => calendar.IsOpen(now),
            _ => false,
        };
        return new QueueOffer(arrival.WaitSeconds, settings.ImmediateEnabled && madeInTime, settings.ScheduledEnabled && FirstWithRoom(now) is not null);
    }

    /// <summary>Adds a callback to the slot of its desired time, or takes it out. Only where slots have a limit.</summary>
    private void CountInSlot(Callback callback, int by)
    {
        if (settings.Capacity.CallbacksPerSlot is null || !callback.HoldsSlot || grid.SlotAt(callback.DesiredAt) is not { } slot) return;
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(booked, slot.Start, out _);
        count += by;
        if (count == 0) booked.Remove(slot.Start);
    }

    /// <summary>When the callback arrives: at once, at its desired time, or in the next slot with room. Refused where it is closed then (7042) or full (7041).</summary>
    private Answer<DateTimeOffset> TimeFor(DateTimeOffset? desiredAt, bool alwaysCheckCapacity, DateTimeOffset now)
    {
        var time = desiredAt ?? now;
        if (!calendar.IsOpen(time)) return Closed(time, desiredAt is null);
        if (desiredAt is null || (time <= now && !alwaysCheckCapacity)) return time;
        if (grid.SlotAt(time) is not { } slot || HasRoom(slot)) return time;
        if (!alwaysCheckCapacity && FirstWithRoom(slot.End) is { } free) return free;
        return Problems.NoCapacity.With("The slot of the desired time is full. Choose one of the slots in the answer, or another time.") with { Slots = Alternatives(time, now) };
    }

    private Fault Closed(DateTimeOffset at, bool immediate)
    {
        var opens = calendar.NextOpening(at) is { } next ? $"It opens at {WireTime.Of(next.Start)}." : "No opening is planned.";
        return Problems.OfficeClosed.With(immediate ? $"The queue is closed now. {opens} Send a desiredTime within business hours." : $"The queue is closed at desiredTime. {opens}");
    }

    private bool HasRoom(Slot slot) => Free(slot) > 0;

    private int Free(Slot slot) => settings.Capacity.CallbacksPerSlot is { } most ? Math.Max(0, most - booked.GetValueOrDefault(slot.Start)) : SlotCapacity.Unlimited;

    /// <summary>The first instant from <paramref name="from"/> on whose slot has room.</summary>
    private DateTimeOffset? FirstWithRoom(DateTimeOffset from)
    {
        foreach (var slot in grid.From(from).TakeWhile(slot => slot.Start < from + searchAhead))
        {
            if (HasRoom(slot)) return slot.Start > from ? slot.Start : from;
        }
        return null;
    }

    /// <summary>The free slots that are nearest to the desired time, in order of time.</summary>
    private Dictionary<string, string> Alternatives(DateTimeOffset desired, DateTimeOffset now) =>
        grid.From(desired - alternativesBefore > now ? desired - alternativesBefore : now).TakeWhile(slot => slot.Start < desired + alternativesAfter)
            .Where(slot => slot.Start >= now && HasRoom(slot))
            .OrderBy(slot => (slot.Start - desired).Duration()).Take(MostAlternatives)
            .OrderBy(slot => slot.Start)
            .ToDictionary(slot => WireTime.Of(slot.Start), slot => Free(slot).ToString(CultureInfo.InvariantCulture));
}
