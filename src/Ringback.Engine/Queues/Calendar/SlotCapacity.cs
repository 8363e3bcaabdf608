namespace Ringback.Engine.Queues.Calendar;

/// <summary>How many callbacks can be booked for a time. Immediate callbacks do not count.</summary>
public sealed record SlotCapacity
{
    /// <summary>What <see cref="CallbacksPerSlot"/> counts as where it is not set, and what the wire shows then.</summary>
    public const int Unlimited = int.MaxValue;

    /// <summary>Length of a slot in minutes, a divisor of the day's 1440 from 5 on; default 15.</summary>
    public int SlotMinutes { get; init; } = 15;

    /// <summary>Scheduled callbacks that one slot takes; 1 to 100 000, default unlimited.</summary>
    public int? CallbacksPerSlot { get; init; }
}
