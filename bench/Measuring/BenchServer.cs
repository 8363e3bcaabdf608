using System.Net.Http.Json;

namespace Ringback.Measuring;

/// <summary>The real server as a process of its own, on a folder that is thrown away.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private const string Program = "Ringback.Server/ringback.dll";

    private BenchServer(ChildProgram process, string folder, Uri address, string appKey, string managementKey) =>
        (Process, Folder, Address, AppKey, ManagementKey) = (process, folder, address, appKey, managementKey);

    public ChildProgram Process { get; }

    public string Folder { get; }

    public Uri Address { get; }

    public string AppKey { get; }

    public string ManagementKey { get; }

    /// <summary>CPU time of the server so far.</summary>
    public TimeSpan Cpu => Process.Cpu;

    /// <summary>A load is no flood.</summary>
    public static IReadOnlyDictionary<string, string> WithoutThrottles { get; } = new Dictionary<string, string> { ["Throttles__CreatesPerTenantPerMinute"] = "0" };

    /// <summary>Starts a server without queues.</summary>
    /// <param name="postgres">Connection string of an empty PostgreSQL database, or null for SQLite.</param>
    /// <param name="settings">Settings as in the environment, without the prefix: <c>Delivery__ClaimSize</c>.</param>
    /// <param name="syncLog">Where to write each fsync of the server, or null.</param>
    public static async Task<BenchServer> StartAsync(string? postgres, IReadOnlyDictionary<string, string>? settings = null, string? syncLog = null)
    {
        var folder = Directory.CreateTempSubdirectory("ringback-bench-").FullName;
        var environment = (settings ?? new Dictionary<string, string>()).ToDictionary(s => $"RINGBACK_{s.Key}", s => s.Value);
        if (postgres is not null)
        {
            environment["RINGBACK_Storage__Provider"] = "postgresql";
            environment["RINGBACK_Storage__ConnectionString"] = postgres;
            await RunAsync(folder, environment, "migrate");
        }
        var app = await RunAsync(folder, environment, "api-keys", "create", "--name", "app", "--right", "engagement");
        var management = await RunAsync(folder, environment, "api-keys", "create", "--name", "boss", "--right", "management");
        var process = ChildProgram.Start(Program, ["serve", "--port", "0", "--end-with-stdin", "--data", folder], environment, syncLog);
        try
        {
            return new BenchServer(process, folder, new Uri((await process.ReadyLineAsync()).Split(' ')[^1]), app.Trim(), management.Trim());
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a queue. One active callback per number stays on: that look-up is part of the product.</summary>
    public async Task AddQueueAsync(string name, object settings)
    {
        using var http = Client(ManagementKey);
        (await http.PostAsJsonAsync($"management/v1/settings/queues/{name}", settings)).EnsureSuccessStatusCode();
    }

    public HttpClient Client(string key)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseProxy = false }) { BaseAddress = Address };
        http.DefaultRequestHeaders.Add("x-api-key", key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task<string> RunAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        await using var command = ChildProgram.Start(Program, [.. arguments, "--data", folder], environment);
        return await command.OutputAsync();
    }
}
