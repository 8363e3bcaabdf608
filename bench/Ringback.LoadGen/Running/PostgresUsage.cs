using System.Globalization;
using Npgsql;

namespace Ringback.LoadGen.Running;

/// <summary>What a PostgreSQL server has used: its write-ahead log's syncs by its own count, and its CPU where it runs on this machine.</summary>
internal sealed class PostgresUsage(string connectionString) : IAsyncDisposable
{
    /// <summary>USER_HZ, which Linux fixes for every program.</summary>
    private const double TicksPerSecond = 100;

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);

    public async Task<(double? Cpu, long Syncs)> TakeAsync()
    {
        await using var command = source.CreateCommand("select pg_stat_force_next_flush(); select wal_sync, pg_backend_pid() from pg_stat_wal");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return (CpuOfAll(reader.GetInt32(1)), reader.GetInt64(0));
    }

    public async Task<string> DescribeAsync()
    {
        await using var command = source.CreateCommand("select 'PostgreSQL ' || current_setting('server_version') || ', synchronous_commit ' || current_setting('synchronous_commit') || ', fsync ' || current_setting('fsync')");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    /// <summary>The postmaster, the children that live and those that it has buried.</summary>
    private static double? CpuOfAll(int backend)
    {
        if (Stat(backend) is not { Name: "postgres" } ours || Stat(ours.Parent) is not { Name: "postgres" } postmaster) return null;
        var living = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Stat(id) : null)
            .Where(process => process?.Parent == ours.Parent)
            .Sum(process => process!.Own);
        return (postmaster.Own + postmaster.Buried + living) / TicksPerSecond;
    }

    private static ProcessStat? Stat(int id)
    {
        try
        {
            // proc(5): pid (name) state ppid … utime and stime are fields 14 and 15, those of children that were waited for 16 and 17.
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
            var field = text[(close + 2)..].Split(' ');
            return new ProcessStat(text[(open + 1)..close], Number(field[1]), Number(field[11]) + Number(field[12]), Number(field[13]) + Number(field[14]));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record ProcessStat(string Name, int Parent, long Own, long Buried);
}
