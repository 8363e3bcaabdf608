using System.Collections.Concurrent;
using System.Text;
using Npgsql;
using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Dialects.PostgreSql;

/// <summary>A pooled connection; the driver keeps its statements prepared.</summary>
internal sealed class PostgreSqlSession(NpgsqlConnection connection) : Session
{
    private static readonly ConcurrentDictionary<string, Positional> texts = new();

    public override async ValueTask LockAsync(string sql, params object?[] values) => await QueryAsync(sql, _ => true, values);

    public override async ValueTask<int> ExecuteAsync(string sql, params object?[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public override async ValueTask<List<T>> QueryAsync<T>(string sql, Func<Row, T> read, params object?[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync();
        var found = new List<T>();
        var row = new Row(reader, idsAreBytes: false);
        while (await row.NextAsync()) found.Add(read(row));
        return found;
    }

    public override async ValueTask ExecuteAllAsync(IReadOnlyList<Statement> statements)
    {
        if (statements.Count == 0) return;
        await using var batch = Batch(connection, statements);
        await batch.ExecuteNonQueryAsync();
        for (var i = 0; i < statements.Count; i++)
        {
            if (statements[i].MustHit && batch.BatchCommands[i].RecordsAffected == 0)
                throw new StorageException("A row that should be changed is not there.", outcomeUnknown: false, null);
        }
    }

    /// <summary>Statements that travel together. Outside of a transaction the server makes one of them: it commits at the end, or undoes all at an error.</summary>
    public static NpgsqlBatch Batch(NpgsqlConnection connection, IReadOnlyList<Statement> statements)
    {
        var batch = new NpgsqlBatch(connection);
        foreach (var (sql, values, _) in statements)
        {
            var text = TextOf(sql, values);
            var command = new NpgsqlBatchCommand(text);
            AddValues(command.Parameters, values);
            batch.BatchCommands.Add(command);
        }
        return batch;
    }

    private NpgsqlCommand Command(string sql, object?[] values)
    {
        var command = new NpgsqlCommand(TextOf(sql, values), connection);
        AddValues(command.Parameters, values);
        return command;
    }

    /// <summary>The text with <c>$1</c> for the first name and so on: the driver then need not look for names each time.</summary>
    private static string TextOf(string sql, object?[] values)
    {
        var text = texts.GetOrAdd(sql, Number);
        return text.Parameters == values.Length ? text.Sql : throw new ArgumentException("Another number of values than the statement has names.", nameof(values));
    }

    private static Positional Number(string sql)
    {
        var names = ParameterNames(sql).ToList();
        var text = new StringBuilder(sql);
        // The longest first, because one name may be the beginning of another.
        foreach (var name in names.OrderByDescending(n => n.Length)) text.Replace(name, $"${names.IndexOf(name) + 1}");
        return new Positional(text.ToString(), names.Count);
    }

    private static void AddValues(NpgsqlParameterCollection parameters, object?[] values)
    {
        foreach (var value in values) parameters.Add(new NpgsqlParameter { Value = Stored(value) });
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        string or int or long or bool or Guid or byte[] or Array => value,
        DateTimeOffset at => at.ToMicroseconds(),
        TenantId tenant => tenant.Value,
        Enum => (int)value,
        _ => throw new ArgumentException($"No column holds a {value.GetType().Name}.", nameof(value)),
    };

    private sealed record Positional(string Sql, int Parameters);
}
