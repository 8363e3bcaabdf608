using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>
/// The body of one send. It is written once, into memory that serves again as soon as nobody can read it any more; the handler sends it from there, twice where a
/// connection was closed before it took the request.
/// </summary>
internal sealed class FcmBody : HttpContent
{
    private const int MaxKept = 1024; // About as many as requests are in flight on a busy node, 2 to 8 KiB each.
    private static readonly ConcurrentQueue<Page> kept = new();

    private readonly Page page;
    private int readers;

    private FcmBody(Page page)
    {
        this.page = page;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <summary>Writes a message.</summary>
    public static FcmBody Of<TMessage>(TMessage message, DateTimeOffset now) where TMessage : struct, IFcmMessage
    {
        if (!kept.TryDequeue(out var page)) page = new Page();
        message.Write(page.Json, now);
        return new FcmBody(page);
    }

    /// <summary>
    /// The request has been answered in full: the memory may serve again. Not to be called otherwise: after a cancellation or a broken connection the handler may still
    /// be reading. Then the memory is left to the garbage collector.
    /// </summary>
    public void Recycle()
    {
        // A peer may answer before it has read the request; then the handler is not done with it.
        if (Volatile.Read(ref readers) != 0 || kept.Count >= MaxKept) return;
        page.Clear();
        kept.Enqueue(page);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = page.Bytes.WrittenCount;
        return true;
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref readers);
        await stream.WriteAsync(page.Bytes.WrittenMemory, cancellationToken);
        // Not in a finally: a write that failed may still hold the memory.
        Interlocked.Decrement(ref readers);
    }

    private sealed class Page
    {
        public Page() => Json = new Utf8JsonWriter(Bytes, FcmMessageWriter.Relaxed);

        public ArrayBufferWriter<byte> Bytes { get; } = new(2048);

        public Utf8JsonWriter Json { get; }

        public void Clear()
        {
            Bytes.ResetWrittenCount();
            Json.Reset();
        }
    }
}
