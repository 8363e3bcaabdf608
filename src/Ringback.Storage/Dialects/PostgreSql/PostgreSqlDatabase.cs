using Microsoft.EntityFrameworkCore;
using Npgsql;
using Ringback.Engine;

namespace Ringback.Storage.Dialects.PostgreSql;

/// <summary>A PostgreSQL database, which other processes may use too.</summary>
public sealed class PostgreSqlDatabase : IDatabase, IDatabaseSetup, IDisposable, IAsyncDisposable
{
    /// <summary>Large pieces of callbacks' changes on their way at once. More of them only take connections and the database's CPU from requests that somebody waits for.</summary>
    internal static readonly int MostLargeAtOnce = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly string connectionString;
    private readonly NpgsqlDataSource source;
    private readonly SemaphoreSlim large = new(MostLargeAtOnce);
    private PostgreSqlPresence? presence;

    private PostgreSqlDatabase(string connectionString)
    {
        this.connectionString = connectionString;
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.UsePhysicalConnectionInitializer(_ => throw new NotSupportedException("Connections are opened asynchronously."), DoWithoutCompilerAsync);
        source = builder.Build();
    }

    /// <inheritdoc/>
    public bool IsExclusive => false;

    Dialect IDatabase.Dialect => Dialect.PostgreSql;

    /// <summary>Prepares the way to the database; connects when it is first used.</summary>
    /// <exception cref="ArgumentException">The text is no connection string.</exception>
    public static PostgreSqlDatabase Open(string connectionString) => new(PostgreSqlConnectionString.Read(connectionString).ConnectionString);

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellation = default)
    {
        try
        {
            // Without a pool, so that none of its connections stays open for nothing. EF makes the database too where the user may.
            await using var context = Context(o => o.UseNpgsql($"{connectionString};Pooling=false"));
            await using var turn = await TakeTurnAsync(cancellation);
            context.Database.SetCommandTimeout(TimeSpan.FromHours(1)); // A change of a great table takes longer than any statement of the program may.
            await SchemaAges.RefuseNewerAsync(context, cancellation);
            await context.Database.MigrateAsync(cancellation);
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.Translate(error);
        }
    }

    /// <summary>
    /// Of processes that migrate at the same time one waits for the other. EF's own lock is that of a transaction and ends with the first migration of several;
    /// this one lasts as long as the connection.
    /// </summary>
    private async Task<NpgsqlConnection> TakeTurnAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        try
        {
            await connection.OpenAsync(cancellation);
            await using var wait = new NpgsqlCommand("select pg_advisory_lock(1919510114)", connection);
            await wait.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            // There is no database yet, so nobody else can be at work in it.
        }
        return connection;
    }

    /// <inheritdoc/>
    public async Task<SchemaAge> SchemaAgeAsync(CancellationToken cancellation = default)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var context = Context(o => o.UseNpgsql(connection));
            return await SchemaAges.OfAsync(context, cancellation);
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.Translate(error);
        }
    }

    /// <inheritdoc/>
    public async Task JoinAsync(string node, CancellationToken cancellation = default)
    {
        try
        {
            presence = await PostgreSqlPresence.ShowAsync(connectionString, node, cancellation);
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.Translate(error);
        }
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> NowAsync(CancellationToken cancellation = default)
    {
        try
        {
            await using var command = source.CreateCommand("select (extract(epoch from clock_timestamp()) * 1000000)::bigint");
            return Clock.FromMicroseconds((long)(await command.ExecuteScalarAsync(cancellation))!);
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.Translate(error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (presence is not null) await presence.DisposeAsync();
        presence = null;
        await source.DisposeAsync();
        large.Dispose();
    }

    async Task<T> IDatabase.WriteAsync<T>(WorkKind kind, Func<Session, ValueTask<T>> work, int rows)
    {
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync(); // Travels with the first statement.
        T result;
        try
        {
            result = await work(new PostgreSqlSession(connection));
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.Translate(error);
        }
        try
        {
            await transaction.CommitAsync();
            return result;
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.TranslateCommit(error);
        }
    }

    async Task IDatabase.WriteAllAsync(WorkKind kind, IReadOnlyList<Statement> statements, int rows)
    {
        if (kind != WorkKind.CallbackChanges || rows <= WorkSize.MostSmall)
        {
            await WriteAllAsync(kind, statements);
            return;
        }
        await large.WaitAsync();
        try
        {
            await WriteAllAsync(kind, statements);
        }
        finally
        {
            large.Release();
        }
    }

    private async Task WriteAllAsync(WorkKind kind, IReadOnlyList<Statement> statements)
    {
        await using var connection = await ConnectAsync();
        await using var batch = PostgreSqlSession.Batch(connection, statements);
        // COMMIT is part of the one round trip. A process that ends here leaves what one leaves that ends before COMMIT: nothing.
        if (kind == WorkKind.CallbackChanges) CrashPoints.Reach(CrashPoints.DuringCommit);
        try
        {
            await batch.ExecuteNonQueryAsync();
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.TranslateCommit(error);
        }
        if (kind == WorkKind.DeliveryResults) CrashPoints.Reach(CrashPoints.Recorded);
    }

    async Task<T> IDatabase.ReadAsync<T>(Func<Session, ValueTask<T>> work)
    {
        await using var connection = await ConnectAsync();
        try
        {
            return await work(new PostgreSqlSession(connection));
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.Translate(error);
        }
    }

    /// <summary>Old versions of a row are overwritten when vacuum has freed them; the operations guide says what remains until then.</summary>
    Task IDatabase.FinishErasureAsync() => Task.CompletedTask;

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        try
        {
            return await source.OpenConnectionAsync();
        }
        catch (Exception error)
        {
            throw PostgreSqlErrors.Translate(error);
        }
    }

    /// <summary>
    /// Statements that look up a few rows gain nothing from being compiled, and where an estimate is high, as after a flood, the compiler takes 20 ms each time. By a statement and not
    /// by an option of the connection, which a pooler in front of the database may refuse.
    /// </summary>
    private static async Task DoWithoutCompilerAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("set jit = off", connection);
        await command.ExecuteNonQueryAsync();
    }

    private static PostgreSqlContext Context(Action<DbContextOptionsBuilder> use)
    {
        var options = new DbContextOptionsBuilder<PostgreSqlContext>();
        use(options);
        return new PostgreSqlContext(options.Options);
    }
}
