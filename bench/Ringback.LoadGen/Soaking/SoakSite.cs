using System.Globalization;
using Ringback.LoadGen.Receiving;
using Ringback.LoadGen.Running;
using Ringback.Measuring;

namespace Ringback.LoadGen.Soaking;

/// <summary>The real server and the real emulator as processes of their own. The server may end and begin again; who speaks to it waits.</summary>
internal sealed class SoakSite : IAsyncDisposable
{
    public const int Queues = 40;

    private const string Project = "soak";

    private SoakSite(BenchServer server, ChildProgram emulator, Uri emulatorAddress) =>
        (Server, Emulator, Arrivals, Faults) = (server, emulator, new ArrivalLog(new EmulatorInbox(emulatorAddress)), new SoakFaults(emulatorAddress));

    public BenchServer Server { get; }

    public ChildProgram Emulator { get; }

    public ArrivalLog Arrivals { get; }

    public SoakFaults Faults { get; }

    public LoadTenant Tenant { get; private set; } = null!;

    public static async Task<SoakSite> StartAsync(SoakOptions options)
    {
        // Without a file: what the emulator keeps is read while it comes, and its disk is not what is tried.
        var emulator = ChildProgram.Start("Ringback.FcmEmulator/fcm-emulator.dll", ["--port", "0", "--any-account", "--quota", "0", "--end-with-stdin"]);
        BenchServer? server = null;
        SoakSite? site = null;
        try
        {
            var address = new Uri((await emulator.ReadyLineAsync()).Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)));
            server = await BenchServer.StartAsync(options.Postgres, new Dictionary<string, string>(BenchServer.WithoutThrottles)
            {
                ["Firebase__TokenEndpoint"] = new Uri(address, "token").ToString(),
                ["Firebase__SendEndpoint"] = address.ToString(),
                ["Delivery__RampUpSeconds"] = "0", // After a restart it would hold the stream up for a minute, and nothing would be learnt.
            });
            site = new SoakSite(server, emulator, address);
            site.Tenant = new LoadTenant(site.Client(server.AppKey), site.Client(server.ManagementKey));
            await site.Tenant.StoreCredentialsAsync(Project);
            for (var queue = 0; queue < Queues; queue++) await site.Tenant.AddQueueAsync(QueueName(queue));
            return site;
        }
        catch
        {
            if (site is not null) await site.DisposeAsync();
            else
            {
                if (server is not null) await server.DisposeAsync();
                await emulator.DisposeAsync();
            }
            throw;
        }
    }

    public static string QueueName(int queue) => string.Create(CultureInfo.InvariantCulture, $"soak-{queue}");

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Arrivals.DisposeAsync();
        await Emulator.DisposeAsync();
        Faults.Dispose();
        Tenant?.Dispose();
    }

    private HttpClient Client(string key)
    {
        var http = Server.Client(key, inner => new PatientHandler(inner));
        http.Timeout = TimeSpan.FromMinutes(3); // The patience of the handler is shorter.
        return http;
    }
}
