using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Clock;
using Ringback.FcmEmulator.Counters;
using Ringback.FcmEmulator.Devices;
using Ringback.FcmEmulator.Faults;
using Ringback.FcmEmulator.Inbox;
using Ringback.FcmEmulator.Journal;
using Ringback.FcmEmulator.OAuth;
using Ringback.FcmEmulator.Page;
using Ringback.FcmEmulator.PushService;
using Ringback.FcmEmulator.Send;
using Ringback.FcmEmulator.Web;
using Ringback.FcmEmulator.WebPush;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>Puts an emulator together: for the program itself, and in-process for the tests of other projects.</summary>
public static class EmulatorHost
{
    /// <summary>Bodies above this are answered with 413, on every path.</summary>
    internal const int MaxBodyBytes = 64 * 1024;

    /// <summary>FCM's own limit on one connection.</summary>
    private const int StreamsPerConnection = 100;

    /// <summary>Builds an emulator that listens on a real socket once it is started; <see cref="AddressOf"/> then says where.</summary>
    /// <param name="options">Where it listens and what it keeps.</param>
    /// <param name="clock">The clock of everything the emulator decides, waits for and writes down.</param>
    /// <param name="configure">Last word on the builder, for logging say.</param>
    /// <exception cref="EmulatorStartException">The data folder or an account file cannot be used.</exception>
    public static WebApplication Build(EmulatorOptions options, TimeProvider clock, Action<WebApplicationBuilder>? configure = null)
    {
        // The empty builder reads no appsettings.json and no environment of the program that happens to host the emulator.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "fcm-emulator" });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, options));
        AddServices(builder.Services, options, clock);
        configure?.Invoke(builder);

        var app = builder.Build();
        try
        {
            app.Services.GetRequiredService<EmulatorState>().Open(options);
        }
        catch
        {
            ((IDisposable)app).Dispose();
            throw;
        }

        app.UseMiddleware<AnswerFaults>();
        app.UseMiddleware<WebCors>();
        // Browsers open the push service with GET; the other requests, sends above all, need not be asked whether they are one.
        app.UseWhen(context => HttpMethods.IsGet(context.Request.Method), browsers => browsers.UseWebSockets());
        app.UseRouting();
        TokenEndpoint.Map(app);
        SendEndpoint.Map(app);
        QuotaEndpoints.Map(app);
        FaultEndpoints.Map(app);
        FaultRuleEndpoints.Map(app);
        ClockEndpoints.Map(app);
        DeviceEndpoints.Map(app);
        CounterEndpoints.Map(app);
        InstallationEndpoints.Map(app);
        RegistrationEndpoints.Map(app);
        WebPushKeyEndpoints.Map(app);
        WebApps.Map(app);
        PushServiceEndpoints.Map(app);
        InboxEndpoints.Map(app);
        AccountEndpoints.Map(app);
        PageEndpoints.Map(app);
        return app;
    }

    /// <summary>The address of a started emulator, for example <c>http://127.0.0.1:9099</c>.</summary>
    public static Uri AddressOf(WebApplication app) => new(app.Urls.First());

    /// <summary>The address of the TLS listener of a started emulator; null if it has none.</summary>
    public static Uri? TlsAddressOf(WebApplication app)
        => app.Urls.FirstOrDefault(url => url.StartsWith("https:", StringComparison.Ordinal)) is { } url ? new Uri(url) : null;

    private static void Listen(KestrelServerOptions kestrel, EmulatorOptions options)
    {
        var services = kestrel.ApplicationServices;
        var protocols = services.GetRequiredService<ProtocolSwitch>();
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = SchemeText.Select;
        kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        kestrel.Listen(options.Address, options.Port, port =>
        {
            port.Protocols = HttpProtocols.Http1;
            port.Use(http1 => connection => protocols.DispatchAsync(connection, http1));
        });
        kestrel.Listen(new Http2EndPoint(PortAddress), http2 => http2.Protocols = HttpProtocols.Http2);
        if (options.TlsPort is { } tlsPort)
        {
            kestrel.Listen(options.Address, tlsPort, tls =>
            {
                tls.Protocols = HttpProtocols.Http1AndHttp2;
                tls.UseHttps(services.GetRequiredService<TlsCertificate>().Certificate);
            });
        }

        string PortAddress()
        {
            var addresses = services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
            return addresses.FirstOrDefault() is { } first ? new Uri(first).Authority : "";
        }
    }

    private static void AddServices(IServiceCollection services, EmulatorOptions options, TimeProvider clock)
    {
        services.AddSingleton(new EmulatorClock(clock));
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<EmulatorClock>());
        services.AddSingleton(options);
        services.AddSingleton<ProtocolSwitch>();
        services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<ProtocolSwitch>());
        services.AddSingleton<EmulatorState>();
        services.AddSingleton<AccountRegistry>();
        services.AddSingleton<MessageInbox>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<AssertionCheck>();
        services.AddSingleton<DeviceRegistry>();
        services.AddSingleton<SendCounters>();
        services.AddSingleton<ProjectQuota>();
        services.AddSingleton<FaultSwitch>();
        services.AddSingleton<FaultRules>();
        services.AddSingleton<FaultEffects>();
        services.AddSingleton<FlakyCounts>();
        services.AddSingleton<InstallationTokens>();
        services.AddSingleton<WebApps>();
        services.AddSingleton<WebPushKeys>();
        services.AddSingleton<WebPushDelivery>();
        services.AddSingleton<PushChannels>();
        // The key pair is good by the real clock, whatever the emulator's says: browsers compare with theirs.
        services.AddSingleton(new TlsCertificate(TimeProvider.System));
        services.AddRoutingCore();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
    }
}
