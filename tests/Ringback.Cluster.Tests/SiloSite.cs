using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Ringback.Cluster.Silo;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Storage;

namespace Ringback.Cluster.Tests;

/// <summary>A real local silo over a real SQLite file, with our clock in the test's hand and the database's failures too.</summary>
internal sealed class SiloSite : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ringback-silo-").FullName;
    private IHost host = null!;

    private SiloSite()
    {
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public FaultyStore Store { get; private set; } = null!;

    public QueueKey Queue { get; private set; }

    public IQueueOwners Owners => host.Services.GetRequiredService<IQueueOwners>();

    public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

    public static async Task<SiloSite> StartAsync(QueueSettings? settings = null)
    {
        var site = new SiloSite();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedSingleton<TimeProvider>(Engine.Clock.ServiceKey, site.Clock);
        builder.Services.AddSqlite(Path.Combine(site.folder, "ringback.db"), "node-1");
        builder.Services.AddSingleton(new DeliveryHandover(1_000));
        builder.Logging.SetMinimumLevel(LogLevel.None);
        // The last registration wins: the real store stays underneath.
        var real = builder.Services.Last(service => service.ServiceType == typeof(ICallbackStore));
        builder.Services.AddSingleton<ICallbackStore>(services => site.Store = new FaultyStore((ICallbackStore)real.ImplementationFactory!(services)));
        builder.AddCluster(new ClusterSettings(), connectionString: null);
        site.host = builder.Build();
        await site.Get<IDatabaseSetup>().MigrateAsync();
        var now = site.Clock.Now();
        var tenant = (await site.Get<IAccessStore>().AddTenantAsync("test", now))!.Value;
        site.Queue = (await site.Get<IQueueStore>().AddAsync(tenant, "support", settings ?? new QueueSettings(), "test", now))!.Key;
        await site.host.StartAsync();
        return site;
    }

    public Task<Answer<CreatedCallback>> CreateAsync(string number = "+14155550123") => Owners.Of(Queue).CreateAsync(New(number));

    public static NewCallback New(string number) => new()
    {
        PhoneNumber = number,
        Targets = [new PushTarget(PushTargetType.Token, $"token-{number}")],
        Details = new CallbackDetails(),
    };

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
