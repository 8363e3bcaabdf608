using Microsoft.Data.Sqlite;
using Ringback.Engine.Callbacks;
using SQLitePCL;

namespace Ringback.Storage.Dialects.Sqlite;

/// <summary>Turns the driver's errors into ours, so that nobody above knows which database there is.</summary>
internal static class SqliteErrors
{
    /// <summary>Our exception for what a statement threw; what is no error of the database stays as it is.</summary>
    public static Exception Translate(Exception error) => error switch
    {
        SqliteException driver when IsAgentHeld(driver) => new AgentHeldException(driver),
        SqliteException driver => Storage(driver, outcomeUnknown: false),
        _ => error,
    };

    /// <summary>COMMIT failed: the changes may be in the log all the same, and come back when it is read again.</summary>
    public static StorageException CommitFailed(Exception error) =>
        error is SqliteException driver ? Storage(driver, outcomeUnknown: true) : new StorageException("COMMIT failed.", outcomeUnknown: true, error);

    /// <summary>Whether the file is something else than a database, or a damaged one.</summary>
    public static bool IsNoDatabase(SqliteException error) => error.SqliteErrorCode is raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT;

    /// <summary>SQLite names the columns of the index that refuses, not the index. Attempts have one unique index beside their key.</summary>
    private static bool IsAgentHeld(SqliteException error) =>
        error.SqliteExtendedErrorCode == raw.SQLITE_CONSTRAINT_UNIQUE && error.Message.Contains("attempts.agent", StringComparison.Ordinal);

    private static StorageException Storage(SqliteException error, bool outcomeUnknown) => new(Words(error.SqliteErrorCode), outcomeUnknown, error);

    private static string Words(int code) => code switch
    {
        raw.SQLITE_FULL => "The disk of the database is full.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "The database is locked by another process.",
        raw.SQLITE_IOERR => "The disk of the database reports an error.",
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "The database file cannot be written.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "The database file is damaged.",
        raw.SQLITE_CONSTRAINT => "A rule of the database refuses the change.",
        _ => $"The database failed with SQLite error {code}.",
    };
}
