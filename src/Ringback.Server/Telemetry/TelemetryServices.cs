using System.Collections;
using System.Diagnostics.Metrics;
using System.Reflection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Telemetry;

/// <summary>
/// OpenTelemetry: metrics for whoever fetches <c>/metrics</c>; metrics and traces, where the standard variables name a collector, sent to it by OTLP.
/// </summary>
internal static class TelemetryServices
{
    /// <summary>Where Prometheus fetches the metrics.</summary>
    public const string MetricsPath = "/metrics";

    /// <summary>The standard variables begin so.</summary>
    private const string StandardPrefix = "OTEL_";

    /// <summary>Ours, and those of the framework whose labels are bounded and hold nothing that a caller sends.</summary>
    private static readonly string[] meters = [DeliveryMetrics.MeterName, FirebaseMetrics.MeterName, CallbackMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    /// <summary>The way of a push: the request, the queue's owner, the send.</summary>
    private static readonly string[] sources = ["Microsoft.AspNetCore", "Microsoft.Orleans.Application", DeliveryTraces.SourceName];

    /// <summary>
    /// Takes the standard variables into the configuration, where the libraries look for them: the server reads no other variables than those that begin with its own name.
    /// </summary>
    public static IConfigurationBuilder AddStandardVariables(IConfigurationBuilder settings) => settings.AddInMemoryCollection(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(v => ((string)v.Key).StartsWith(StandardPrefix, StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value)));

    /// <summary>Adds what collects. Comes after everything that changes the configuration.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOpenTelemetry()
            // The variables last: OTEL_SERVICE_NAME outranks our own name.
            .ConfigureResource(resource => resource.Clear().AddService("ringback", serviceVersion: Version).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(meters).AddPrometheusExporter(prometheus =>
                {
                    // No name of ours stands in two meters.
                    prometheus.ScopeInfoEnabled = false;
                    // A scrape reads memory only; an older answer would tell a second reader what is no longer so.
                    prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
                });
                if (IsSent(configuration, "METRICS")) metrics.AddOtlpExporter();
            });
        if (IsSent(configuration, "TRACES"))
            services.AddOpenTelemetry().WithTracing(traces => traces.AddSource(sources).AddOtlpExporter());
        // Several servers in one process, as in tests, do not count each other's pushes. What belongs to no factory is the process's own.
        services.ConfigureOpenTelemetryMeterProvider((provider, metrics) =>
        {
            var own = provider.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, own) ? null : MetricStreamConfiguration.Drop);
        });
    }

    /// <summary>Maps <c>/metrics</c>.</summary>
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPrometheusScrapingEndpoint(MetricsPath, meterProvider: null, configureBranchedPipeline: branch => branch.UseMiddleware<MetricsAccess>(), optionsName: null);

    private static string Version => typeof(TelemetryServices).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>Whether the standard variables name a collector for a signal. Without one the library would try the default address for ever.</summary>
    private static bool IsSent(IConfiguration configuration, string signal) =>
        !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && !(string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) && string.IsNullOrEmpty(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]));
}
