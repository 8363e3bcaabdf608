using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.Browser.Tests;

/// <summary>As much of WebDriver BiDi (https://w3c.github.io/webdriver-bidi/) as the tests need, one command at a time.</summary>
internal sealed class BidiClient : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private int _lastId;
    private readonly List<string> _complaints = [];
    private string _context = "";

    /// <summary>Errors on the console of any page since <see cref="WatchConsoleAsync"/>.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>The tab that the commands go to.</summary>
    public string Tab
    {
        get => _context;
        set => _context = value;
    }

    public static async Task<BidiClient> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        var client = new BidiClient();
        await client._socket.ConnectAsync(new Uri(address, "/session"), cancellation);
        await client.CommandAsync("session.new", new JsonObject
        {
            ["capabilities"] = new JsonObject { ["alwaysMatch"] = new JsonObject { ["acceptInsecureCerts"] = true } },
        }, cancellation);
        var tree = await client.CommandAsync("browsingContext.getTree", [], cancellation);
        client._context = (string)tree["contexts"]![0]!["context"]!;
        return client;
    }

    public Task NavigateAsync(Uri url, CancellationToken cancellation)
        => CommandAsync("browsingContext.navigate", new JsonObject { ["context"] = _context, ["url"] = url.ToString(), ["wait"] = "complete" }, cancellation);

    /// <summary>The value of an expression after its promise, by way of JSON.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression, CancellationToken cancellation)
    {
        var answer = await CommandAsync("script.evaluate", new JsonObject
        {
            ["expression"] = $"(async () => JSON.stringify((await ({expression})) ?? null))()",
            ["target"] = new JsonObject { ["context"] = _context },
            ["awaitPromise"] = true,
        }, cancellation);
        return (string?)answer["type"] == "success"
            ? JsonNode.Parse((string)answer["result"]!["value"]!)
            : throw new InvalidOperationException($"The page failed: {answer["exceptionDetails"]?["text"]}");
    }

    /// <summary>Collects what pages complain about on their console.</summary>
    public Task WatchConsoleAsync(CancellationToken cancellation)
        => CommandAsync("session.subscribe", new JsonObject { ["events"] = new JsonArray("log.entryAdded") }, cancellation);

    /// <summary>Opens a tab in front of the page, which is hidden until <see cref="CloseTabAsync"/>.</summary>
    public async Task<string> CoverAsync(CancellationToken cancellation)
        => (string)(await CommandAsync("browsingContext.create", new JsonObject { ["type"] = "tab", ["background"] = false }, cancellation))["context"]!;

    public Task CloseTabAsync(string tab, CancellationToken cancellation) => CommandAsync("browsingContext.close", new JsonObject { ["context"] = tab }, cancellation);

    public Task CloseAsync(CancellationToken cancellation) => CommandAsync("browser.close", [], cancellation);

    public void Dispose() => _socket.Dispose();

    private async Task<JsonNode> CommandAsync(string method, JsonObject parameters, CancellationToken cancellation)
    {
        var id = ++_lastId;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, true, cancellation);
        while (true)
        {
            var message = await ReceiveAsync(cancellation);
            // Events come in between.
            if ((string?)message["method"] == "log.entryAdded" && (string?)message["params"]!["level"] == "error")
            {
                _complaints.Add((string?)message["params"]!["text"] ?? "");
            }
            if ((int?)message["id"] == id)
            {
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]}: {message["message"]}");
            }
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult read;
        do
        {
            read = await _socket.ReceiveAsync(buffer, cancellation);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                throw new InvalidOperationException("The browser closed the session.");
            }
            message.Write(buffer, 0, read.Count);
        }
        while (!read.EndOfMessage);
        return JsonSerializer.Deserialize<JsonNode>(message.ToArray())!;
    }
}
