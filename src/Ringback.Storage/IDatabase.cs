namespace Ringback.Storage;

/// <summary>The database before anybody uses its stores.</summary>
public interface IDatabaseSetup
{
    /// <summary>Brings the schema to this version of the program. Forward only.</summary>
    Task MigrateAsync(CancellationToken cancellation = default);

    /// <summary>Whether the schema is that of this version of the program.</summary>
    Task<bool> IsMigratedAsync(CancellationToken cancellation = default);
}

/// <summary>What a unit of work belongs to; the crash points tell them apart.</summary>
internal enum WorkKind
{
    /// <summary>Set-up and the like.</summary>
    Other,

    /// <summary>Changes of a queue's owner.</summary>
    CallbackChanges,

    /// <summary>What became of pushes.</summary>
    DeliveryResults,
}

/// <summary>
/// One database as the stores see it. The work may await nothing but its session: on SQLite it runs to its end on the thread that owns the connection.
/// </summary>
internal interface IDatabase
{
    /// <summary>Does the work in a transaction, or in a part of one that fails alone. Completes once it is durable.</summary>
    Task<T> WriteAsync<T>(WorkKind kind, Func<Session, ValueTask<T>> work);

    /// <summary>Does the work on a connection that writes nothing. Each statement sees a state of its own.</summary>
    Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work);
}
