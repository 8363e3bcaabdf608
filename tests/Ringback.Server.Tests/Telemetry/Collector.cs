using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ringback.Server.Tests.Telemetry;

/// <summary>An OpenTelemetry collector as far as OTLP over HTTP goes: takes what comes and keeps it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, string Body)> received = new();

    private Collector(WebApplication app) => this.app = app;

    /// <summary>The standard variables that lead here.</summary>
    public IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = app.Urls.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new Collector(app);
        app.MapPost("/v1/{signal}", collector.TakeAsync);
        await app.StartAsync();
        return collector;
    }

    /// <summary>What came for a signal. Texts stand in the protobuf messages as they are, so they can be looked for.</summary>
    public string Received(string signal) => string.Join('\n', received.Where(r => r.Path == $"/v1/{signal}").Select(r => r.Body));

    /// <summary>Waits until a text has come.</summary>
    public Task WaitForAsync(string signal, string text) => Eventually.GetAsync(
        () => Task.FromResult(Received(signal).Contains(text, StringComparison.Ordinal) ? text : null), $"{text} among the {signal}");

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        received.Enqueue((request.Path, Encoding.Latin1.GetString(body.ToArray())));
        return Results.Bytes([], "application/x-protobuf");
    }
}
