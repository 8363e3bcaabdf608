using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>A PostgreSQL server of the test's own, which it may stop. As root it runs as another user, because PostgreSQL refuses root.</summary>
internal sealed class PostgreSqlCluster : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-test-");
    private readonly string binaries;
    private readonly int port;

    private PostgreSqlCluster(string binaries, int port) => (this.binaries, this.port) = (binaries, port);

    public string Folder => folder.FullName;

    public string ConnectionString => new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = port, Username = "postgres", Database = "postgres" }.ConnectionString;

    public static async Task<PostgreSqlCluster> StartNewAsync()
    {
        var cluster = new PostgreSqlCluster(FindBinaries(), FreePort());
        try
        {
            await OwnAsync(cluster.Folder);
            await cluster.RunAsync("initdb", "-D", cluster.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
            await cluster.StartAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task StartAsync() => RunAsync(
        "pg_ctl", "-D", Data, "-l", Path.Combine(Folder, "log"), "-w", "-t", "60", "start", "-o", $"-p {port} -k {Folder} -c listen_addresses=127.0.0.1");

    /// <summary>Stops it; <c>fast</c> tells the clients, <c>immediate</c> is a crash.</summary>
    public Task StopAsync(string how) => RunAsync("pg_ctl", "-D", Data, "-w", "-t", "60", "-m", how, "stop");

    /// <summary>Gives a folder to the user that the server runs as.</summary>
    public static async Task OwnAsync(string path)
    {
        if (Environment.IsPrivilegedProcess) await ProcessAsync("chown", User, path);
    }

    /// <summary>Runs a program of the system; its output is the reason where it fails.</summary>
    public static async Task ProcessAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        // pg_ctl leaves its output open to the server that it started: it is read to its end only after a failure.
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await process.StandardError.ReadToEndAsync()}{await process.StandardOutput.ReadToEndAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid"))) await StopAsync("immediate");
        folder.Delete(recursive: true);
    }

    private static string User => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private string Data => Path.Combine(Folder, "data");

    private async Task RunAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(binaries, program);
        if (Environment.IsPrivilegedProcess) await ProcessAsync("setpriv", ["--reuid", User, "--clear-groups", path, .. arguments]);
        else await ProcessAsync(path, arguments);
    }

    private static string FindBinaries()
    {
        var installed = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        var paths = installed.OrderByDescending(v => v, StringComparer.Ordinal).Select(v => Path.Combine(v, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator));
        return paths.FirstOrDefault(p => File.Exists(Path.Combine(p, "initdb")))
            ?? throw new InvalidOperationException("The programs of the PostgreSQL server are not installed; ./test.sh installs them.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
