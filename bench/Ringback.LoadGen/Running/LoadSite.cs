using System.Globalization;
using Ringback.LoadGen.Receiving;
using Ringback.Measuring;

namespace Ringback.LoadGen.Running;

/// <summary>The real program and a receiver as processes of their own, with credentials and queues, ready for load.</summary>
internal sealed class LoadSite : IAsyncDisposable
{
    private const string Project = "bench";

    /// <summary>Long enough that a push about a failed attempt means something for a while; short enough that the retries belong to the run.</summary>
    private const int RetrySeconds = 5;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-load-");
    private BenchServer? server;
    private ChildProgram? receiver;
    private ArrivalLog? arrivals;
    private LoadTenant? tenant;

    private LoadSite()
    {
    }

    public ChildProgram Server => server!.Process;

    public ChildProgram Receiver => receiver!;

    public ArrivalLog Arrivals => arrivals!;

    public LoadTenant Tenant => tenant!;

    /// <summary>Speaks as PBX and administrator.</summary>
    public HttpClient Management => Tenant.Management;

    public PostgresUsage? Postgres { get; private set; }

    /// <summary>On the same disk as the database.</summary>
    public string PeerFolder => folder.FullName;

    private string SyncLog => Path.Combine(folder.FullName, "syncs");

    public static async Task<LoadSite> StartAsync(LoadOptions options)
    {
        var site = new LoadSite();
        try
        {
            await site.StartReceiverAndServerAsync(options);
            for (var queue = 0; queue < options.Queues + LoadOptions.WarmUpQueues; queue++)
            {
                await site.Tenant.AddQueueAsync(QueueName(queue), new()
                {
                    ["maxAttempts"] = LoadPlan.MaxAttempts,
                    ["inFlightCap"] = 10_000,
                    ["retrySeconds"] = new { noAnswer = RetrySeconds, busy = RetrySeconds, declined = RetrySeconds, machine = RetrySeconds, trunkError = RetrySeconds },
                });
            }
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public static string QueueName(int queue) => string.Create(CultureInfo.InvariantCulture, $"load-{queue}");

    /// <summary>Reports a queue's live side such that the wait of the first <paramref name="below"/> callbacks in line is below the threshold.</summary>
    public Task ReportAsync(int queue, int below) => Tenant.ReportAsync(QueueName(queue), below);

    /// <summary>fsyncs of the server so far, or null where they are not counted.</summary>
    public long? CountSyncs()
    {
        if (!File.Exists(SyncLog)) return null;
        using var log = new StreamReader(new FileStream(SyncLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var syncs = 0L;
        // A call that another thread interrupts in the log takes a second line, "<... fsync resumed>".
        while (log.ReadLine() is { } line)
        {
            if (line.Contains("sync(", StringComparison.Ordinal)) syncs++;
        }
        return syncs;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        if (arrivals is not null) await arrivals.DisposeAsync();
        if (receiver is not null) await receiver.DisposeAsync();
        if (Postgres is not null) await Postgres.DisposeAsync();
        tenant?.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task StartReceiverAndServerAsync(LoadOptions options)
    {
        Uri send, token;
        if (options.Receiver == ReceiverKind.Bare)
        {
            receiver = ChildProgram.Start("Ringback.LoadGen/Ringback.LoadGen.dll", ["receive"]);
            var words = (await receiver.ReadyLineAsync()).Split(' ');
            (token, send) = (new Uri($"{words[^2]}/token"), new Uri(words[^1]));
            arrivals = new ArrivalLog(new BareInbox(new Uri(words[^2])));
        }
        else
        {
            receiver = ChildProgram.Start("Ringback.FcmEmulator/fcm-emulator.dll", ["--port", "0", "--any-account", "--data", Path.Combine(folder.FullName, "emulator"), "--end-with-stdin"]);
            send = new Uri((await receiver.ReadyLineAsync()).Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)));
            token = new Uri(send, "token");
            arrivals = new ArrivalLog(new EmulatorInbox(send));
        }
        var settings = new Dictionary<string, string>(BenchServer.WithoutThrottles)
        {
            ["Firebase__TokenEndpoint"] = token.ToString(),
            ["Firebase__SendEndpoint"] = send.ToString(),
            // FCM's limits are no part of what the server can do.
            ["Delivery__MessagesPerMinute"] = "60000000",
            ["Delivery__RampUpSeconds"] = "0",
        };
        server = await BenchServer.StartAsync(options.Postgres, settings, options.CountSyncs && options.Postgres is null ? SyncLog : null);
        tenant = new LoadTenant(server, server.Keys[0]);
        if (options.Postgres is not null) Postgres = new PostgresUsage(options.Postgres);
        await tenant.StoreCredentialsAsync(Project);
    }
}
