using System.Reflection;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ringback.Browser.Tests;

/// <summary>The web site of an app that uses the SDK from npm, unchanged but for the address from which its modules import each other.</summary>
internal sealed class SdkSite : IAsyncDisposable
{
    private const string Cdn = "https://www.gstatic.com/firebasejs/12.19.0/";

    private readonly WebApplication _app;
    private readonly Channel<JsonNode> _background = Channel.CreateUnbounded<JsonNode>();

    private SdkSite(WebApplication app) => _app = app;

    /// <summary>Where npm's packages and the pages of the site are.</summary>
    public static string WebFolder { get; } = typeof(SdkSite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "WebFolder").Value!;

    /// <summary>A page on localhost counts as secure.</summary>
    public Uri Address => new(_app.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public static async Task<SdkSite> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var site = new SdkSite(app);
        app.UseRouting();
        app.MapGet("/empty", (RequestDelegate)(context => SendAsync(context, "text/html", "<!doctype html><title>Empty</title>")));
        app.MapGet("/", (RequestDelegate)(context => SendFileAsync(context, "site/index.html", "text/html")));
        app.MapGet("/{file}.js", (RequestDelegate)(context => SendFileAsync(context, $"site/{context.Request.RouteValues["file"]}.js", "text/javascript")));
        app.MapGet("/firebase/{file}.js", (RequestDelegate)(context
            => SendFileAsync(context, $"node_modules/firebase/{context.Request.RouteValues["file"]}.js", "text/javascript")));
        app.MapGet("/client/", (RequestDelegate)(context => SendFileAsync(context, "site/client.html", "text/html")));
        app.MapGet("/client/page.js", (RequestDelegate)(context => SendFileAsync(context, "site/client.js", "text/javascript")));
        app.MapGet("/client/pressing-worker.js", (RequestDelegate)(context => SendFileAsync(context, "site/pressing-worker.js", "text/javascript")));
        app.MapGet("/client/{file}.js", (RequestDelegate)(context
            => SendFileAsync(context, $"../../../clients/web/{context.Request.RouteValues["file"]}.js", "text/javascript")));
        app.MapPost("/background", (RequestDelegate)(async context
            => site._background.Writer.TryWrite((await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!)));
        await app.StartAsync(cancellation);
        return site;
    }

    /// <summary>What the service worker reported next.</summary>
    public ValueTask<JsonNode> NextBackgroundAsync(CancellationToken cancellation) => _background.Reader.ReadAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task SendFileAsync(HttpContext context, string file, string type)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(WebFolder, file), context.RequestAborted);
        await SendAsync(context, type, text.Replace(Cdn, "/firebase/", StringComparison.Ordinal));
    }

    private static Task SendAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
