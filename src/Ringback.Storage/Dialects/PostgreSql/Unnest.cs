namespace Ringback.Storage.Dialects.PostgreSql;

/// <summary>Turns rows into the arrays that <c>unnest</c> turns back into rows.</summary>
internal static class Unnest
{
    /// <summary>One value of each row.</summary>
    public static TValue[] Column<TRow, TValue>(this IReadOnlyCollection<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        var i = 0;
        foreach (var row in rows) column[i++] = value(row);
        return column;
    }
}
