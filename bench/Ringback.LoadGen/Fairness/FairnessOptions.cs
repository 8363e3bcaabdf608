namespace Ringback.LoadGen.Fairness;

/// <summary>What a run is asked to do.</summary>
internal sealed record FairnessOptions
{
    /// <summary>Turns of each kind under the quota.</summary>
    public required int Pairs { get; init; }

    /// <summary>How long the quiet one reports in each turn, in seconds.</summary>
    public required int Seconds { get; init; }

    /// <summary>The quiet one's pushes a second.</summary>
    public required int QuietPerSecond { get; init; }

    /// <summary>Pushes of the flood: spread over the pairs under the quota, and all at once on the saturated machine.</summary>
    public required int Flood { get; init; }

    /// <summary>Quota of each credential under which the pairs are run: what the flood then takes of the machine.</summary>
    public required int FloodPerSecond { get; init; }

    /// <summary>Whether the three are Firebase apps of one tenant; else tenants of their own.</summary>
    public required bool AreApps { get; init; }

    /// <summary>Connection string of an empty PostgreSQL database, or null for SQLite.</summary>
    public required string? Postgres { get; init; }

    public string Database => Postgres is null ? "sqlite" : "postgresql";
}
