using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.FcmEmulator.Hosting;
using Ringback.Server;

namespace Ringback.TestKit;

/// <summary>
/// A whole site in this process: the server as it is composed in production, on a SQLite file in a folder of its own or a PostgreSQL database of its own, and
/// the FCM emulator, each on a real socket. Both go by one clock that only the test moves. Two tenants, <see cref="Home"/> and <see cref="Other"/>, have keys.
/// </summary>
public sealed partial class TestSite : IAsyncDisposable
{
    /// <summary>When every site begins.</summary>
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 10, 15, 30, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-test-");
    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly AnswerLog answers = new();
    private readonly Dictionary<string, string?> settings = [];
    private WebApplication? server;
    private WebApplication? emulator;
    private Uri emulatorAddress = null!;
    private readonly SitePostgreSql? postgreSql;

    private TestSite(SitePostgreSql? postgreSql)
    {
        this.postgreSql = postgreSql;
        foreach (var (name, value) in postgreSql?.Settings ?? new Dictionary<string, string>()) settings[name.Replace("__", ":", StringComparison.Ordinal)] = value;
        Phones = new EmulatorClient(http, () => emulatorAddress);
    }

    /// <summary>The one clock of server and emulator.</summary>
    public FakeTimeProvider Clock { get; } = new(Start);

    /// <summary>The instant by that clock.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>The tenant that most tests use; its Firebase credentials are provisioned.</summary>
    public TenantClient Home { get; private set; } = null!;

    /// <summary>A tenant that must see nothing of <see cref="Home"/>.</summary>
    public TenantClient Other { get; private set; } = null!;

    /// <summary>The customers' phones.</summary>
    public EmulatorClient Phones { get; }

    /// <summary>What the server logged, through all restarts.</summary>
    public CapturedLog ServerLog { get; } = new();

    /// <summary>What the emulator logged.</summary>
    public CapturedLog EmulatorLog { get; } = new();

    /// <summary>What the server answered.</summary>
    public AnswerLog Answers => answers;

    /// <summary>Where the server listens.</summary>
    public Uri ServerAddress => new(Running.Urls.First());

    /// <summary>Where the emulator listens.</summary>
    public Uri EmulatorAddress => emulatorAddress;

    /// <summary>The server's data folder.</summary>
    public string DataDirectory => Path.Combine(folder.FullName, "data");

    /// <summary>Where Google's endpoints and the database are, for a command that runs as a process of its own.</summary>
    public IReadOnlyDictionary<string, string> CommandEnvironment
    {
        get
        {
            var environment = new Dictionary<string, string>
            {
                ["RINGBACK_Firebase__TokenEndpoint"] = new Uri(emulatorAddress, "/token").AbsoluteUri,
                ["RINGBACK_Firebase__SendEndpoint"] = emulatorAddress.AbsoluteUri,
            };
            foreach (var (name, value) in postgreSql?.Settings ?? new Dictionary<string, string>()) environment[$"RINGBACK_{name}"] = value;
            return environment;
        }
    }

    /// <summary>Services of the running server, for what no API shows.</summary>
    public IServiceProvider Services => Running.Services;

    private WebApplication Running => server ?? throw new InvalidOperationException("The server does not run.");

    /// <summary>Starts a site.</summary>
    /// <param name="provision">Whether the home tenant has Firebase credentials.</param>
    /// <param name="settings">Configuration of the server, such as <c>Delivery:SendsInFlight</c>.</param>
    /// <param name="on">Where the site keeps its truth.</param>
    public static async Task<TestSite> StartAsync(bool provision = true, IReadOnlyDictionary<string, string?>? settings = null, SiteDatabase on = SiteDatabase.Sqlite)
    {
        var site = new TestSite(on == SiteDatabase.PostgreSql ? await SitePostgreSql.CreateAsync() : null);
        try
        {
            foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) site.settings[name] = value;
            Directory.CreateDirectory(site.DataDirectory);
            await site.StartEmulatorAsync(0);
            await site.StartServerAsync();
            site.Home = await site.SeedAsync("home");
            site.Other = await site.SeedAsync("other");
            if (provision)
            {
                await site.Phones.RegisterAsync(FirebaseAccount.First);
                (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();
            }
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server, if it runs, and starts it again on the same folder, on another port.</summary>
    public async Task RestartServerAsync()
    {
        await StopServerAsync();
        await StartServerAsync();
    }

    /// <summary>Starts a server that was stopped.</summary>
    public async Task StartServerAsync()
    {
        server = ServerHost.Build(new ServerOptions { DataDirectory = DataDirectory }, Clock, builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Firebase:TokenEndpoint"] = new Uri(emulatorAddress, "/token").AbsoluteUri,
                ["Firebase:SendEndpoint"] = emulatorAddress.AbsoluteUri,
                ["Firebase:InstallationsEndpoint"] = emulatorAddress.AbsoluteUri,
                ["Firebase:RegistrationsEndpoint"] = emulatorAddress.AbsoluteUri,
            });
            builder.Configuration.AddInMemoryCollection(settings);
            Capture(builder, ServerLog);
        });
        try
        {
            await server.StartAsync();
        }
        catch
        {
            await server.DisposeAsync();
            server = null;
            throw;
        }
    }

    /// <summary>Stops the server in good order.</summary>
    public async Task StopServerAsync()
    {
        if (server is not { } running) return;
        server = null;
        await running.StopAsync();
        await running.DisposeAsync();
    }

    /// <summary>Ends the emulator and starts it on the same port and data: inbox and accounts are there still, access tokens are not.</summary>
    public async Task RestartEmulatorAsync()
    {
        await StopEmulatorAsync();
        await StartEmulatorAsync();
    }

    /// <summary>Starts an emulator that was stopped, on the same port.</summary>
    public Task StartEmulatorAsync() => StartEmulatorAsync(emulatorAddress.Port);

    /// <summary>Ends the emulator: nobody listens where FCM was.</summary>
    public async Task StopEmulatorAsync()
    {
        if (emulator is not { } running) return;
        emulator = null;
        await running.StopAsync();
        await running.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The emulator first: a send that it holds by the fake clock would hold up the server.
        await StopEmulatorAsync();
        await StopServerAsync();
        http.Dispose();
        if (postgreSql is not null) await postgreSql.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task StartEmulatorAsync(int port)
    {
        var options = new EmulatorOptions { Port = port, DataDirectory = Path.Combine(folder.FullName, "emulator") };
        emulator = EmulatorHost.Build(options, Clock, builder => Capture(builder, EmulatorLog));
        await emulator.StartAsync();
        emulatorAddress = EmulatorHost.AddressOf(emulator);
    }

    private async Task<TenantClient> SeedAsync(string name)
    {
        var access = Services.GetRequiredService<IAccessStore>();
        var tenant = await access.AddTenantAsync(name, Now) ?? throw new InvalidOperationException($"There is a tenant {name} already.");
        var keys = new TenantKeys(
            tenant, await KeyAsync("app", ApiRights.Engagement), await KeyAsync("pbx", ApiRights.Agent),
            await KeyAsync("developer", ApiRights.Credentials), await KeyAsync("administrator", ApiRights.Management));
        return new TenantClient(http, () => ServerAddress, keys, answers);

        Task<string> KeyAsync(string holder, ApiRights rights) => AddKeyAsync(tenant, $"{name} {holder}", rights);
    }

    /// <summary>A further API key of a tenant.</summary>
    public async Task<string> AddKeyAsync(TenantId tenant, string name, ApiRights rights)
    {
        var key = ApiKey.New(tenant);
        await Services.GetRequiredService<IAccessStore>().AddKeyAsync(new ApiKeyRecord(tenant, Guid.CreateVersion7(Now), name, rights, ApiKey.Hash(key), Now, null));
        return key;
    }

    private static void Capture(WebApplicationBuilder builder, CapturedLog log)
    {
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddProvider(log);
    }
}
