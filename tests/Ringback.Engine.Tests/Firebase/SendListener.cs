using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>What the send endpoint is to answer to one request.</summary>
internal sealed record SendReply(int Status, string Body, params (string Name, string Value)[] Headers)
{
    public static SendReply Accepted { get; } = new(200, """{"name":"projects/p/messages/1"}""");

    public static SendReply Silence { get; } = new(0, "");

    public static SendReply Reset { get; } = new(-1, "");

    public static SendReply GoAway { get; } = new(-2, "");

    /// <summary>The connection is given up before this request was looked at (RFC 9113, 6.8): the client knows that nothing was done.</summary>
    public static SendReply GoAwayUntouched { get; } = new(-4, "");

    /// <summary>The stream is given up before the request was looked at (RFC 9113, 8.7).</summary>
    public static SendReply Refused { get; } = new(-5, "");

    public static SendReply Cut { get; } = new(-3, "");

    /// <summary>Accepted, once the listener's gate is open.</summary>
    public static SendReply Held { get; } = new(-6, "");

    /// <summary>The access token is refused, once the listener's gate is open.</summary>
    public static SendReply HeldUnauthenticated { get; } = new(-7, "");
}

/// <summary>One request as it came over the wire. The client writes headers as plain literals, so they can be searched as text.</summary>
internal sealed record SendRequest(int Connection, string Headers, string Body);

/// <summary>
/// A send endpoint on a real socket: HTTP/2 with prior knowledge (RFC 9113), as much of it as small requests need. Scripted answers, the last one for ever.
/// </summary>
internal sealed class SendListener : IDisposable
{
    private const byte Data = 0, HeadersFrame = 1, RstStream = 3, Settings = 4, Ping = 6, GoAwayFrame = 7, WindowUpdate = 8;
    private const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    private const int StreamsAtOnce = 100; // As many as FCM allows on a connection.

    private readonly LoopbackEndpoint endpoint;
    private readonly ConcurrentQueue<SendReply> script;
    private int connections;

    public SendListener(params SendReply[] replies)
    {
        script = new ConcurrentQueue<SendReply>(replies);
        endpoint = new LoopbackEndpoint(ServeAsync);
    }

    public ConcurrentQueue<SendRequest> Requests { get; } = new();

    /// <summary>How many connections have been made.</summary>
    public int Connections => connections;

    /// <summary>Lets <see cref="SendReply.Held"/> answers out.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Uri Address => new($"http://127.0.0.1:{endpoint.Port}/");

    public void Dispose() => endpoint.Dispose();

    private async Task ServeAsync(TcpClient client, CancellationToken end)
    {
        using var _ = client;
        var connection = Interlocked.Increment(ref connections);
        var stream = client.GetStream();
        var open = new Dictionary<int, (string Headers, string Body)>();
        await stream.ReadExactlyAsync(new byte[24], end); // The client's preface.
        await WriteAsync(stream, Settings, 0, 0, [0, 3, .. Number(StreamsAtOnce)]); // SETTINGS_MAX_CONCURRENT_STREAMS
        var head = new byte[9];
        while (true)
        {
            await stream.ReadExactlyAsync(head, end);
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, end);
            var (type, flags, id) = (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)));
            if (type == Settings && (flags & Ack) == 0) await WriteAsync(stream, Settings, Ack, 0, []);
            if (type == Ping && (flags & Ack) == 0) await WriteAsync(stream, Ping, Ack, 0, payload);
            if (type == HeadersFrame) open[id] = (Encoding.ASCII.GetString(payload), "");
            if (type == Data) open[id] = (open[id].Headers, open[id].Body + Encoding.UTF8.GetString(payload));
            if (type == Data && payload.Length > 0) await WriteAsync(stream, WindowUpdate, 0, 0, Number(payload.Length)); // The connection's window has 64 KiB.
            if (type is not (HeadersFrame or Data) || (flags & EndStream) == 0) continue;
            Requests.Enqueue(new SendRequest(connection, open[id].Headers, open[id].Body));
            if (!await AnswerAsync(stream, id)) return;
        }
    }

    private async Task<bool> AnswerAsync(NetworkStream stream, int id)
    {
        var reply = script.Count > 1 && script.TryDequeue(out var next) ? next : script.First();
        if (reply == SendReply.Silence) return true;
        if (reply == SendReply.Cut) return false;
        if (reply == SendReply.Reset)
        {
            await WriteAsync(stream, RstStream, 0, id, [0, 0, 0, 2]); // INTERNAL_ERROR
            return true;
        }

        if (reply == SendReply.Refused)
        {
            await WriteAsync(stream, RstStream, 0, id, [0, 0, 0, 7]); // REFUSED_STREAM
            return true;
        }

        if (reply == SendReply.GoAwayUntouched)
        {
            await WriteAsync(stream, GoAwayFrame, 0, 0, [.. Number(Math.Max(0, id - 2)), 0, 0, 0, 0]); // NO_ERROR; the last stream that was looked at came before.
            return true;
        }

        if (reply == SendReply.GoAway)
        {
            await WriteAsync(stream, GoAwayFrame, 0, 0, [0, 0, 0, (byte)id, 0, 0, 0, 2]); // Names this stream as processed: nobody knows how far.
            return false;
        }

        if (reply == SendReply.Held || reply == SendReply.HeldUnauthenticated)
        {
            var later = reply == SendReply.Held ? SendReply.Accepted : new SendReply(401, """{"error":{"code":401,"status":"UNAUTHENTICATED"}}""");
            _ = Gate.Task.ContinueWith(_ => WriteAsync(stream, id, later), TaskScheduler.Default).Unwrap();
            return true;
        }

        await WriteAsync(stream, id, reply);
        return true;
    }

    private static async Task WriteAsync(NetworkStream stream, int id, SendReply reply)
    {
        using var block = new MemoryStream();
        block.WriteByte(0x08); // RFC 7541, 6.2.2: literal without indexing, name 8 of the static table: ":status".
        Literal(block, reply.Status.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in reply.Headers)
        {
            block.WriteByte(0);
            Literal(block, name);
            Literal(block, value);
        }

        // In one piece: answers that were held go out beside the frames that the connection writes for itself.
        await stream.WriteAsync((byte[])[.. Frame(HeadersFrame, EndHeaders, id, block.ToArray()), .. Frame(Data, EndStream, id, Encoding.UTF8.GetBytes(reply.Body))]);
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static void Literal(MemoryStream block, string text)
    {
        block.WriteByte((byte)text.Length);
        block.Write(Encoding.ASCII.GetBytes(text));
    }

    private static async Task WriteAsync(NetworkStream stream, byte type, byte flags, int id, byte[] payload) => await stream.WriteAsync(Frame(type, flags, id, payload));

    private static byte[] Frame(byte type, byte flags, int id, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame, 9);
        return frame;
    }
}
