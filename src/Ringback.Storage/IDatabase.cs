namespace Ringback.Storage;

/// <summary>The database before anybody uses its stores.</summary>
public interface IDatabaseSetup
{
    /// <summary>Whether this process has the database to itself: it then brings the schema up unasked, and every lease it finds was left by itself.</summary>
    bool IsExclusive { get; }

    /// <summary>Brings the schema to this version of the program. Forward only.</summary>
    /// <exception cref="NewerSchemaException">It is that of a later version.</exception>
    Task MigrateAsync(CancellationToken cancellation = default);

    /// <summary>Whether the schema is that of this version of the program.</summary>
    Task<SchemaAge> SchemaAgeAsync(CancellationToken cancellation = default);

    /// <summary>
    /// Shows the others that this process is at work until it ends, however it ends: what it has leased counts as abandoned from then on. Nothing where it has the
    /// database to itself.
    /// </summary>
    /// <param name="node">Name of this process in leases.</param>
    /// <param name="cancellation">Gives up.</param>
    Task JoinAsync(string node, CancellationToken cancellation = default);

    /// <summary>The instant by the clock of the database's own machine, or null where that is this one.</summary>
    Task<DateTimeOffset?> NowAsync(CancellationToken cancellation = default);
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

    /// <summary>Values go that must be gone from the database's files too, as far as the database can do that.</summary>
    Erasure,
}

/// <summary>Which statements a store takes where the databases differ.</summary>
internal enum Dialect
{
    /// <summary>One process, one writer: statements are cheap, so each row has its own.</summary>
    Sqlite,

    /// <summary>Many writers behind a network: rows are locked, and many of them go in one statement.</summary>
    PostgreSql,
}

/// <summary>
/// One database as the stores see it. The work may await nothing but its session: on SQLite it runs to its end on the thread that owns the connection.
/// </summary>
internal interface IDatabase
{
    Dialect Dialect { get; }

    /// <summary>Does the work in a transaction, or in a part of one that fails alone. Completes once it is durable.</summary>
    /// <param name="kind">What it belongs to.</param>
    /// <param name="work">The work.</param>
    /// <param name="rows">About how many rows it writes: see <see cref="WorkSize"/>.</param>
    Task<T> WriteAsync<T>(WorkKind kind, Func<Session, ValueTask<T>> work, int rows = 1);

    /// <summary>
    /// Runs statements that are all known beforehand in a transaction: on PostgreSQL in one round trip, COMMIT included. Completes once they are durable.
    /// </summary>
    /// <param name="kind">What they belong to.</param>
    /// <param name="statements">The statements.</param>
    /// <param name="rows">About how many rows they write: see <see cref="WorkSize"/>.</param>
    /// <exception cref="FencedException">The fence among the statements did not hold.</exception>
    Task WriteAllAsync(WorkKind kind, IReadOnlyList<Statement> statements, int rows);

    /// <summary>Does the work on a connection that writes nothing. Each statement sees a state of its own.</summary>
    Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work);

    /// <summary>Takes out of the database's files what an <see cref="WorkKind.Erasure"/> could not take out of them at once. Nothing where that is the database's own business.</summary>
    Task FinishErasureAsync();
}

/// <summary>An attempt would have been the second live one of its agent; nothing was written.</summary>
internal sealed class AgentHeldException(Exception driver) : Exception("The agent has a live attempt.", driver);

/// <summary>A statement found that the writer is not the owner any more; nothing was written.</summary>
internal sealed class FencedException() : Exception("The epoch is not the writer's.");
