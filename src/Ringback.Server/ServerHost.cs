using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Ringback.Cluster.Silo;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Callbacks.Api;
using Ringback.Server.CallIn.Api;
using Ringback.Server.Commands;
using Ringback.Server.Delivery.Api;
using Ringback.Server.Demo;
using Ringback.Server.Firebase;
using Ringback.Server.Firebase.Api;
using Ringback.Server.Notifications.Api;
using Ringback.Server.Queues.Api;
using Ringback.Server.Telemetry;
using Ringback.Server.Web;
using Ringback.Storage;

namespace Ringback.Server;

/// <summary>Puts a server together: for the program itself, and in-process for tests.</summary>
public static class ServerHost
{
    /// <summary>Builds a server that listens once it is started.</summary>
    /// <param name="options">Data folder and address.</param>
    /// <param name="clock">The clock of everything that Ringback decides; the frameworks keep their own.</param>
    /// <param name="configure">Last word on the builder, for settings and logging say.</param>
    public static WebApplication Build(ServerOptions options, TimeProvider clock, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "ringback", ContentRootPath = AppContext.BaseDirectory });
        AddSettings(builder.Configuration, options);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        // Run from the build output, the files of packages lie where the packages are; from publish, all of them are in wwwroot.
        builder.WebHost.UseStaticWebAssets();
        // Else the build output serves files that appear while it runs, through a route that takes every path and turns an unknown call's 404 into 405.
        builder.Configuration.AddInMemoryCollection([new("ReloadStaticAssetsAtRuntime", "false")]); // Set by its name it would stand in every source, the administrator's file too.
        AddServices(builder.Services, options, clock);
        WebPages.AddServices(builder.Services);
        AddCluster(builder);
        configure?.Invoke(builder);
        TelemetryServices.Add(builder.Services, builder.Configuration);

        var app = builder.Build();
        try
        {
            ServerSettings.Require(app.Services);
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }
        // Whoever changes the credentials wakes what waits for them, whichever way the change came.
        app.Services.GetRequiredService<CredentialService>().Changed += tenant => _ = app.Services.GetRequiredService<DeliveryLoop>().WakeAsync(tenant);
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        HealthEndpoints.Map(app);
        TelemetryServices.Map(app);
        CallbackEndpoints.Map(app);
        QueueEndpoints.Map(app);
        AvailabilityEndpoints.Map(app);
        CallInEndpoints.Map(app);
        CredentialEndpoints.Map(app);
        CredentialTestEndpoints.Map(app);
        NotificationEndpoints.Map(app);
        DeliveriesEndpoints.Map(app);
        PauseEndpoints.Map(app);
        PushTargetEndpoints.Map(app);
        PersonalDataEndpoints.Map(app);
        AuditEndpoints.Map(app);
        CustomerPage.Map(app);
        WebPages.Map(app);
        return app;
    }

    /// <summary>The silo is put together before the container is, so its section is read by hand; the check of all sections names what is wrong in it.</summary>
    private static void AddCluster(WebApplicationBuilder builder)
    {
        var cluster = new ClusterSettings();
        var storage = new StorageOptions();
        try
        {
            builder.Configuration.GetSection(ClusterSettings.Section).Bind(cluster);
            builder.Configuration.GetSection(StorageOptions.Section).Bind(storage);
        }
        catch (InvalidOperationException)
        {
            // A value that cannot be read is one of the mistakes that are named before anything starts.
        }
        builder.AddCluster(cluster, storage.ConnectionString);
    }

    /// <summary>Where settings come from: the file, and the environment above it.</summary>
    internal static IConfigurationBuilder AddSettings(IConfigurationBuilder settings, ServerOptions options)
    {
        if (options.ConfigFile is { } file) settings.AddJsonFile(Path.GetFullPath(file), optional: false);
        return TelemetryServices.AddStandardVariables(settings).AddEnvironmentVariables("RINGBACK_");
    }

    /// <summary>The services of a server without its web side; the commands use them too.</summary>
    internal static void AddServices(IServiceCollection services, ServerOptions options, TimeProvider clock)
    {
        var node = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        var site = new SiteClock(clock);
        services.AddSingleton(site);
        services.AddKeyedSingleton<TimeProvider>(Clock.ServiceKey, site);
        services.AddSingleton(options);
        services.AddConfiguredDatabase(options.DatabaseFile, node);
        services.AddSingleton(new DeliveryNode(node));

        services.AddOptions<DeliveryOptions>()
            .BindConfiguration(DeliveryOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<ThrottleOptions>()
            .BindConfiguration(ThrottleOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<RetentionOptions>()
            .BindConfiguration(RetentionOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<TelemetryOptions>()
            .BindConfiguration(TelemetryOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddOptions<ClusterSettings>().BindConfiguration(ClusterSettings.Section);
        services.AddSingleton<IValidateOptions<ClusterSettings>, ClusterSettingsRules>();
        services.AddOptions<CustomerPageOptions>().BindConfiguration(CustomerPageOptions.Section);
        services.AddSingleton<IValidateOptions<CustomerPageOptions>, CustomerPageOptionsRules>();
        services.AddSingleton(s => new DeliveryHandover(s.GetRequiredService<IOptions<DeliveryOptions>>().Value.HandoverCapacity));
        services.AddSingleton<CallbackService>();
        services.AddSingleton<WishService>();
        services.AddSingleton<AttemptService>();
        services.AddSingleton<QueueService>();
        services.AddSingleton<SettingsImport>();
        services.AddSingleton<ForecastService>();
        services.AddSingleton<AvailabilityService>();
        services.AddSingleton<CallInService>();
        services.AddSingleton<CallInMatcher>();
        services.AddSingleton<TenantThrottle>();
        services.AddSingleton<ApiKeyReader>();
        services.AddSingleton<DeliveryPauses>();
        services.AddSingleton<PushTargetService>();
        services.AddSingleton<PushHistory>();
        services.AddSingleton<PersonalData>();
        services.AddMetrics();
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<CallbackMetrics>();
        services.AddSingleton<DeliveryLoop>();
        services.AddSingleton<PushLogService>();
        services.AddSingleton<PublishService>();
        FirebaseServices.Add(services, _ => MasterKey.LoadOrCreate(options.MasterKeyFile), _ => MasterKeyFiles.OthersOf(options.MasterKeyFile));

        // In this order at start, backwards at the end: the schema, then who sends, then (in AddCluster) who decides.
        services.AddHostedService<DatabaseStart>();
        services.AddHostedService(s => s.GetRequiredService<DeliveryLoop>());
        services.AddHostedService<Housekeeping>();
        services.AddHostedService(s => s.GetRequiredService<CredentialWatch>());
        services.AddHostedService<OutboxWatch>();
        services.AddHostedService<CallbackWatch>();
        services.AddRoutingCore();
        // The most that delivery waits for, and some time for the last results and everybody else. Its own setting is not looked at here: the host is built before settings are judged.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(DeliveryOptions.MostDrainSeconds + 8));
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes;
        kestrel.Listen(options.Address, options.Port);
    }
}
