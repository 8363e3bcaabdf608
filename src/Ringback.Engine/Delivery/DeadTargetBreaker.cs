namespace Ringback.Engine.Delivery;

/// <summary>
/// Keeps a credential's addresses alive while implausibly many of them die: a fault at the push service, or pushes sent for the wrong project, must not withdraw the addresses of
/// every customer. It looks at the last minute and lets go by itself. Not thread-safe; every instant comes in.
/// </summary>
/// <param name="percent">From more than how many of a hundred judged addresses it holds. 100: never.</param>
public sealed class DeadTargetBreaker(int percent)
{
    /// <summary>Fewer deaths than this in a minute are never implausible, whatever their share.</summary>
    public const int Least = 20;

    private static readonly long slotTicks = TimeSpan.FromSeconds(10).Ticks;

    private readonly (long Slot, int Judged, int Dead)[] slots = new (long, int, int)[6];

    /// <summary>Notes that the service took a message for an address, or called the address dead.</summary>
    /// <returns>Whether it holds from now on and did not before.</returns>
    public bool Note(DateTimeOffset now, bool isDead)
    {
        var before = Holds(now);
        var number = now.UtcTicks / slotTicks;
        ref var slot = ref slots[number % slots.Length];
        if (slot.Slot != number) slot = (number, 0, 0);
        slot.Judged++;
        if (isDead) slot.Dead++;
        return !before && Holds(now);
    }

    /// <summary>Whether addresses are only suspected at present instead of marked dead.</summary>
    public bool Holds(DateTimeOffset now)
    {
        var oldest = (now.UtcTicks / slotTicks) - slots.Length + 1;
        long judged = 0, dead = 0;
        foreach (var slot in slots)
        {
            if (slot.Slot < oldest) continue;
            judged += slot.Judged;
            dead += slot.Dead;
        }
        return dead >= Least && dead * 100 > judged * percent;
    }
}
