using System.Buffers;

namespace Ringback.FcmEmulator.Journal;

/// <summary>Reads whole lines with their byte positions, which a <see cref="StreamReader"/> does not give.</summary>
internal sealed class JournalLines(FileStream file) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _start;
    private int _end;
    private long _read;

    /// <summary>The length of the file up to and including the last line that <see cref="Keep"/> accepted.</summary>
    public long Kept { get; private set; }

    /// <summary>Nothing follows the line read last.</summary>
    public bool AtEnd => _start == _end && _read + _end == file.Length;

    /// <summary>The next line without its end; false when no complete line is left.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var searched = _start;
        while (true)
        {
            var length = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _buffer.AsMemory(_start, searched + length - _start);
                _start = searched + length + 1;
                return true;
            }
            searched = _end - _start;
            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    public void Keep() => Kept = _read + _start;

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Moves the unread rest to the front and reads on behind it.</summary>
    private bool Fill()
    {
        var rest = _end - _start;
        var target = rest > _buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(_buffer.Length * 2) : _buffer;
        _buffer.AsSpan(_start, rest).CopyTo(target);
        if (target != _buffer)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = target;
        }
        _read += _start;
        _start = 0;
        _end = rest;
        var count = file.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        return count > 0;
    }
}
