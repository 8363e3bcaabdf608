using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Ringback.LoadGen.Receiving;

/// <summary>
/// FCM's success and nothing else: a bare Kestrel endpoint that reads each message, notes it in memory and answers at once. Two ports, because without
/// TLS a port speaks one protocol: HTTP/2 for messages, HTTP/1.1 for the token and for those who ask what arrived. Runs as a process of its own, so
/// that its CPU time is told apart.
/// </summary>
internal sealed class BareReceiver
{
    /// <summary>FCM's own limit on one connection.</summary>
    public const int StreamsPerConnection = 100;

    private static readonly byte[] token = """{"access_token":"bench-"""u8.ToArray();
    private readonly bool forgets;
    private readonly TimeSpan latency;
    private readonly byte[] tokenAnswer;
    private readonly Lock gate = new();
    private readonly List<Arrival> arrivals = [];
    private long accepted;
    private int connections;

    // A real access token is about 1 KiB, a cost of its own on the wire.
    private BareReceiver(bool forgets, TimeSpan latency) => (this.forgets, this.latency, tokenAnswer) = (forgets, latency, [.. token, .. Enumerable.Repeat((byte)'t', 1_000), .. "\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"u8]);

    /// <summary>Serves until standard input ends.</summary>
    /// <param name="forgets">Reads the messages and keeps none: for loops of millions.</param>
    /// <param name="latency">Between a message and its answer, as Google's distance would make it.</param>
    /// <param name="cancellation">Ends it too.</param>
    public static async Task<int> RunAsync(bool forgets, TimeSpan latency, CancellationToken cancellation)
    {
        var receiver = new BareReceiver(forgets, latency);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
            kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, port =>
            {
                port.Protocols = HttpProtocols.Http2;
                port.Use(next => connection =>
                {
                    Interlocked.Increment(ref receiver.connections);
                    return next(connection);
                });
            });
        });
        await using var app = builder.Build();
        app.Run(receiver.ServeAsync);
        await app.StartAsync(cancellation);
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToList();
        await Console.Out.WriteLineAsync($"receiver is ready on {addresses[0]} {addresses[1]}");
        await using var input = Console.OpenStandardInput();
        var ignored = new byte[16];
        while (await input.ReadAsync(ignored, cancellation) > 0)
        {
        }
        await app.StopAsync(CancellationToken.None);
        return 0;
    }

    private Task ServeAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/token" => AnswerTokenAsync(context),
        "/arrivals" => AnswerArrivalsAsync(context),
        "/connections" => context.Response.WriteAsync(Volatile.Read(ref connections).ToString(CultureInfo.InvariantCulture)),
        _ => TakeAsync(context),
    };

    private async Task TakeAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        ReadResult read;
        while (!(read = await body.ReadAsync()).IsCompleted) body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        var arrival = forgets ? null : MessageReader.Read(read.Buffer, TimeProvider.System.GetUtcNow());
        body.AdvanceTo(read.Buffer.End);
        if (arrival is not null)
        {
            lock (gate) arrivals.Add(arrival);
        }
        if (latency > TimeSpan.Zero) await Task.Delay(latency, TimeProvider.System);
        context.Response.ContentType = "application/json; charset=UTF-8";
        var name = string.Create(CultureInfo.InvariantCulture, $$"""{"name":"projects/bench/messages/0:{{Interlocked.Increment(ref accepted):x16}}"}""");
        Encoding.ASCII.GetBytes(name, context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync();
    }

    private async Task AnswerTokenAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(tokenAnswer);
    }

    /// <summary>One line an arrival, beginning after the number that the asker has.</summary>
    private async Task AnswerArrivalsAsync(HttpContext context)
    {
        var after = int.Parse(context.Request.Query["after"].ToString(), CultureInfo.InvariantCulture);
        Arrival[] news;
        lock (gate) news = [.. arrivals[after..]];
        context.Response.ContentType = "text/plain";
        foreach (var arrival in news) await context.Response.WriteAsync(BareInbox.Line(arrival));
    }
}
