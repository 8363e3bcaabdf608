using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Ringback.Measuring;

/// <summary>PostgreSQL's own load generator: statements of a row each, prepared, a commit each.</summary>
internal static class Pgbench
{
    private const int Threads = 2;

    /// <summary>Makes the table that a script works on.</summary>
    public static async Task PrepareAsync(string postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>How often a second the script was run through, latencies included.</summary>
    public static async Task<double> RunAsync(string postgres, string script, int clients, TimeSpan turn)
    {
        var connection = new NpgsqlConnectionStringBuilder(postgres);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script);
            var start = new ProcessStartInfo("pgbench") { RedirectStandardOutput = true, RedirectStandardError = true };
            string[] arguments =
            [
                "-h", connection.Host!, "-p", Text(connection.Port), "-U", connection.Username!, "-n", "-M", "prepared",
                "-c", Text(clients), "-j", Text(Threads), "-T", Text((int)turn.TotalSeconds), "-f", file, connection.Database!,
            ];
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            if (connection.Password is { } password) start.Environment["PGPASSWORD"] = password;
            using var pgbench = Process.Start(start)!;
            var errors = pgbench.StandardError.ReadToEndAsync();
            var output = await pgbench.StandardOutput.ReadToEndAsync();
            await pgbench.WaitForExitAsync();
            var tps = output.Split('\n').FirstOrDefault(line => line.StartsWith("tps = ", StringComparison.Ordinal)) ?? throw new InvalidOperationException(await errors);
            return double.Parse(tps.Split(' ')[2], CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
