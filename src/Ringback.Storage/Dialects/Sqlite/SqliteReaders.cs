using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Dialects.Sqlite;

/// <summary>Read connections that are kept with their prepared statements; in WAL mode they neither wait for the writer nor hold it up.</summary>
internal sealed class SqliteReaders(Func<SqliteConnection> open) : IDisposable
{
    /// <summary>Each holds a page cache of up to 2 MB; more at once are opened and closed again.</summary>
    private const int MostKept = 8;

    private readonly ConcurrentBag<SqliteSession> idle = [];
    private volatile bool closed;

    public async Task<T> ReadAsync<T>(Func<Session, ValueTask<T>> work)
    {
        if (closed) throw new StorageException("The database is closed.", outcomeUnknown: false, null);
        SqliteSession? session = null;
        try
        {
            session = idle.TryTake(out var kept) ? kept : new SqliteSession(open());
            var result = await work(session);
            if (idle.Count < MostKept && !closed)
            {
                idle.Add(session);
                session = null;
            }
            return result;
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error);
        }
        finally
        {
            session?.Dispose();
        }
    }

    public void Dispose()
    {
        closed = true;
        while (idle.TryTake(out var session)) session.Dispose();
    }
}
