namespace Ringback.LoadGen.Running;

/// <summary>Who takes the pushes in FCM's place.</summary>
internal enum ReceiverKind
{
    /// <summary>The emulator that the product ships: checks what FCM checks and keeps every message in a file first.</summary>
    Emulator,

    /// <summary>An endpoint that answers success at once, so that it does not limit the figures.</summary>
    Bare,
}

/// <summary>What a run is asked to do.</summary>
internal sealed record LoadOptions
{
    public const int WarmUpQueues = 10;

    public required int Callbacks { get; init; }

    public required int Queues { get; init; }

    /// <summary>Requests in flight at once while creating and reporting.</summary>
    public required int Clients { get; init; }

    /// <summary>Agents, each with one call at a time.</summary>
    public required int Agents { get; init; }

    public required ReceiverKind Receiver { get; init; }

    /// <summary>The run stops making work after this.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>Turns against the peer in the same run; 0 = none.</summary>
    public required int Pairs { get; init; }

    /// <summary>Whether fsyncs are counted with strace.</summary>
    public required bool CountSyncs { get; init; }

    /// <summary>Connection string of an empty PostgreSQL database, or null for SQLite.</summary>
    public required string? Postgres { get; init; }

    /// <summary>Callbacks that warm the program up in queues of their own before anything is measured; the audit counts them in.</summary>
    public required int WarmUp { get; init; }

    /// <summary>Number of the first queue.</summary>
    public int FirstQueue { get; init; }

    /// <summary>Number of the first callback.</summary>
    public int FirstCallback { get; init; }

    public int PerQueue => Callbacks / Queues;

    /// <summary>The part that warms up.</summary>
    public LoadOptions ForWarmUp => this with { Callbacks = WarmUp, Queues = WarmUpQueues, FirstQueue = Queues, FirstCallback = Callbacks };

    public string Database => Postgres is null ? "sqlite" : "postgresql";
}
