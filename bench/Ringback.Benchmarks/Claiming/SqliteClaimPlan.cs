using Microsoft.Data.Sqlite;
using Ringback.Engine.Delivery;
using Ringback.Storage.Delivery;
using SQLitePCL;

namespace Ringback.Benchmarks.Claiming;

/// <summary>SQLite's plan, and the steps of its virtual machine: a row that is read takes several, so equal numbers prove that no finished push was read.</summary>
internal static class SqliteClaimPlan
{
    public static ClaimPlan Read(SqliteConnection connection, int tenant, long now)
    {
        var (claim, look) = (Plan(connection, SqliteDeliverySql.FindDue), Plan(connection, DeliverySql.DueCredentials));
        List<string> complaints = [];
        if (!claim.Any(l => l.StartsWith("SEARCH o USING INDEX " + ClaimPlan.Index + " (tenant_id=? AND app=? AND next_at<?)", StringComparison.Ordinal))) complaints.Add($"the claim does not search {ClaimPlan.Index}");
        if (claim.Concat(look).Any(l => l.StartsWith("SCAN o", StringComparison.Ordinal) && !l.Contains(ClaimPlan.Index, StringComparison.Ordinal))) complaints.Add("the outbox is walked");
        if (claim.Any(l => l.Contains("TEMP B-TREE", StringComparison.Ordinal))) complaints.Add("the claim sorts");
        if (look.Any(l => l.Contains(" o ", StringComparison.Ordinal) && !l.Contains("COVERING INDEX " + ClaimPlan.Index, StringComparison.Ordinal))) complaints.Add($"the look is not answered by {ClaimPlan.Index} alone");
        List<string> lines = ["claim:", .. claim, "look for credentials:", .. look];
        return new ClaimPlan(lines, Steps(connection, tenant, now), "steps of SQLite's virtual machine", 0, complaints);
    }

    private static List<string> Plan(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The program's own constants.
        command.CommandText = $"explain query plan {sql}";
#pragma warning restore CA2100
        foreach (var name in (string[])["@tenant", "@app", "@now", "@most"])
        {
            if (sql.Contains(name, StringComparison.Ordinal)) command.Parameters.AddWithValue(name, 1);
        }
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read()) lines.Add(reader.GetString(3));
        return lines;
    }

    private static long Steps(SqliteConnection connection, int tenant, long now)
    {
        if (raw.sqlite3_prepare_v2(connection.Handle, SqliteDeliverySql.FindDue, out var statement) != raw.SQLITE_OK) throw new InvalidOperationException(raw.sqlite3_errmsg(connection.Handle).utf8_to_string());
        using (statement)
        {
            raw.sqlite3_bind_int(statement, raw.sqlite3_bind_parameter_index(statement, "@tenant"), tenant);
            raw.sqlite3_bind_text(statement, raw.sqlite3_bind_parameter_index(statement, "@app"), CredentialKey.DefaultApp);
            raw.sqlite3_bind_int64(statement, raw.sqlite3_bind_parameter_index(statement, "@now"), now);
            raw.sqlite3_bind_int(statement, raw.sqlite3_bind_parameter_index(statement, "@most"), ClaimDatabase.Batch);
            var rows = 0;
            while (raw.sqlite3_step(statement) == raw.SQLITE_ROW) rows++;
            if (rows != ClaimDatabase.Batch) throw new InvalidOperationException($"{rows} pushes were found instead of {ClaimDatabase.Batch}.");
            return raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_VM_STEP, 0);
        }
    }
}
