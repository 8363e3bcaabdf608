namespace Ringback.Engine.Callbacks;

/// <summary>Which slots are asked for.</summary>
/// <param name="From">Slots that end after this; what has begun already is never shown.</param>
/// <param name="To">Slots that begin up to this.</param>
/// <param name="Most">How many, the first ones.</param>
/// <param name="WithFull">Whether those without room are shown too.</param>
public sealed record SlotQuery(DateTimeOffset From, DateTimeOffset To, int Most, bool WithFull);

/// <summary>A slot as a customer sees it.</summary>
/// <param name="StartsAt">When it begins.</param>
/// <param name="Free">Callbacks that it takes yet; <see cref="int.MaxValue"/> = without limit.</param>
/// <param name="Total">Callbacks that it takes in all; <see cref="int.MaxValue"/> = without limit.</param>
public sealed record OfferedSlot(DateTimeOffset StartsAt, int Free, int Total);

/// <summary>The slots that fit a query.</summary>
/// <param name="Slots">In order of time.</param>
/// <param name="SlotMinutes">Length of a slot.</param>
public sealed record SlotList(IReadOnlyList<OfferedSlot> Slots, int SlotMinutes);

/// <summary>What a queue can offer now.</summary>
/// <param name="WaitSeconds">Wait of a new arrival in whole seconds, −1 = unknown.</param>
/// <param name="Immediate">Whether a callback booked now is taken, and forecast to be made before closing.</param>
/// <param name="Scheduled">Whether a time can be booked.</param>
public sealed record QueueOffer(int WaitSeconds, bool Immediate, bool Scheduled);
