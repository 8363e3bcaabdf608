using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Ringback.LoadGen.Receiving;
using Ringback.LoadGen.Running;
using Ringback.Measuring;

namespace Ringback.LoadGen.Fairness;

/// <summary>
/// The real server with three who send: one is quiet, one has a flood, one has a key that Google refuses. Messages go to the bare receiver, which costs the least of the machine; access tokens come from
/// the emulator, which knows whose key was revoked.
/// </summary>
internal sealed class FairnessSite : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> parts = [];
    private readonly List<LoadTenant> tenants = [];

    private FairnessSite()
    {
    }

    public BenchServer Server { get; private set; } = null!;

    public ChildProgram Receiver { get; private set; } = null!;

    public ArrivalLog Arrivals { get; private set; } = null!;

    public PostgresUsage? Postgres { get; private set; }

    public QuietStream Quiet { get; private set; } = null!;

    public FloodSource Flood { get; private set; } = null!;

    public FloodSource Broken { get; private set; } = null!;

    public static async Task<FairnessSite> StartAsync(FairnessOptions options)
    {
        var site = new FairnessSite();
        try
        {
            await site.StartPartsAsync(options);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same server without a quota: only the machine bounds the flood.</summary>
    public async Task TakeQuotaAwayAsync()
    {
        await Server.Process.TerminateAsync();
        await Server.StartAgainAsync(new Dictionary<string, string> { ["Delivery__MessagesPerMinute"] = "60000000" });
    }

    /// <summary>Waits until nothing is on its way any more.</summary>
    public async Task RestAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        if (!await BurstPhase.RecordedAsync(tenants[0], patience.Token)) throw new InvalidOperationException("There are pushes on their way after two minutes; the next turn would be beside them.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var tenant in tenants) tenant.Dispose();
        foreach (var part in Enumerable.Reverse(parts)) await part.DisposeAsync();
    }

    private async Task StartPartsAsync(FairnessOptions options)
    {
        var emulator = Keep(ChildProgram.Start("Ringback.FcmEmulator/fcm-emulator.dll", ["--port", "0", "--end-with-stdin"]));
        var tokens = new Uri((await emulator.ReadyLineAsync()).Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)));
        Receiver = Keep(ChildProgram.Start("Ringback.LoadGen/Ringback.LoadGen.dll", ["receive"]));
        var words = (await Receiver.ReadyLineAsync()).Split(' ');
        Arrivals = Keep(new ArrivalLog(new BareInbox(new Uri(words[^2]))));
        Server = Keep(await BenchServer.StartAsync(options.Postgres, new Dictionary<string, string>(BenchServer.WithoutThrottles)
        {
            ["Firebase__TokenEndpoint"] = new Uri(tokens, "token").ToString(),
            ["Firebase__SendEndpoint"] = words[^1],
            ["Delivery__MessagesPerMinute"] = (options.FloodPerSecond * 60).ToString(CultureInfo.InvariantCulture),
            ["Delivery__RampUpSeconds"] = "0",
        }, null, options.AreApps ? [] : ["flood", "broken"]));
        tenants.AddRange(Server.Keys.Select(keys => new LoadTenant(Server, keys)));
        if (options.Postgres is not null) Postgres = Keep(new PostgresUsage(options.Postgres));
        using var accounts = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = tokens };
        await StoreKeyAsync(accounts, tenants[0], "quiet", null, isRevoked: false);
        await StoreKeyAsync(accounts, tenants[options.AreApps ? 0 : 1], "flood", options.AreApps ? "flood" : null, isRevoked: false);
        await StoreKeyAsync(accounts, tenants[^1], "broken", options.AreApps ? "broken" : null, isRevoked: true);
        Quiet = new QuietStream(tenants[0], options);
        Flood = new FloodSource(tenants[options.AreApps ? 0 : 1], "flood", options.AreApps ? "flood" : null, timeToLiveSeconds: null);
        // What a broken key holds back ends with its turn, so that the next turn is not beside it.
        Broken = new FloodSource(tenants[^1], "broken", options.AreApps ? "broken" : null, timeToLiveSeconds: options.Seconds + 2);
        await Quiet.AddQueuesAsync();
        await Flood.AddQueuesAsync();
        await Broken.AddQueuesAsync();
    }

    private T Keep<T>(T part) where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    private static async Task StoreKeyAsync(HttpClient accounts, LoadTenant tenant, string name, string? firebaseApp, bool isRevoked)
    {
        using var minted = await accounts.PostAsJsonAsync("accounts", new { projectId = $"bench-{name}" });
        minted.EnsureSuccessStatusCode();
        var account = await minted.Content.ReadFromJsonAsync<JsonElement>();
        if (isRevoked)
        {
            using var revoked = await accounts.DeleteAsync(new Uri($"accounts/{Uri.EscapeDataString(account.GetProperty("client_email").GetString()!)}", UriKind.Relative));
            revoked.EnsureSuccessStatusCode();
        }
        await tenant.StoreCredentialsAsync(new { serviceAccount = account, force = isRevoked }, firebaseApp);
    }
}
