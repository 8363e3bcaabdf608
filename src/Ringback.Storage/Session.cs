using System.Text.RegularExpressions;

namespace Ringback.Storage;

/// <summary>One statement with its values, in the order in which their names first appear in the text.</summary>
/// <param name="Sql">The text; a constant of a <c>…Sql</c> class.</param>
/// <param name="Values">The values.</param>
/// <param name="MustHit">Whether it is a bug if it changes no row.</param>
internal readonly record struct Statement(string Sql, object?[] Values, bool MustHit = false);

/// <summary>A connection that keeps its statements prepared.</summary>
internal abstract partial class Session
{
    /// <summary>
    /// Takes a lock that serialises transactions in which a look must hold until the insert after it. Nothing on a database with one writer.
    /// </summary>
    public abstract ValueTask LockAsync(string sql, params object?[] values);

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public abstract ValueTask<int> ExecuteAsync(string sql, params object?[] values);

    /// <summary>Reads every row.</summary>
    public abstract ValueTask<List<T>> QueryAsync<T>(string sql, Func<Row, T> read, params object?[] values);

    /// <summary>Runs statements that need nothing of each other's results, in order; a database behind a network takes them in one round trip.</summary>
    public abstract ValueTask ExecuteAllAsync(IReadOnlyList<Statement> statements);

    /// <summary>The names of a text's parameters, in the order in which they first appear.</summary>
    protected static IEnumerable<string> ParameterNames(string sql) => ParameterName().Matches(sql).Select(m => m.Value).Distinct();

    [GeneratedRegex("@[a-z_]+", RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();
}
