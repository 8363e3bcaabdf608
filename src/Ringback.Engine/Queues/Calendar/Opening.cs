namespace Ringback.Engine.Queues.Calendar;

/// <summary>An unbroken time in which a queue is open.</summary>
/// <param name="Start">First instant. An opening that has gone on for longer than the calendar looks back shows a later one.</param>
/// <param name="End">First instant at which it is closed; <see cref="DateTimeOffset.MaxValue"/> where that is further ahead than the calendar looks.</param>
public sealed record Opening(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>Whether the instant lies within.</summary>
    public bool Contains(DateTimeOffset at) => Start <= at && at < End;
}

/// <summary>A time for which callbacks are booked.</summary>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
public readonly record struct Slot(DateTimeOffset Start, DateTimeOffset End);
