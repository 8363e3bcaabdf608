using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>What the token endpoint is to answer. Status 0: nothing at all.</summary>
internal sealed record TokenReply(int Status, string Body, params string[] Headers)
{
    public static TokenReply Token(string token, int seconds = 3600) => new(200, $$"""{"access_token":"{{token}}","expires_in":{{seconds}},"token_type":"Bearer"}""");

    public static TokenReply Error(string error, string description, params string[] headers) =>
        new(400, $$"""{"error":"{{error}}","error_description":"{{description}}"}""", headers);
}

/// <summary>A token endpoint on a real socket: HTTP/1.1, one request a connection, scripted answers, the last one for ever.</summary>
internal sealed class TokenListener : IDisposable
{
    private readonly LoopbackEndpoint endpoint;
    private readonly ConcurrentQueue<TokenReply> script;

    public TokenListener(params TokenReply[] replies)
    {
        script = new ConcurrentQueue<TokenReply>(replies);
        endpoint = new LoopbackEndpoint(ServeAsync);
    }

    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Address => new($"http://127.0.0.1:{endpoint.Port}/token");

    /// <summary>Holds every answer back until completed.</summary>
    public TaskCompletionSource Gate { get; set; } = Opened();

    public static TaskCompletionSource Opened()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    public void Script(params TokenReply[] replies)
    {
        script.Clear();
        foreach (var reply in replies) script.Enqueue(reply);
    }

    public void Dispose() => endpoint.Dispose();

    private async Task ServeAsync(TcpClient client, CancellationToken end)
    {
        using (client)
        {
            var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var length = 0;
            while (await reader.ReadLineAsync(end) is { Length: > 0 } line)
            {
                if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(line[15..], CultureInfo.InvariantCulture);
            }

            var body = new char[length];
            await reader.ReadBlockAsync(body, end);
            Requests.Enqueue(new string(body));
            await Gate.Task.WaitAsync(end);
            var reply = script.Count > 1 && script.TryDequeue(out var next) ? next : script.First();
            if (reply.Status == 0) return;
            var head = string.Concat(reply.Headers.Select(h => h + "\r\n"));
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {reply.Status} x\r\nContent-Length: {Encoding.UTF8.GetByteCount(reply.Body)}\r\nConnection: close\r\n{head}\r\n{reply.Body}"), end);
        }
    }
}
