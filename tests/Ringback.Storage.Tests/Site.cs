using Microsoft.Extensions.Time.Testing;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Engine.Queues;
using Ringback.Storage.Access;
using Ringback.Storage.Callbacks;
using Ringback.Storage.CallIn;
using Ringback.Storage.Delivery;
using Ringback.Storage.Firebase;
using Ringback.Storage.Queues;

namespace Ringback.Storage.Tests;

/// <summary>A migrated database with its stores and two tenants. One subclass per kind of database.</summary>
internal abstract class Site : IAsyncDisposable
{
    public static readonly TenantId Tenant = new(1);
    public static readonly TenantId OtherTenant = new(2);

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now => Clock.Now();

    public abstract IDatabase Database { get; }

    public ICallbackStore Callbacks => CallbacksOf("node-a");

    public IDeliveryStore Delivery => new DeliveryStore(Database, Clock);

    public IPushLogStore PushLog => new PushLogStore(Database, Clock);

    public IPushHistoryStore PushHistory => new PushHistoryStore(Database);

    public IPersonalDataStore PersonalData => new PersonalDataStore(Database);

    public IPauseStore Pauses => new PauseStore(Database);

    public IAuditStore Audit => new AuditStore(Database);

    public IForecastStore Forecasts => new ForecastStore(Database);

    public IQueueStore Queues => new QueueStore(Database);

    public ICallInStore CallIn => new CallInStore(Database);

    public IBrowserTestStore BrowserTests => new BrowserTestStore(Database);

    public IUserAccountStore Users => new UserAccountStore(Database);

    public IKeyRingStore KeyRing => new KeyRingStore(Database);

    public IAccessStore Access => new AccessStore(Database);

    /// <summary>The store as another process sees it.</summary>
    public ICallbackStore CallbacksOf(string node) => new CallbackStore(Database, node, Clock);

    /// <summary>Closes the database and opens it again, as a restart does.</summary>
    public abstract Task ReopenAsync();

    public abstract ValueTask DisposeAsync();

    public async Task<QueueKey> AddQueueAsync(TenantId tenant, string name = "support") =>
        (await Queues.AddAsync(tenant, name, new QueueSettings(), "test", Now))!.Key;

    /// <summary>Activates the queue and commits as its owner.</summary>
    public async Task CommitAsync(QueueKey queue, params Change[] changes) =>
        await Callbacks.CommitAsync(queue, (await Callbacks.ActivateAsync(queue))!.Epoch, changes);

    protected async Task AddTenantsAsync()
    {
        Assert.Equal(Tenant, await Access.AddTenantAsync("first", Now));
        Assert.Equal(OtherTenant, await Access.AddTenantAsync("second", Now));
    }
}
