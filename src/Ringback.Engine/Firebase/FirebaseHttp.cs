using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ringback.Engine.Firebase;

/// <summary>What came back over the wire: an answer, or the kind of failure that prevented one.</summary>
internal abstract record WireAnswer
{
    private WireAnswer()
    {
    }

    /// <summary>An HTTP answer, whatever its status.</summary>
    public sealed record Received(int Status, byte[] Body, TimeSpan? RetryAfter, DateTimeOffset? Date) : WireAnswer
    {
        public bool IsSuccess => Status is >= 200 and < 300;
    }

    /// <summary>No answer, or only a part of one: the request may or may not have been carried out.</summary>
    /// <param name="Code"><c>TIMEOUT</c>, <c>DNS</c>, <c>REFUSED</c>, <c>CONNECTION</c>, <c>TLS</c>, <c>RESET</c> or <c>PROTOCOL</c>.</param>
    public sealed record Failed(string Code) : WireAnswer;
}

/// <summary>The connections to Google: one pool for tokens and messages, every failure a value.</summary>
internal sealed class FirebaseHttp : IDisposable
{
    private const int MaxBody = 64 * 1024; // Answers of both endpoints are below 4 KiB; more comes from a proxy.
    private const int FirstRead = 1024;

    private readonly HttpMessageInvoker invoker;
    private readonly TimeSpan timeout;
    private readonly TimeProvider clock;
    private readonly SharedDeadlines deadlines;

    public FirebaseHttp(IOptions<FirebaseOptions> options, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
    {
        this.clock = clock;
        timeout = options.Value.SendTimeout;
        deadlines = new SharedDeadlines(timeout, clock);
        invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            PooledConnectionLifetime = options.Value.ConnectionLifetime,
            ConnectTimeout = timeout,
            EnableMultipleHttp2Connections = true, // FCM allows 100 streams on a connection; the handler opens a further one when they run out.
            // A connection whose peer has vanished would otherwise time out every send until TCP gives up, a quarter of an hour later.
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            ActivityHeadersPropagator = null, // Google ignores trace headers, and writing them costs 10–15 % of a send.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = !options.Value.SendEndpoint.IsLoopback,
        });
    }

    /// <summary>Sends one request, once, within the time-out. Throws only when <paramref name="cancellation"/> ends the wait.</summary>
    public Task<WireAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellation) => SendWithinAsync(request, timeout, cancellation);

    /// <summary>The same within <paramref name="patience"/>, where that is shorter than the time-out. It may take a second longer where the patience allows it.</summary>
    public ValueTask<WireAnswer> SendAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancellation) => patience >= deadlines.Longest
        ? SendAsync(request, deadlines.Take(cancellation), cancellation)
        : new ValueTask<WireAnswer>(SendWithinAsync(request, patience < timeout ? patience : timeout, cancellation));

    private async Task<WireAnswer> SendWithinAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(patience, clock);
        await using var ended = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        return await SendAsync(request, deadline.Token, cancellation);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<WireAnswer> SendAsync(HttpRequestMessage request, CancellationToken deadline, CancellationToken cancellation)
    {
        try
        {
            using var response = await invoker.SendAsync(request, deadline);
            var body = await ReadAsync(response.Content, deadline);
            var wait = response.Headers.RetryAfter;
            if (wait is null && response.IsSuccessStatusCode) return new WireAnswer.Received((int)response.StatusCode, body, null, null);
            var date = response.Headers.Date;
            return new WireAnswer.Received((int)response.StatusCode, body, RetryAfter(wait, date ?? clock.GetUtcNow()), date);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WireAnswer.Failed("TIMEOUT");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or AuthenticationException)
        {
            return new WireAnswer.Failed(Kind(e));
        }
    }

    /// <summary>How long to wait: given in seconds, or as a date that counts from the sender's own clock where it tells it.</summary>
    internal static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) => header switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > now ? date - now : TimeSpan.Zero,
        _ => null,
    };

    public void Dispose() => invoker.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<byte[]> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        // The response owns the stream and closes it.
        var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstRead);
        var length = 0;
        try
        {
            while (length < MaxBody)
            {
                if (length == buffer.Length) buffer = Grow(buffer, length);
                var read = await stream.ReadAsync(buffer.AsMemory(length, Math.Min(buffer.Length, MaxBody) - length), cancellation);
                if (read == 0) break;
                length += read;
            }

            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] full, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(full.Length * 4);
        full.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }

    private static string Kind(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "DNS",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } or AuthenticationException => "TLS",
        HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.InvalidResponse } => "PROTOCOL",
        HttpProtocolException or { InnerException: HttpProtocolException } => "RESET",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "REFUSED",
        _ => "CONNECTION",
    };
}
