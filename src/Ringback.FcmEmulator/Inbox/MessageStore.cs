namespace Ringback.FcmEmulator.Inbox;

/// <summary>
/// Copies of messages side by side in large blocks. A hundred thousand arrays of a kilobyte each would be moved by the garbage collector again and again while
/// the inbox fills; a block is never moved, and goes when the last of its messages does. Not safe for concurrent use.
/// </summary>
internal sealed class MessageStore
{
    /// <summary>Large enough for the large-object heap; a body may have 64 KiB.</summary>
    private const int BlockBytes = 1024 * 1024;

    private Memory<byte> _free;

    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> message)
    {
        if (message.Length > _free.Length)
        {
            _free = GC.AllocateUninitializedArray<byte>(Math.Max(BlockBytes, message.Length));
        }
        var copy = _free[..message.Length];
        message.CopyTo(copy.Span);
        _free = _free[message.Length..];
        return copy;
    }
}
