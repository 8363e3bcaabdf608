using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ringback.Engine;

namespace Ringback.Storage;

/// <summary>Reads the columns of a result row from left to right: the order in the SQL text is the order of the reads.</summary>
/// <param name="reader">The result.</param>
/// <param name="idsAreBytes">Whether an id is 16 bytes, as on SQLite, or a type of its own, as on PostgreSQL.</param>
internal sealed class Row(DbDataReader reader, bool idsAreBytes)
{
    private int column;

    /// <summary>Goes to the next row.</summary>
    public bool Next()
    {
        column = 0;
        return reader.Read();
    }

    /// <inheritdoc cref="Next"/>
    public Task<bool> NextAsync()
    {
        column = 0;
        return reader.ReadAsync();
    }

    public int Int() => reader.GetInt32(column++);

    public int? IntOrNull() => IsNull() ? null : Int();

    public long Long() => reader.GetInt64(column++);

    public double Number() => reader.GetDouble(column++);

    public bool Flag() => reader.GetBoolean(column++);

    public string Text() => reader.GetString(column++);

    public string? TextOrNull() => IsNull() ? null : Text();

    public byte[] Bytes() => reader.GetFieldValue<byte[]>(column++);

    public DateTimeOffset At() => Clock.FromMicroseconds(Long());

    public DateTimeOffset? AtOrNull() => IsNull() ? null : At();

    public TenantId Tenant() => new(Int());

    public Guid Id() => idsAreBytes ? new Guid(Bytes(), bigEndian: true) : reader.GetGuid(column++);

    public Guid? IdOrNull() => IsNull() ? null : Id();

    public T Json<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Text(), type)!;

    public T? JsonOrNull<T>(JsonTypeInfo<T> type)
        where T : class => IsNull() ? null : Json(type);

    /// <summary>Steps over the column where it holds nothing.</summary>
    private bool IsNull()
    {
        if (!reader.IsDBNull(column)) return false;
        column++;
        return true;
    }
}
