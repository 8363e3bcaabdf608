namespace Ringback.FcmEmulator.Faults;

/// <summary>Passes an answer on in ten pieces, evenly over a time.</summary>
internal sealed class TricklingStream(Stream target, TimeSpan over, Func<TimeSpan, CancellationToken, Task> wait) : Stream
{
    private const int Pieces = 10;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var piece = Math.Max(1, (buffer.Length + Pieces - 1) / Pieces);
        for (var start = 0; start < buffer.Length; start += piece)
        {
            await target.WriteAsync(buffer.Slice(start, Math.Min(piece, buffer.Length - start)), cancellationToken);
            await target.FlushAsync(cancellationToken);
            await wait(over / Pieces, cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Answers are written asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
