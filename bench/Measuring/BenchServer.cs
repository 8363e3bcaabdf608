using System.Globalization;
using System.Net.Http.Json;

namespace Ringback.Measuring;

/// <summary>API keys of a tenant.</summary>
internal sealed record TenantKeys(string App, string Management);

/// <summary>The real server as a process of its own, on a folder that is thrown away.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private const string Program = "Ringback.Server/ringback.dll";

    private readonly IReadOnlyDictionary<string, string> environment;

    private BenchServer(ChildProgram process, string folder, Uri address, IReadOnlyDictionary<string, string> environment, IReadOnlyList<TenantKeys> keys) =>
        (Process, Folder, Address, this.environment, Keys) = (process, folder, address, environment, keys);

    /// <summary>The process; another one after <see cref="StartAgainAsync"/>.</summary>
    public ChildProgram Process { get; private set; }

    public string Folder { get; }

    public Uri Address { get; }

    /// <summary>Of each tenant, the default one first.</summary>
    public IReadOnlyList<TenantKeys> Keys { get; }

    public string AppKey => Keys[0].App;

    public string ManagementKey => Keys[0].Management;

    /// <summary>CPU time of the server so far.</summary>
    public TimeSpan Cpu => Process.Cpu;

    /// <summary>A load is no flood.</summary>
    public static IReadOnlyDictionary<string, string> WithoutThrottles { get; } = new Dictionary<string, string> { ["Throttles__CreatesPerTenantPerMinute"] = "0" };

    /// <summary>Starts a server without queues.</summary>
    /// <param name="postgres">Connection string of an empty PostgreSQL database, or null for SQLite.</param>
    /// <param name="settings">Settings as in the environment, without the prefix: <c>Delivery__ClaimSize</c>.</param>
    /// <param name="syncLog">Where to write each fsync of the server, or null.</param>
    /// <param name="moreTenants">Names of tenants beside the default one.</param>
    public static async Task<BenchServer> StartAsync(string? postgres, IReadOnlyDictionary<string, string>? settings = null, string? syncLog = null, params IEnumerable<string> moreTenants)
    {
        var folder = Directory.CreateTempSubdirectory("ringback-bench-").FullName;
        var environment = Environment(settings);
        if (postgres is not null)
        {
            environment["RINGBACK_Storage__Provider"] = "postgresql";
            environment["RINGBACK_Storage__ConnectionString"] = postgres;
            await RunAsync(folder, environment, "migrate");
        }
        var keys = new List<TenantKeys>();
        foreach (var tenant in moreTenants.Prepend("default"))
        {
            keys.Add(new TenantKeys(
                await RunAsync(folder, environment, "api-keys", "create", "--tenant", tenant, "--name", "app", "--right", "engagement"),
                await RunAsync(folder, environment, "api-keys", "create", "--tenant", tenant, "--name", "boss", "--right", "management")));
        }
        var process = ChildProgram.Start(Program, ["serve", "--port", "0", "--end-with-stdin", "--data", folder], environment, syncLog);
        try
        {
            return new BenchServer(process, folder, new Uri((await process.ReadyLineAsync()).Split(' ')[^1]), environment, keys);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server that has ended once more: the same folder, database, keys and port.</summary>
    /// <param name="settings">Settings that are others this time.</param>
    public async Task StartAgainAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        await Process.DisposeAsync();
        var changed = new Dictionary<string, string>(environment);
        foreach (var (key, value) in Environment(settings)) changed[key] = value;
        Process = ChildProgram.Start(Program, ["serve", "--port", Address.Port.ToString(CultureInfo.InvariantCulture), "--end-with-stdin", "--data", Folder], changed);
        await Process.ReadyLineAsync();
    }

    /// <summary>Makes a queue.</summary>
    public async Task AddQueueAsync(string name, object settings)
    {
        using var http = Client(ManagementKey);
        (await http.PostAsJsonAsync($"management/v1/settings/queues/{name}", settings)).EnsureSuccessStatusCode();
    }

    /// <summary>A client with a key of its own.</summary>
    /// <param name="key">The API key.</param>
    /// <param name="around">What to put around the handler, or null.</param>
    public HttpClient Client(string key, Func<HttpMessageHandler, HttpMessageHandler>? around = null)
    {
        var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 64, UseProxy = false };
        var http = new HttpClient(around?.Invoke(handler) ?? handler) { BaseAddress = Address };
        http.DefaultRequestHeaders.Add("x-api-key", key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static Dictionary<string, string> Environment(IReadOnlyDictionary<string, string>? settings) =>
        (settings ?? new Dictionary<string, string>()).ToDictionary(s => $"RINGBACK_{s.Key}", s => s.Value);

    private static async Task<string> RunAsync(string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        await using var command = ChildProgram.Start(Program, [.. arguments, "--data", folder], environment);
        return (await command.OutputAsync()).Trim();
    }
}
