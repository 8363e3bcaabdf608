using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Ringback.Storage.Dialects.Sqlite;

/// <summary>A SQLite file that this process has to itself.</summary>
public sealed class SqliteDatabase : IDatabase, IDatabaseSetup, IDisposable
{
    private readonly string path;
    private readonly string connectionString;
    private readonly DataFileLock fileLock;
    private readonly SqliteWriter writer;
    private readonly SqliteReaders readers;

    private SqliteDatabase(string path, DataFileLock fileLock)
    {
        (this.path, this.fileLock) = (path, fileLock);
        connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, Pooling = false, DefaultTimeout = 5 }.ToString();
        readers = new SqliteReaders(() => Connect("pragma query_only = 1"));
        // FULL: in WAL mode a weaker setting loses answered commits with the power.
        // The limit gives the log's space back after a burst or a long read. What is erased is overwritten (rule F3), freed pages too, which 'fast' leaves as they are.
        writer = new SqliteWriter(() => Connect(
            "pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864; pragma cache_size = -65536; pragma secure_delete = on"));
    }

    /// <inheritdoc/>
    public bool IsExclusive => true;

    Dialect IDatabase.Dialect => Dialect.Sqlite;

    /// <summary>Transactions that the writer has committed.</summary>
    public long Commits => writer.Commits;

    /// <summary>Pieces of work that were in them. More of them than commits is what the group commit gains.</summary>
    public long Units => writer.Units;

    /// <summary>Takes the file for this process; makes it, readable by its owner only, where there is none.</summary>
    /// <exception cref="DataInUseException">Another process has it.</exception>
    /// <exception cref="DataFileException">The folder cannot be written or the file is no database.</exception>
    public static SqliteDatabase Open(string path)
    {
        path = Path.GetFullPath(path);
        var taken = DataFileLock.Take(path);
        try
        {
            CreatePrivate(path);
            var database = new SqliteDatabase(path, taken);
            database.RefuseOtherFiles();
            return database;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellation = default)
    {
        try
        {
            await using var context = Context();
            await context.Database.OpenConnectionAsync(cancellation); // The same connection for all of it. A table that is made anew leaves nothing of the old one.
            await context.Database.ExecuteSqlAsync($"pragma secure_delete = on", cancellation);
            // EF marks a running migration by a row here and waits for it to go. We are alone on the file: a row that is there was left by a
            // process that was killed, and would never go.
            await context.Database.ExecuteSqlAsync($"drop table if exists \"__EFMigrationsLock\"", cancellation);
            await SchemaAges.RefuseNewerAsync(context, cancellation);
            await context.Database.MigrateAsync(cancellation);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.IsNoDatabase(error) ? Damaged(error) : SqliteErrors.Translate(error);
        }
    }

    /// <inheritdoc/>
    public async Task<SchemaAge> SchemaAgeAsync(CancellationToken cancellation = default)
    {
        try
        {
            await using var context = Context();
            return await SchemaAges.OfAsync(context, cancellation);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error);
        }
    }

    /// <inheritdoc/>
    public Task JoinAsync(string node, CancellationToken cancellation = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NowAsync(CancellationToken cancellation = default) => Task.FromResult<DateTimeOffset?>(null);

    /// <summary>Writes what is queued, folds the log into the file and gives the file free.</summary>
    public void Dispose()
    {
        readers.Dispose();
        writer.Dispose();
        fileLock.Dispose();
    }

    Task<T> IDatabase.WriteAsync<T>(WorkKind kind, Func<Session, ValueTask<T>> work, int rows) => writer.WriteAsync(kind, work, rows);

    Task IDatabase.WriteAllAsync(WorkKind kind, IReadOnlyList<Statement> statements, int rows) => writer.WriteAsync(
        kind,
        async s =>
        {
            await s.ExecuteAllAsync(statements);
            return true;
        },
        rows);

    Task<T> IDatabase.ReadAsync<T>(Func<Session, ValueTask<T>> work) => readers.ReadAsync(work);

    Task IDatabase.FinishErasureAsync() => writer.FinishErasureAsync();

    /// <summary>What is asked through it fails with the driver's own errors.</summary>
    private SqliteContext Context() => new(new DbContextOptionsBuilder<SqliteContext>().UseSqlite(connectionString).Options);

    private SqliteConnection Connect(string pragmas)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>SQLite would make the file readable by everybody; its log takes the rights of the file.</summary>
    private static void CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new FileStream(path, options);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new DataFileException($"The database file {path} cannot be written: {error.Message}", error);
        }
    }

    private void RefuseOtherFiles()
    {
        try
        {
            using var connection = Connect("pragma journal_mode = wal; select count(*) from sqlite_master");
        }
        catch (SqliteException error)
        {
            Dispose();
            throw Damaged(error);
        }
    }

    private DataFileException Damaged(SqliteException error) => new(
        SqliteErrors.IsNoDatabase(error)
            ? $"The file {path} is no SQLite database, or a damaged one. Move it away or name another."
            : $"The database file {path} cannot be opened: {SqliteErrors.Translate(error).Message}",
        error);
}
