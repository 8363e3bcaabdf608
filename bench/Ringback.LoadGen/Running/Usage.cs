using System.Diagnostics;

namespace Ringback.LoadGen.Running;

/// <summary>What the processes have used up to an instant. CPU is user and system time in seconds.</summary>
/// <param name="Server">The server's CPU.</param>
/// <param name="Receiver">The receiver's CPU.</param>
/// <param name="Generator">The CPU of this process.</param>
/// <param name="Database">CPU of all processes of a PostgreSQL server on this machine, or null.</param>
/// <param name="Syncs">fsyncs so far, or null where they are not counted.</param>
internal sealed record Usage(double Server, double Receiver, double Generator, double? Database, long? Syncs)
{
    public static async Task<Usage> TakeAsync(LoadSite site)
    {
        using var self = Process.GetCurrentProcess();
        (double? Cpu, long Syncs)? database = site.Postgres is null ? null : await site.Postgres.TakeAsync();
        return new Usage(
            site.Server.Cpu.TotalSeconds, site.Receiver.Cpu.TotalSeconds, self.TotalProcessorTime.TotalSeconds, database?.Cpu, database is { } counted ? counted.Syncs : site.CountSyncs());
    }

    public Usage Since(Usage before) => new(Server - before.Server, Receiver - before.Receiver, Generator - before.Generator, Database - before.Database, Syncs - before.Syncs);

    public Usage Plus(Usage other) => new(Server + other.Server, Receiver + other.Receiver, Generator + other.Generator, Database + other.Database, Syncs + other.Syncs);
}
