using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Ringback.Engine.Delivery;
using Ringback.Storage.Delivery;

namespace Ringback.Benchmarks.Claiming;

/// <summary>PostgreSQL's plan of a claim that is carried out and taken back, and how many pages it touched. The plan is the general one that a prepared statement comes to keep.</summary>
internal static partial class PostgreSqlClaimPlan
{
    public static async Task<ClaimPlan> ReadAsync(NpgsqlConnection connection, int tenant, long now)
    {
        await ClaimDatabase.ExecuteAsync(connection, $"set plan_cache_mode = force_generic_plan; prepare claim (integer, text, bigint, integer, text, bigint) as {Numbered(PostgreSqlDeliverySql.Claim)}; prepare look (bigint) as {Numbered(DeliverySql.DueCredentials)}");
        var look = await ExplainAsync(connection, Text($"look({now})"));
        await using var transaction = await connection.BeginTransactionAsync();
        var claim = await ExplainAsync(connection, Text($"claim({tenant}, '{CredentialKey.DefaultApp}', {now}, {ClaimDatabase.Batch}, 'bench', {now})"));
        await transaction.RollbackAsync();
        List<string> complaints = [];
        // The claim locks its rows, for which it must go to the table; the index decides which rows these are. The look needs nothing but the index.
        if (!claim.Any(l => ClaimedOnly().IsMatch(l))) complaints.Add($"the claim does not read exactly {ClaimDatabase.Batch} rows by {ClaimPlan.Index}");
        if (look.Any(l => l.Contains("on outbox", StringComparison.Ordinal) && !l.Contains("Index Only Scan using " + ClaimPlan.Index, StringComparison.Ordinal))) complaints.Add($"the look is not answered by {ClaimPlan.Index} alone");
        if (claim.Concat(look).Any(l => l.Contains("Seq Scan on outbox", StringComparison.Ordinal))) complaints.Add("the outbox is walked");
        if (ThrowsAway(claim) || ThrowsAway(look)) complaints.Add("rows of the outbox are read and thrown away");
        List<string> lines = ["claim:", .. claim, "look for credentials:", .. look];
        // The trees are a level or two higher: an update of a row by its key touches a page more for each.
        return new ClaimPlan(lines, Pages(claim), "pages of PostgreSQL's buffers touched, those of the update included", 0.5, complaints);
    }

    private static async Task<List<string>> ExplainAsync(NpgsqlConnection connection, string call)
    {
        await using var command = new NpgsqlCommand($"explain (analyze, buffers, costs off, timing off, summary off) execute {call}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }

    /// <summary>Whether a step that reads the outbox gave up rows that it had read; the steps above it may.</summary>
    private static bool ThrowsAway(List<string> plan)
    {
        var isOutbox = false;
        foreach (var line in plan)
        {
            if (line.Contains("(actual", StringComparison.Ordinal)) isOutbox = line.Contains(" on outbox", StringComparison.Ordinal);
            if (isOutbox && line.Contains("Rows Removed", StringComparison.Ordinal)) return true;
        }
        return false;
    }

    /// <summary>Of the topmost step, which counts everything below it.</summary>
    private static long Pages(List<string> plan) =>
        PageCount().Matches(plan.First(l => l.Contains("Buffers:", StringComparison.Ordinal))).Sum(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));

    private static string Numbered(string sql)
    {
        var names = ParameterName().Matches(sql).Select(m => m.Value).Distinct().ToList();
        return ParameterName().Replace(sql, m => string.Create(CultureInfo.InvariantCulture, $"${names.IndexOf(m.Value) + 1}"));
    }

    [GeneratedRegex("@[a-z_]+", RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"(?:hit|read)=(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex PageCount();

    [GeneratedRegex(@"Index Scan using ix_outbox_pending on outbox( \w+)? \(actual rows=500(\.0+)? loops=1\)", RegexOptions.CultureInvariant)]
    private static partial Regex ClaimedOnly();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
