namespace Ringback.Engine.Delivery;

/// <summary>How far a walk over the outbox has come.</summary>
/// <param name="Moved">Rows that were moved.</param>
/// <param name="Next">Where to go on; null where the walk is over.</param>
public sealed record HistoryStep(int Moved, Guid? Next);

/// <summary>
/// What became of pushes whose callback is over. They lie apart from the outbox, so that this holds no more than what may still be sent, withdrawn or decided a second time.
/// </summary>
public interface IPushHistoryStore
{
    /// <summary>
    /// Looks at a few rows of the outbox, the oldest first, and moves those that are over. While a callback is not over its rows stay, finished or not: they are what forbids to decide an event twice.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="after">Where to go on; <see cref="Guid.Empty"/> at the beginning.</param>
    /// <param name="overBefore">Only pushes of callbacks that were over at this instant.</param>
    /// <param name="most">How many rows to look at.</param>
    Task<HistoryStep> MoveAsync(TenantId tenant, Guid after, DateTimeOffset overBefore, int most);

    /// <summary>Deletes the oldest pushes of the history that were decided before an instant.</summary>
    /// <returns>How many; fewer than <paramref name="most"/> where none is left.</returns>
    Task<int> ForgetAsync(TenantId tenant, DateTimeOffset before, int most);
}
