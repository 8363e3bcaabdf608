using System.Net.Http.Json;
using System.Text.Json;
using Ringback.Engine;

namespace Ringback.TestKit;

/// <summary>
/// A real server and a real FCM emulator as processes of their own, on the real clock, that a test may kill and start again. Both keep their data in a
/// folder of the site; the server gets a new port at every start, the emulator keeps its own.
/// </summary>
public sealed class ProcessSite : IAsyncDisposable
{
    /// <summary>The call-in group of the site; its codes have six digits.</summary>
    public const string CallInGroup = "numbers";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-site-");
    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly int emulatorPort = ProcessSitePoll.FreePort();
    private readonly List<DateTimeOffset> crashes = [];
    private ProcessSiteChild? server;
    private ProcessSiteChild? emulator;

    private readonly SitePostgreSql? database;
    private readonly List<ProcessSiteChild> peers = [];

    private ProcessSite(IReadOnlyDictionary<string, string> settings, SitePostgreSql? database) => (this.settings, this.database) = (settings, database);

    /// <summary>Folder of the server.</summary>
    public string DataDirectory => Path.Combine(folder.FullName, "data");

    private string CrashFile => Path.Combine(folder.FullName, "crash-point");

    /// <summary>Where the server listens since its last start.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>Where the emulator listens.</summary>
    public Uri EmulatorUrl => new($"http://127.0.0.1:{emulatorPort}");

    /// <summary>A key with the rights engagement and management.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The server's process.</summary>
    public ProcessSiteChild Server => server ?? throw new InvalidOperationException("The server was not started.");

    /// <summary>The emulator's process.</summary>
    public ProcessSiteChild Emulator => emulator ?? throw new InvalidOperationException("The emulator was not started.");

    /// <summary>When the server or the emulator was found dead, in order.</summary>
    public IReadOnlyList<DateTimeOffset> Crashes
    {
        get
        {
            lock (crashes) return [.. crashes];
        }
    }

    /// <summary>A site with credentials that its emulator knows, a call-in group and no queue.</summary>
    /// <param name="settings">Settings of the server as in the environment, without the prefix: <c>Delivery__ClaimSize</c>.</param>
    /// <param name="on">Where the site keeps its truth.</param>
    public static async Task<ProcessSite> StartAsync(IReadOnlyDictionary<string, string>? settings = null, SiteDatabase on = SiteDatabase.Sqlite)
    {
        var database = on == SiteDatabase.PostgreSql ? await SitePostgreSql.CreateAsync() : null;
        var all = new Dictionary<string, string>(settings ?? new Dictionary<string, string>());
        foreach (var (name, value) in database?.Settings ?? new Dictionary<string, string>()) all[name] = value;
        var site = new ProcessSite(all, database);
        try
        {
            site.Key = (await RunAsync(site.Environment(), "api-keys", "create", "--data", site.DataDirectory, "--name", "tests", "--right", "engagement", "--right", "management")).Trim();
            await Task.WhenAll(site.StartEmulatorAsync(), site.StartServerAsync());
            await site.SeedAsync();
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the server, wherever it listens at the time of a call.</summary>
    public ProcessSiteClient Client() => new(() => Url, Key, Key);

    /// <summary>Starts the server and waits until it is ready.</summary>
    public async Task StartServerAsync()
    {
        if (server is not null) await server.DisposeAsync();
        server = ServeChild();
        Url = await UrlOfAsync(server);
    }

    /// <summary>Starts one more server on the same database and gives its address. The site needs the settings of a cluster.</summary>
    public async Task<Uri> StartPeerAsync()
    {
        var peer = ServeChild();
        peers.Add(peer);
        return await UrlOfAsync(peer);
    }

    /// <summary>A client of one server of several.</summary>
    public ProcessSiteClient Client(Uri url) => new(() => url, Key, Key);

    /// <summary>Starts the emulator on the port that it had before.</summary>
    public async Task StartEmulatorAsync()
    {
        if (emulator is not null) await emulator.DisposeAsync();
        emulator = ProcessSiteChild.StartBuilt("fcm-emulator.dll", ["--port", $"{emulatorPort}", "--data", Path.Combine(folder.FullName, "emulator"), "--end-with-stdin"]);
        if (await emulator.FirstLineAsync() is null) throw new InvalidOperationException($"The emulator did not start:\n{await LogAfterEndAsync(emulator)}");
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillServerAsync() => KillAsync(Server);

    /// <summary><c>kill -9</c>.</summary>
    public Task KillEmulatorAsync() => KillAsync(Emulator);

    /// <summary><c>kill -9</c>, and a start.</summary>
    public async Task RestartServerAsync()
    {
        await KillServerAsync();
        await StartServerAsync();
    }

    /// <summary>From now on the server dies at this point.</summary>
    public Task ArmAsync(string crashPoint) => CrashPoints.All.Contains(crashPoint)
        ? File.WriteAllTextAsync(CrashFile, crashPoint)
        : throw new ArgumentException("There is no such crash point.", nameof(crashPoint));

    /// <summary>Disarms whatever a test left armed, and starts the server again where it is dead or does not answer.</summary>
    public async Task RecoverAsync()
    {
        File.Delete(CrashFile);
        if (await Client().SendAsync(HttpMethod.Get, "healthz", null) is { Status: 200 } && !Server.HasEnded) return;
        await RestartServerAsync();
    }

    /// <summary>Waits until the armed crash point has ended the server; the next start finds nothing armed.</summary>
    public async Task ServerDiedAsync(string why)
    {
        var code = await Server.EndedAsync(why);
        File.Delete(CrashFile);
        if (code != ProcessSiteChild.KilledExitCode) throw new InvalidOperationException($"{why}: the server ended with {code} instead of being killed.\n{Server.Log}");
        NoteCrash();
    }

    /// <summary>Runs <c>ringback</c> to its end and gives what it printed. A failure is an exception with what it said.</summary>
    public static Task<string> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <summary>The same with text on standard input.</summary>
    public static Task<string> RunWithInputAsync(string input, params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments, input);

    /// <summary>The same with settings in its environment.</summary>
    public static Task<string> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) => RunAsync(environment, arguments, null);

    private static async Task<string> RunAsync(IReadOnlyDictionary<string, string> environment, string[] arguments, string? input)
    {
        await using var child = ProcessSiteChild.StartBuilt("ringback.dll", arguments, environment);
        if (input is not null) await child.WriteAsync(input);
        return await child.EndedAsync("ringback " + arguments[0]) == 0
            ? string.Join('\n', child.Output)
            : throw new InvalidOperationException($"ringback {string.Join(' ', arguments)} failed:\n{child.Log}");
    }

    /// <summary>What the emulator has accepted, without the dry runs of the credential check.</summary>
    public async Task<IReadOnlyList<JsonElement>> InboxAsync(string? token = null)
    {
        using var http = new HttpClient { BaseAddress = EmulatorUrl };
        var inbox = await http.GetFromJsonAsync<JsonElement>(token is null ? "inbox" : $"inbox?token={Uri.EscapeDataString(token)}");
        return [.. inbox.GetProperty("messages").EnumerateArray().Where(m => !m.GetProperty("validateOnly").GetBoolean())];
    }

    /// <summary>Empties the emulator's inbox. Nothing may be on its way.</summary>
    public async Task ForgetInboxAsync()
    {
        using var http = new HttpClient { BaseAddress = EmulatorUrl };
        (await http.DeleteAsync("inbox")).EnsureSuccessStatusCode();
    }

    /// <summary>Waits until nothing is on its way and everything sent is recorded.</summary>
    public Task QuietAsync() => ProcessSitePoll.UntilAsync("no push waits", async () =>
        await Client().SendAsync(HttpMethod.Get, "readyz", null) is { Status: 200 } ready
        && ready.Body.GetProperty("checks").EnumerateArray().All(c => !c.TryGetProperty("pushesWaiting", out var waiting) || waiting.GetInt32() == 0));

    /// <summary>Waits until an event has reached every one of these targets.</summary>
    public Task ArrivedAsync(string pushEvent, Guid callbackId, params IReadOnlyList<string> targets) =>
        ProcessSitePoll.UntilAsync($"{pushEvent} of {callbackId}", async () =>
        {
            var arrived = (await InboxAsync()).Select(m => m.GetProperty("message"))
                .Where(m => m.GetProperty("data").GetProperty("event").GetString() == pushEvent && m.GetProperty("data").GetProperty("callbackId").GetGuid() == callbackId)
                .Select(m => m.GetProperty("token").GetString()!);
            return targets.All(arrived.Contains);
        });

    /// <summary>Waits until every push has come to its end, then holds the site against its promises.</summary>
    public async Task<InvariantReport> InspectAsync(IReadOnlyCollection<KnownCallback> callbacks)
    {
        using var api = new HttpClient { BaseAddress = Url };
        api.DefaultRequestHeaders.Add("x-api-key", Key);
        using var inbox = new HttpClient { BaseAddress = EmulatorUrl };
        return await new Invariants(api, inbox).SettleAsync(callbacks, Crashes);
    }

    /// <summary>Ends every process and removes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        foreach (var peer in peers) await peer.DisposeAsync();
        if (emulator is not null) await emulator.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private Dictionary<string, string> Environment() => settings.ToDictionary(s => $"RINGBACK_{s.Key}", s => s.Value);

    private ProcessSiteChild ServeChild()
    {
        var environment = Environment();
        environment["RINGBACK_Firebase__TokenEndpoint"] = $"{EmulatorUrl}token";
        environment["RINGBACK_Firebase__SendEndpoint"] = EmulatorUrl.ToString();
        environment["RINGBACK_CRASH_POINT"] = "@" + CrashFile;
        return ProcessSiteChild.StartBuilt("ringback.dll", ["serve", "--port", "0", "--data", DataDirectory, "--end-with-stdin"], environment);
    }

    private static async Task<Uri> UrlOfAsync(ProcessSiteChild child) => await child.FirstLineAsync() is { } line
        ? new Uri(line.Split(' ').Last())
        : throw new InvalidOperationException($"The server did not start:\n{await LogAfterEndAsync(child)}");

    private async Task KillAsync(ProcessSiteChild child)
    {
        await child.KillAsync();
        NoteCrash();
    }

    private void NoteCrash()
    {
        lock (crashes) crashes.Add(TimeProvider.System.GetUtcNow());
    }

    private async Task SeedAsync()
    {
        using var http = new HttpClient { BaseAddress = EmulatorUrl };
        var minted = await http.PostAsJsonAsync("accounts", new { projectId = "process-site" });
        var account = await minted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        var client = Client();
        string[] phones = ["+14155550199"];
        await client.ManageAsync(HttpMethod.Put, "credentials/firebase", new { serviceAccount = account });
        await client.ManageAsync(HttpMethod.Put, $"settings/call-in-groups/{CallInGroup}", new { phoneNumbers = phones, accessCodeDigits = 6 });
    }

    private static async Task<string> LogAfterEndAsync(ProcessSiteChild child)
    {
        await child.EndedAsync("A program that did not start");
        return child.Log;
    }
}
