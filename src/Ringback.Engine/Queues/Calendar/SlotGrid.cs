using NodaTime;

namespace Ringback.Engine.Queues.Calendar;

/// <summary>
/// Cuts the open time of a calendar into slots (rule D8). Slots stand where the wall clock shows a multiple of their length; the edges of an opening and a
/// change of the zone's offset cut them short, so that each open instant belongs to exactly one.
/// </summary>
/// <param name="calendar">When it is open.</param>
/// <param name="slotMinutes">Length of a slot; a divisor of 1440.</param>
public sealed class SlotGrid(OpeningCalendar calendar, int slotMinutes)
{
    private readonly long ticks = TimeSpan.FromMinutes(slotMinutes).Ticks;

    /// <summary>The slot that an instant belongs to; null where it is closed then.</summary>
    public Slot? SlotAt(DateTimeOffset at) => calendar.NextOpening(at) is { } opening && opening.Contains(at) ? Cut(at, opening) : null;

    /// <summary>The slots that end after an instant, in order. Lazy, as far as the calendar looks; without end where it is always open.</summary>
    public IEnumerable<Slot> From(DateTimeOffset at)
    {
        foreach (var opening in calendar.Openings(at))
        {
            for (var next = Later(at, opening.Start); next < opening.End;)
            {
                var slot = Cut(next, opening);
                yield return slot;
                next = slot.End;
            }
        }
    }

    private Slot Cut(DateTimeOffset at, Opening opening)
    {
        var instant = Instant.FromDateTimeOffset(at);
        var zone = calendar.Zone.GetZoneInterval(instant);
        var sinceMultiple = instant.Plus(Duration.FromSeconds(zone.WallOffset.Seconds)).ToUnixTimeTicks() % TimeSpan.TicksPerDay % ticks;
        var start = at.ToUniversalTime().AddTicks(-sinceMultiple);
        var (cutStart, cutEnd) = (Later(start, opening.Start), Earlier(start.AddTicks(ticks), opening.End));
        if (zone.HasStart) cutStart = Later(cutStart, zone.Start.ToDateTimeOffset());
        if (zone.HasEnd) cutEnd = Earlier(cutEnd, zone.End.ToDateTimeOffset());
        return new Slot(cutStart, cutEnd);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
