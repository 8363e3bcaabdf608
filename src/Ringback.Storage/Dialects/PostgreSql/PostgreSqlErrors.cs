using System.Net.Sockets;
using Npgsql;
using Ringback.Engine.Callbacks;
using Ringback.Storage.Callbacks;

namespace Ringback.Storage.Dialects.PostgreSql;

/// <summary>
/// Turns the driver's errors into ours, so that nobody above knows which database there is. The words are ours too: a server's own may quote the data.
/// </summary>
internal static class PostgreSqlErrors
{
    /// <summary>Raised by our function <c>ringback_require</c>: the writer's epoch is not the queue's.</summary>
    public const string Fenced = "RB001";

    /// <summary>Raised by our function <c>ringback_require</c>: a row that should be changed is not there.</summary>
    public const string RowMissing = "RB002";

    /// <summary>Our exception for what was thrown before COMMIT was on its way; what is no error of the database stays as it is.</summary>
    public static Exception Translate(Exception error) => Driver(error) is { } driver ? Ours(driver, outcomeUnknown: false) : error;

    /// <summary>
    /// Our exception for what was thrown after COMMIT was sent. An error that the server reports has ended the transaction for certain. Where the
    /// connection ended instead, the server's end included, nobody can tell whether COMMIT came first.
    /// </summary>
    public static Exception TranslateCommit(Exception error) => Driver(error) is { } driver ? Ours(driver, driver is not PostgresException { InvariantSeverity: "ERROR" }) : error;

    /// <summary>EF wraps what it takes for transient, so the driver's exception may stand further in.</summary>
    private static Exception? Driver(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException) return error;
        }
        return null;
    }

    private static Exception Ours(Exception driver, bool outcomeUnknown) => driver switch
    {
        PostgresException { SqlState: Fenced } => new FencedException(),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: AttemptRow.LiveAgentIndex } => new AgentHeldException(driver),
        _ => new StorageException(Words(driver), outcomeUnknown, driver),
    };

    private static string Words(Exception driver) => driver switch
    {
        PostgresException error => Words(error.SqlState),
        ObjectDisposedException => "The database is closed.",
        TimeoutException or { InnerException: TimeoutException } => "The database does not answer in time, or all connections to it are busy.",
        _ => "The database cannot be reached.",
    };

    private static string Words(string state) => state switch
    {
        RowMissing => "A row that should be changed is not there.",
        PostgresErrorCodes.DiskFull => "The disk of the database is full.",
        PostgresErrorCodes.OutOfMemory => "The database is out of memory.",
        PostgresErrorCodes.TooManyConnections => "The database has no connection free.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => "The database is shutting down or starting up.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "The database takes no writes: it is a standby, or set to read-only.",
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => "The change collided with another one.",
        PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable => "The database did not finish in time.",
        PostgresErrorCodes.InvalidCatalogName => "The server has no database of that name.",
        PostgresErrorCodes.InsufficientPrivilege => "The user of the database lacks a right.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction =>
            "The database schema is not that of this version of the program.",
        PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter => "The database takes no text with the character U+0000.",
        PostgresErrorCodes.IoError => "The disk of the database reports an error.",
        ['2', '3', ..] => "A rule of the database refuses the change.",
        ['2', '8', ..] => "The database refuses the log-in.",
        ['0', '8', ..] => "The database cannot be reached.",
        _ => $"The database failed with PostgreSQL error {state}.",
    };
}
