using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ringback.TestKit;

/// <summary>A push as the outbox has it.</summary>
public sealed record OutboxItem(string Event, int Round, int Target, string State, int Attempts, string? Code);

/// <content>The database of the server, for what no API shows and for damage that no API does.</content>
public sealed partial class TestSite
{
    private static readonly string[] outboxStates = ["pending", "accepted", "expired", "cancelled", "target_dead", "target_foreign", "rejected", "target_suspect"];

    private const string OutboxColumns = "event, round, target_ordinal, state, attempts, last_code, occurred_at, notification_id";

    private string DatabaseFile => Path.Combine(DataDirectory, "ringback.db");

    /// <summary>The pushes of every tenant, those in the history too, by order of decision.</summary>
    public IReadOnlyList<OutboxItem> Outbox() => Query(
        $"""
        select event, round, target_ordinal, state, attempts, last_code from (select {OutboxColumns} from outbox union all select {OutboxColumns} from outbox_history) p
        order by occurred_at, target_ordinal, notification_id
        """,
        r => new OutboxItem(r.GetString(0), r.GetInt32(1), r.GetInt32(2), outboxStates[r.GetInt32(3)], r.GetInt32(4), r.IsDBNull(5) ? null : r.GetString(5)));

    /// <summary>Rows of a query on the database.</summary>
    public IReadOnlyList<T> Query<T>(string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        using var connection = Connect(SqliteOpenMode.ReadOnly);
        using var command = Command(connection, sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Changes the database behind the server's back.</summary>
    public void Tamper(string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = Connect(SqliteOpenMode.ReadWrite);
        using var command = Command(connection, sql, parameters);
        if (command.ExecuteNonQuery() == 0) throw new InvalidOperationException($"No row was changed by: {sql}");
    }

    /// <summary>Takes a table away from the server, until what this gives is disposed: what reads or writes it fails meanwhile.</summary>
    public IDisposable HideTable(string table) => new HiddenTable(Connect(SqliteOpenMode.ReadWrite), table);

    /// <summary>The bytes of every file in the server's folder but the master key, by name: what a thief of the database has.</summary>
    public IReadOnlyDictionary<string, byte[]> StoredBytes() =>
        new DirectoryInfo(DataDirectory).EnumerateFiles("ringback.db*").ToDictionary(f => f.Name, f =>
        {
            using var stream = new FileStream(f.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });

    private DbConnection Connect(SqliteOpenMode mode)
    {
        DbConnection connection = postgreSql is not null
            ? new NpgsqlConnection(postgreSql.ConnectionString)
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabaseFile, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ToString());
        connection.Open();
        return connection;
    }

    private static DbCommand Command(DbConnection connection, string sql, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of tests, with parameters for values.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
