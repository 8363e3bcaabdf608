using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>
/// Serves HTTP/1.1 and HTTP/2 with prior knowledge on one plaintext port. Kestrel chooses the protocol of a connection by ALPN, so
/// without TLS an endpoint for both speaks HTTP/1.1 only and refuses the HTTP/2 preface (HTTP_1_1_REQUIRED). Here the port's endpoint is
/// HTTP/1.1, and a connection that opens with the preface is passed, unread, to a second endpoint for HTTP/2, whose listener is this object
/// and has no socket of its own.
/// </summary>
internal sealed class ProtocolSwitch : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<ConnectionContext> _http2 = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>The client connection preface of RFC 9113, section 3.4; its first line is enough to tell it from any HTTP/1.1 request.</summary>
    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n"u8;

    public EndPoint EndPoint { get; private set; } = new Http2EndPoint(() => "");

    public bool CanBind(EndPoint endpoint) => endpoint is Http2EndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new(this);
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        => await _http2.Reader.WaitToReadAsync(cancellationToken) && _http2.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _http2.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    /// <summary>The connection middleware of the port: looks at the first bytes without consuming them.</summary>
    public async Task DispatchAsync(ConnectionContext connection, ConnectionDelegate http1)
    {
        // Kestrel's own time-outs start with the HTTP layer; a connection that never says anything must still not hold up a shutdown.
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        try
        {
            if (!await OpensWithPrefaceAsync(connection, closing))
            {
                await http1(connection);
                return;
            }
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            return;
        }

        var handedOver = new HandedOverConnection(connection);
        if (_http2.Writer.TryWrite(handedOver))
        {
            await handedOver.Finished;
        }
    }

    private static async Task<bool> OpensWithPrefaceAsync(ConnectionContext connection, CancellationToken closing)
    {
        var input = connection.Transport.Input;
        Memory<byte> start = new byte[Preface.Length];
        while (true)
        {
            var read = await input.ReadAsync(closing);
            var seen = (int)Math.Min(read.Buffer.Length, Preface.Length);
            System.Buffers.BuffersExtensions.CopyTo(read.Buffer.Slice(0, seen), start.Span);
            var matches = Preface.StartsWith(start.Span[..seen]);
            if (!matches || seen == Preface.Length || read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start);
                return matches && seen == Preface.Length;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

/// <summary>The endpoint without a socket. Its text is the address of the port, which is where its connections come from.</summary>
internal sealed class Http2EndPoint(Func<string> portAddress) : EndPoint
{
    public override string ToString() => portAddress();
}
