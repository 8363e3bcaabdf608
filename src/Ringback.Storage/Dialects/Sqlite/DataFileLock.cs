namespace Ringback.Storage.Dialects.Sqlite;

/// <summary>Another process works with the same data.</summary>
public sealed class DataInUseException(string lockFile, Exception inner)
    : Exception($"Another Ringback works with this data already: it holds {lockFile}. Stop it, or give this one a folder of its own.", inner);

/// <summary>The folder or file that was given cannot serve as the database.</summary>
public sealed class DataFileException(string message, Exception inner) : Exception(message, inner);

/// <summary>
/// Holds <c>ringback.lock</c> beside <c>ringback.db</c> for as long as the process lives. SQLite itself would let two servers share the file, and both would
/// believe that they are alone. The kernel drops the lock with the process, so a crash leaves nothing to clean up.
/// </summary>
internal sealed class DataFileLock : IDisposable
{
    // .NET has no exception of its own for a lock that somebody else holds; it passes the system's number on.
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private readonly FileStream held;

    private DataFileLock(FileStream held) => this.held = held;

    public static DataFileLock Take(string databasePath)
    {
        var path = Path.ChangeExtension(databasePath, ".lock");
        try
        {
            return new DataFileLock(new FileStream(path, Options()));
        }
        catch (IOException error) when (error.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            throw new DataInUseException(path, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataFileException($"The folder {Path.GetDirectoryName(path)} cannot be written: {error.Message}", error);
        }
    }

    public void Dispose() => held.Dispose();

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
