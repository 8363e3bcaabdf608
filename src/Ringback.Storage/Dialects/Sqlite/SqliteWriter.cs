using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Dialects.Sqlite;

/// <summary>
/// The one thread that writes. While a COMMIT waits for the disk, work of every queue gathers and then shares the next one: a savepoint each, so that a
/// failing piece leaves its neighbours alone. SQLite has one writer at a time anyway, and two cores must not spend threads on waiting for the disk.
/// Small work goes first, and large work comes a little at a time (<see cref="WorkSize"/>): a flood does not keep a request waiting for all that it writes.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>Bounds how long the first of a batch waits for the last, and what a failed COMMIT takes down.</summary>
    private const int MostUnitsPerBatch = 512;

    /// <summary>Beyond this callers wait for room: memory must not take what the disk cannot.</summary>
    private const int MostUnitsQueued = 8_192;

    private readonly Func<SqliteConnection> open;
    private readonly Channel<WriteUnit> queue = Channel.CreateBounded<WriteUnit>(new BoundedChannelOptions(MostUnitsQueued) { SingleReader = true });
    private readonly Queue<WriteUnit> small = new();
    private readonly Queue<WriteUnit> large = new();
    private readonly List<WriteUnit> batch = [];
    private readonly List<WriteUnit> ran = [];
    private readonly Thread thread;
    private SqliteSession? session;
    private long commits;
    private long units;

    /// <summary>Whether the log may hold what was erased. At first it may: the process before may have been killed.</summary>
    private volatile bool owesTruncation = true;

    public SqliteWriter(Func<SqliteConnection> open)
    {
        this.open = open;
        thread = new Thread(Run) { IsBackground = true, Name = "Ringback SQLite writer" };
        thread.Start();
    }

    /// <summary>Transactions committed so far.</summary>
    public long Commits => Volatile.Read(ref commits);

    /// <summary>Pieces of work that these transactions held.</summary>
    public long Units => Volatile.Read(ref units);

    /// <summary>Empties the log of what was erased where that was not possible yet, because somebody read.</summary>
    public Task FinishErasureAsync() => owesTruncation ? WriteAsync(WorkKind.Erasure, _ => ValueTask.FromResult(true), rows: 1) : Task.CompletedTask;

    public async Task<T> WriteAsync<T>(WorkKind kind, Func<Session, ValueTask<T>> work, int rows)
    {
        var unit = new WriteUnit<T>(kind, work, rows);
        try
        {
            await queue.Writer.WriteAsync(unit);
        }
        catch (ChannelClosedException closed)
        {
            throw new StorageException("The database is closed.", outcomeUnknown: false, closed);
        }
        return await unit.Task;
    }

    /// <summary>Writes what has been queued, then ends.</summary>
    public void Dispose()
    {
        if (queue.Writer.TryComplete()) thread.Join();
    }

    private void Run()
    {
        while (small.Count + large.Count > 0 || queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            TakeIn();
            FillBatch();
            WriteBatch();
            batch.Clear();
            ran.Clear();
        }
        session?.Dispose();
    }

    private void TakeIn()
    {
        while (small.Count + large.Count < MostUnitsQueued && queue.Reader.TryRead(out var unit)) (unit.Rows > WorkSize.MostSmall ? large : small).Enqueue(unit);
    }

    /// <summary>All that is small, and as much of what is large as others can wait for, one piece at least: it must get on too.</summary>
    private void FillBatch()
    {
        while (batch.Count < MostUnitsPerBatch && small.TryDequeue(out var unit)) batch.Add(unit);
        for (var rows = 0; large.TryPeek(out var next) && (rows == 0 || rows + next.Rows <= WorkSize.MostTogether); rows += next.Rows) batch.Add(large.Dequeue());
    }

    private void WriteBatch()
    {
        try
        {
            session ??= new SqliteSession(open());
            session.Execute("begin immediate");
            foreach (var unit in batch) RunAlone(session, unit);
        }
        catch (Exception error)
        {
            // The transaction is gone or never began, so nothing of this batch was written.
            Abandon(batch, SqliteErrors.Translate(error));
            return;
        }

        try
        {
            if (batch.Exists(u => u.Kind == WorkKind.CallbackChanges)) CrashPoints.Reach(CrashPoints.DuringCommit);
            session.Execute("commit");
        }
        catch (Exception error)
        {
            Abandon(ran, SqliteErrors.CommitFailed(error));
            return;
        }

        Interlocked.Increment(ref commits);
        Interlocked.Add(ref units, ran.Count);
        if (ran.Exists(u => u.Kind == WorkKind.DeliveryResults)) CrashPoints.Reach(CrashPoints.Recorded);
        foreach (var unit in ran.Where(u => u.Kind != WorkKind.Erasure)) unit.Complete();
        if (!ran.Exists(u => u.Kind == WorkKind.Erasure)) return;
        TryTruncate();
        foreach (var unit in ran.Where(u => u.Kind == WorkKind.Erasure)) unit.Complete();
    }

    /// <summary>The old values stand in the log, and in the file until the log is folded into it. One try: a long read must not hold the writer up.</summary>
    private void TryTruncate()
    {
        try
        {
            owesTruncation = !session!.TruncateLog();
        }
        catch (SqliteException)
        {
            // The erasure itself is committed. What is wrong with the disk, the next write says.
            owesTruncation = true;
        }
    }

    private void RunAlone(SqliteSession session, WriteUnit unit)
    {
        session.Execute("savepoint unit");
        try
        {
            unit.Run(session);
            session.Execute("release unit");
            ran.Add(unit);
        }
        catch (Exception error) when (session.InTransaction)
        {
            session.Execute("rollback to unit");
            session.Execute("release unit");
            unit.Fail(SqliteErrors.Translate(error));
        }
    }

    /// <summary>Fails the units that have no answer yet, and drops the connection: what it still holds open or believes is not worth trusting.</summary>
    private void Abandon(List<WriteUnit> unanswered, Exception error)
    {
        try
        {
            session?.Dispose();
        }
        catch (SqliteException)
        {
            // Closing rolls back, which may fail for the same reason; the next open recovers from the log.
        }
        session = null;
        foreach (var unit in unanswered) unit.Fail(error);
    }
}
