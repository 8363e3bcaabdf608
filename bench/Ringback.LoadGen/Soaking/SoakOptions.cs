namespace Ringback.LoadGen.Soaking;

/// <summary>What a soak is asked to do.</summary>
/// <param name="Time">How long the stream lasts.</param>
/// <param name="PushesPerSecond">The rate; null: half of what a burst at the start has shown.</param>
/// <param name="Postgres">Connection string of an empty PostgreSQL database, or null for SQLite.</param>
/// <param name="Seed">Which sends are struck by faults.</param>
internal sealed record SoakOptions(TimeSpan Time, int? PushesPerSecond, string? Postgres, int Seed)
{
    /// <summary>More callbacks than this would not fit into the memory of the audit.</summary>
    public const int MostCallbacks = 2_000_000;

    public string Database => Postgres is null ? "sqlite" : "postgresql";
}
