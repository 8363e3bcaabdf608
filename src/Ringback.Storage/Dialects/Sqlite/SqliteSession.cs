using Microsoft.Data.Sqlite;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using SQLitePCL;

namespace Ringback.Storage.Dialects.Sqlite;

/// <summary>A SQLite connection with its prepared statements. Everything completes at once: the driver has no real asynchrony.</summary>
internal sealed class SqliteSession : Session, IDisposable
{
    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = [];

    public SqliteSession(SqliteConnection connection) => this.connection = connection;

    /// <summary>Whether a transaction is open. Some errors, a full disk among them, end it without being asked.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Folds the log into the file and empties it; false while somebody reads from it. Waits for nobody: the driver sets no busy handler.</summary>
    public bool TruncateLog()
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma wal_checkpoint(truncate)";
        using var reader = command.ExecuteReader();
        return reader.Read() && reader.GetInt32(0) == 0;
    }

    public int Execute(string sql, params object?[] values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>The transaction holds the only write lock there is.</summary>
    public override ValueTask LockAsync(string sql, params object?[] values) => default;

    public override ValueTask<int> ExecuteAsync(string sql, params object?[] values) => new(Execute(sql, values));

    public override ValueTask<List<T>> QueryAsync<T>(string sql, Func<Row, T> read, params object?[] values)
    {
        var found = new List<T>();
        using var reader = Prepare(sql, values).ExecuteReader();
        var row = new Row(reader, idsAreBytes: true);
        while (row.Next()) found.Add(read(row));
        return new(found);
    }

    public override ValueTask ExecuteAllAsync(IReadOnlyList<Statement> statements)
    {
        foreach (var (sql, values, mustHit) in statements)
        {
            if (Execute(sql, values) == 0 && mustHit)
                throw new StorageException("A row that should be changed is not there.", outcomeUnknown: false, null);
        }
        return default;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, object?[] values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var name in ParameterNames(sql)) command.Parameters.Add(new SqliteParameter { ParameterName = name });
            prepared.Add(sql, command);
        }
        if (command.Parameters.Count != values.Length) throw new ArgumentException("Another number of values than the statement has names.", nameof(values));
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = Stored(values[i]);
        return command;
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        string or int or long or byte[] => value,
        Guid id => id.ToByteArray(bigEndian: true),
        DateTimeOffset at => at.ToMicroseconds(),
        bool flag => flag ? 1 : 0,
        TenantId tenant => tenant.Value,
        Enum => (int)value,
        _ => throw new ArgumentException($"No column holds a {value.GetType().Name}.", nameof(value)),
    };
}
