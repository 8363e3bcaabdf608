using System.Buffers;
using System.Text.Json;

namespace Ringback.FcmEmulator.Journal;

/// <summary>
/// The file <c>emulator.jsonl</c>. A line is handed to the operating system before the caller goes on, so it survives the death of the
/// emulator (not of the machine: nothing is forced to the disk). One emulator at a time holds the file.
/// </summary>
internal sealed class EmulatorJournal : IDisposable
{
    public const string FileName = "emulator.jsonl";

    private readonly string _path;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new();
    private FileStream _file;

    private EmulatorJournal(string path)
    {
        _path = path;
        _file = OpenExclusively(path);
    }

    /// <summary>Opens or creates the file and reads what it holds.</summary>
    /// <exception cref="IOException">The folder or the file cannot be used, or another emulator has it open.</exception>
    /// <exception cref="InvalidDataException">A line other than the last cannot be read.</exception>
    public static EmulatorJournal Open(string directory, out IReadOnlyList<JournalEntry> entries)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            // Push tokens are nobody else's business.
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        var journal = new EmulatorJournal(Path.Combine(directory, FileName));
        try
        {
            entries = journal.ReadAll();
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Adds an entry. When this returns, a kill of the emulator loses nothing of it.</summary>
    /// <exception cref="IOException">The line could not be written; the file is as it was before.</exception>
    public void Append(JournalEntry entry)
    {
        lock (_gate)
        {
            _line.ResetWrittenCount();
            JournalFormat.Write(_line, entry);
            var end = _file.Length;
            try
            {
                _file.Write(_line.WrittenSpan);
            }
            catch (IOException)
            {
                // Half a line in the middle of the file would make the next start refuse it.
                _file.SetLength(end);
                _file.Position = end;
                throw;
            }
        }
    }

    /// <summary>Replaces the file by the given entries, in one step: a crash leaves the old file or the new one.</summary>
    public void Rewrite(IEnumerable<JournalEntry> entries)
    {
        lock (_gate)
        {
            var next = _path + ".new";
            File.Delete(next);
            var file = OpenExclusively(next);
            foreach (var entry in entries)
            {
                _line.ResetWrittenCount();
                JournalFormat.Write(_line, entry);
                file.Write(_line.WrittenSpan);
            }
            File.Move(next, _path, overwrite: true);
            _file.Dispose();
            _file = file;
        }
    }

    public void Dispose() => _file.Dispose();

    private List<JournalEntry> ReadAll()
    {
        var entries = new List<JournalEntry>();
        using var reader = new JournalLines(_file);
        while (reader.TryRead(out var line))
        {
            try
            {
                entries.Add(JournalFormat.Read(line));
            }
            catch (JsonException) when (reader.AtEnd)
            {
                break;
            }
            catch (JsonException unreadable)
            {
                throw new InvalidDataException($"line {entries.Count + 1} of {_path} is not readable", unreadable);
            }
            reader.Keep();
        }
        // A line torn by a kill was never answered to anybody: cut it off, so that the next one starts on a fresh line.
        _file.SetLength(reader.Kept);
        _file.Position = reader.Kept;
        return entries;
    }

    private static FileStream OpenExclusively(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            // On Unix this is the lock; a weaker share would let a second emulator write into the same file.
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return new FileStream(path, options);
    }
}
