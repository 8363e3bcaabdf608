using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
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
using Ringback.Storage.Cluster;
using Ringback.Storage.Delivery;
using Ringback.Storage.Dialects.PostgreSql;
using Ringback.Storage.Dialects.Sqlite;
using Ringback.Storage.Firebase;
using Ringback.Storage.Queues;

namespace Ringback.Storage;

/// <summary>Registers the stores that Engine declares.</summary>
public static class StorageServices
{
    /// <summary>
    /// The stores on a SQLite file. The file is taken when the first of them is asked for, and given free with the container; <see cref="IDatabaseSetup"/>
    /// must have brought the schema up before they are used. Needs our clock under <see cref="Clock.ServiceKey"/>.
    /// </summary>
    /// <param name="services">Where to register.</param>
    /// <param name="path">The database file; it need not exist, its folder must.</param>
    /// <param name="nodeId">Name of this process in delivery leases; another one after every start, so that a lease never outlives its holder.</param>
    public static IServiceCollection AddSqlite(this IServiceCollection services, string path, string nodeId) =>
        services.AddDatabase(_ => SqliteDatabase.Open(path)).AddStores(nodeId);

    /// <summary>The stores on a PostgreSQL database, which other processes may share. Otherwise as <see cref="AddSqlite"/>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="connectionString">How the database is reached.</param>
    /// <param name="nodeId">Name of this process in delivery leases; another one after every start.</param>
    public static IServiceCollection AddPostgreSql(this IServiceCollection services, string connectionString, string nodeId) =>
        services.AddDatabase(_ => PostgreSqlDatabase.Open(connectionString)).AddStores(nodeId);

    /// <summary>The stores on the database that <see cref="StorageOptions"/> names. Read when the first store is asked for, so that all of the configuration counts.</summary>
    /// <param name="services">Where to register. Needs the configuration.</param>
    /// <param name="sqliteFile">The database file where the provider is SQLite.</param>
    /// <param name="nodeId">Name of this process in delivery leases; another one after every start.</param>
    public static IServiceCollection AddConfiguredDatabase(this IServiceCollection services, string sqliteFile, string nodeId)
    {
        services.AddOptions<StorageOptions>()
            .BindConfiguration(StorageOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsRules>();
        return services.AddDatabase(s => s.GetRequiredService<IOptions<StorageOptions>>().Value switch
        {
            { Provider: StorageProvider.PostgreSql } chosen => PostgreSqlDatabase.Open(chosen.ConnectionString!),
            _ => (IDatabase)SqliteDatabase.Open(sqliteFile),
        }).AddStores(nodeId);
    }

    private static IServiceCollection AddDatabase(this IServiceCollection services, Func<IServiceProvider, IDatabase> open) =>
        services.AddSingleton(open).AddSingleton(s => (IDatabaseSetup)s.GetRequiredService<IDatabase>());

    /// <summary>What is the same on every database.</summary>
    private static IServiceCollection AddStores(this IServiceCollection services, string nodeId)
    {
        services.AddSingleton<ICallbackStore>(s => new CallbackStore(s.GetRequiredService<IDatabase>(), nodeId, OurClock(s)));
        services.AddSingleton<IDeliveryStore>(s => new DeliveryStore(s.GetRequiredService<IDatabase>(), OurClock(s)));
        services.AddSingleton<ICallbackConcernsStore, CallbackConcernsStore>();
        services.AddSingleton<IPushLogStore>(s => new PushLogStore(s.GetRequiredService<IDatabase>(), OurClock(s)));
        services.AddSingleton<IPauseStore, PauseStore>();
        services.AddSingleton<IAuditStore, AuditStore>();
        services.AddSingleton<IPushHistoryStore, PushHistoryStore>();
        services.AddSingleton<IPersonalDataStore, PersonalDataStore>();
        services.AddSingleton<IQueueStore, QueueStore>();
        services.AddSingleton<IForecastStore, ForecastStore>();
        services.AddSingleton<ICallInStore, CallInStore>();
        services.AddSingleton<IAccessStore, AccessStore>();
        services.AddSingleton<IUserAccountStore, UserAccountStore>();
        services.AddSingleton<IKeyRingStore, KeyRingStore>();
        services.AddSingleton<ICredentialStore, CredentialStore>();
        services.AddSingleton<IPushApps, CredentialStore>();
        services.AddSingleton<ISealedStore, SealedStore>();
        services.AddSingleton<IBrowserTestStore, BrowserTestStore>();
        services.AddSingleton<IMasterKeyStore, MasterKeyStore>();
        return services;
    }

    private static TimeProvider OurClock(IServiceProvider services) => services.GetRequiredKeyedService<TimeProvider>(Clock.ServiceKey);
}
