using Npgsql;

namespace Ringback.Storage.Dialects.PostgreSql;

/// <summary>
/// Shows that a process is at work in the database: a lock of its own on a connection of its own, which the server drops when the process ends, however it
/// ends. What the process had leased is then known to be abandoned at once instead of at the end of the lease.
/// </summary>
internal sealed class PostgreSqlPresence : IAsyncDisposable
{
    /// <summary>First half of the lock's name; the second is the hash of the process's. <c>PostgreSqlDeliverySql.FreeAbandonedLeases</c> looks for it.</summary>
    public const int LockClass = 1_919_510_115;

    private static readonly TimeSpan pause = TimeSpan.FromSeconds(1);

    private readonly string connectionString;
    private readonly string node;
    private readonly CancellationTokenSource stop = new();
    private Task kept = Task.CompletedTask;

    private PostgreSqlPresence(string connectionString, string node) => (this.connectionString, this.node) = (connectionString, node);

    /// <summary>Shows the process from now on until it is disposed.</summary>
    public static async Task<PostgreSqlPresence> ShowAsync(string connectionString, string node, CancellationToken cancellation)
    {
        // The driver asks the server for a sign of life, so that a connection that broke unseen is noticed.
        var presence = new PostgreSqlPresence(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, KeepAlive = 10 }.ConnectionString, node);
        var connection = await presence.TakeAsync(cancellation);
        presence.kept = Task.Run(() => presence.KeepAsync(connection), CancellationToken.None);
        return presence;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await kept;
        stop.Dispose();
    }

    private async Task<NpgsqlConnection> TakeAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            await using var take = new NpgsqlCommand("select pg_advisory_lock_shared($1, hashtext($2))", connection);
            take.Parameters.Add(new NpgsqlParameter { Value = LockClass });
            take.Parameters.Add(new NpgsqlParameter { Value = node });
            await take.ExecuteNonQueryAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Notices at once when the connection ends, and takes another. Until then a process that starts elsewhere may send what this one has leased, too.</summary>
    private async Task KeepAsync(NpgsqlConnection? connection)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                connection ??= await TakeAsync(stop.Token);
                await connection.WaitAsync(stop.Token); // For a message that nobody sends.
            }
            catch (Exception ended) when (ended is NpgsqlException or OperationCanceledException or IOException or TimeoutException or InvalidOperationException)
            {
                if (connection is not null) await connection.DisposeAsync();
                connection = null;
                await Task.Delay(pause, TimeProvider.System, stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        if (connection is not null) await connection.DisposeAsync();
    }
}
