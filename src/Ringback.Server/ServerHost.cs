using Microsoft.AspNetCore.Server.Kestrel.Core;
using Ringback.Cluster.Silo;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.CallIn.Api;
using Ringback.Server.Callbacks.Api;
using Ringback.Server.Firebase.Api;
using Ringback.Server.Queues.Api;
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
        if (options.ConfigFile is { } file) builder.Configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
        builder.Configuration.AddEnvironmentVariables("RINGBACK_");
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        // Run from the build output, the files of packages lie where the packages are; from publish, all of them are in wwwroot.
        builder.WebHost.UseStaticWebAssets();
        AddServices(builder.Services, options, clock);
        WebPages.AddServices(builder.Services);
        builder.AddCluster(new ClusterSettings(), connectionString: null);
        configure?.Invoke(builder);

        var app = builder.Build();
        // Whoever changes the credentials wakes what waits for them, whichever way the change came.
        app.Services.GetRequiredService<CredentialService>().Changed += tenant => _ = app.Services.GetRequiredService<DeliveryLoop>().WakeAsync(tenant);
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        HealthEndpoints.Map(app);
        CallbackEndpoints.Map(app);
        QueueEndpoints.Map(app);
        CallInEndpoints.Map(app);
        CredentialEndpoints.Map(app);
        WebPages.Map(app);
        return app;
    }

    /// <summary>The services of a server without its web side; the commands use them too.</summary>
    internal static void AddServices(IServiceCollection services, ServerOptions options, TimeProvider clock)
    {
        var node = new DeliveryNode(Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), IsAlone: true);
        services.AddKeyedSingleton(Clock.ServiceKey, clock);
        services.AddSingleton(options);
        services.AddSingleton(node);
        services.AddSqlite(options.DatabaseFile, node.Id);

        services.AddOptions<DeliveryOptions>()
            .BindConfiguration(DeliveryOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(s => new DeliveryHandover(s.GetRequiredService<Microsoft.Extensions.Options.IOptions<DeliveryOptions>>().Value.HandoverCapacity));
        services.AddSingleton<CallbackService>();
        services.AddSingleton<AttemptService>();
        services.AddSingleton<QueueService>();
        services.AddSingleton<CallInService>();
        services.AddSingleton<ApiKeyReader>();
        services.AddSingleton<DeliveryLoop>();
        FirebaseServices.Add(services, _ => MasterKey.LoadOrCreate(options.MasterKeyFile));

        // In this order at start, backwards at the end: the schema, then who sends, then (in AddCluster) who decides.
        services.AddHostedService<DatabaseStart>();
        services.AddHostedService(s => s.GetRequiredService<DeliveryLoop>());
        services.AddRoutingCore();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
    }

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes;
        kestrel.Listen(options.Address, options.Port);
    }

    /// <summary>Brings the schema up before anything reads or writes.</summary>
    private sealed class DatabaseStart(IDatabaseSetup database) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => database.MigrateAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
