namespace Ringback.Engine;

/// <summary>
/// Reads something again and again and keeps the last of it, for the metrics: a query must not depend on how often and by how many readers they are fetched. After a reading that took long it rests longer,
/// so that whatever there is to read costs the database no more than a twentieth of its time.
/// </summary>
/// <param name="read">Reads.</param>
/// <param name="every">The shortest time between two readings.</param>
/// <param name="clock">Our clock.</param>
internal sealed class PacedReading<T>(Func<Task<T>> read, TimeSpan every, TimeProvider clock) where T : class
{
    private const int RestPerReading = 20;

    private T? last;

    /// <summary>What was read last; null before the first reading and while the database is away: no figure is better than one that no longer holds.</summary>
    public T? Last => Volatile.Read(ref last);

    /// <summary>Reads until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                // By real time: it is the database's work that is measured, and no decision hangs on it.
                var begun = TimeProvider.System.GetTimestamp();
                Volatile.Write(ref last, await TryReadAsync());
                var rest = TimeProvider.System.GetElapsedTime(begun) * RestPerReading;
                await Task.Delay(rest > every ? rest : every, clock, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    /// <summary>Whoever works with the database logs its outage.</summary>
    private async Task<T?> TryReadAsync()
    {
        try
        {
            return await read();
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            return null;
        }
    }
}
