using System.Diagnostics;
using System.Net.Http.Json;

namespace Ringback.Benchmarks;

/// <summary>The real server as a process of its own, on a folder that is thrown away.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly Process process;

    private BenchServer(Process process, string folder, Uri address, string appKey, string managementKey) =>
        (this.process, Folder, Address, AppKey, ManagementKey) = (process, folder, address, appKey, managementKey);

    public string Folder { get; }

    public Uri Address { get; }

    public string AppKey { get; }

    public string ManagementKey { get; }

    public int Id => process.Id;

    /// <summary>CPU time of the server so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a server with one queue, <c>bench</c>.</summary>
    public static async Task<BenchServer> StartAsync(string? postgres)
    {
        var folder = Directory.CreateTempSubdirectory("ringback-bench-").FullName;
        var environment = new Dictionary<string, string>();
        if (postgres is not null)
        {
            environment["RINGBACK_Storage__Provider"] = "postgresql";
            environment["RINGBACK_Storage__ConnectionString"] = postgres;
            await RunAsync(folder, environment, "migrate");
        }
        var app = await RunAsync(folder, environment, "api-keys", "create", "--name", "app", "--right", "engagement");
        var management = await RunAsync(folder, environment, "api-keys", "create", "--name", "boss", "--right", "management");
        var process = Start(folder, environment, ["serve", "--port", "0", "--end-with-stdin"]);
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var server = new BenchServer(process, folder, new Uri(line.Split(' ')[^1]), app.Trim(), management.Trim());
        using var http = server.Client(server.ManagementKey);
        // One active callback per number stays on: that look-up is part of the product.
        (await http.PostAsJsonAsync("management/v1/settings/queues/bench", new { region = "US" })).EnsureSuccessStatusCode();
        return server;
    }

    public HttpClient Client(string key)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = Address };
        http.DefaultRequestHeaders.Add("x-api-key", key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<string> RunAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(folder, environment, arguments);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
    }

    private static Process Start(string folder, Dictionary<string, string> environment, IEnumerable<string> arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "Ringback.Server", "release", "ringback.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.GetFullPath(program));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--data");
        start.ArgumentList.Add(folder);
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return Process.Start(start)!;
    }
}
