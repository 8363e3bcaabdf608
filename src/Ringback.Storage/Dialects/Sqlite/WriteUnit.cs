namespace Ringback.Storage.Dialects.Sqlite;

/// <summary>One piece of work in the writer's queue. It fails alone, and succeeds with the COMMIT of the batch that it is in.</summary>
internal abstract class WriteUnit(WorkKind kind, int rows)
{
    public WorkKind Kind { get; } = kind;

    /// <summary>About how many rows it writes.</summary>
    public int Rows { get; } = rows;

    public abstract void Run(SqliteSession session);

    /// <summary>Tells the caller that the work is durable.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception error);
}

/// <inheritdoc/>
internal sealed class WriteUnit<T>(WorkKind kind, Func<Session, ValueTask<T>> work, int rows) : WriteUnit(kind, rows)
{
    // Without this option the caller's continuation would run on the writer's thread and hold every other queue up.
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;

    public Task<T> Task => done.Task;

    public override void Run(SqliteSession session)
    {
        var running = work(session);
        if (!running.IsCompleted) throw new InvalidOperationException("Work in a transaction may wait for nothing but its session.");
        result = running.GetAwaiter().GetResult();
    }

    public override void Complete() => done.TrySetResult(result!);

    public override void Fail(Exception error) => done.TrySetException(error);
}
