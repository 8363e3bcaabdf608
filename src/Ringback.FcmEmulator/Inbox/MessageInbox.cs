using Ringback.FcmEmulator.Journal;

namespace Ringback.FcmEmulator.Inbox;

/// <summary>Every accepted message, the newest hundred thousand of them, and a way to wait for the next.</summary>
internal sealed class MessageInbox(TimeProvider clock)
{
    public const int MaxMessages = 100_000;

    /// <summary>A message may have 64 KiB, so that the number alone would not bound the memory.</summary>
    private const long MaxBytes = 512L * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly MessageStore _store = new();
    private readonly List<InboxMessage> _messages = [];
    private int _dropped;
    private long _bytes;
    private long _lastSequence;
    private TaskCompletionSource? _nextArrival;
    private EmulatorJournal? _journal;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _messages.Count - _dropped;
            }
        }
    }

    /// <summary>From now on every change is in the file before it counts.</summary>
    public void KeepIn(EmulatorJournal journal) => _journal = journal;

    /// <param name="json">The message as it was sent, byte for byte; copied.</param>
    public InboxMessage Add(string projectId, bool validateOnly, string? token, ReadOnlySpan<byte> json)
    {
        InboxMessage message;
        TaskCompletionSource? arrival;
        lock (_gate)
        {
            message = new InboxMessage(_lastSequence + 1, clock.GetUtcNow(), projectId, validateOnly, token, _store.Copy(json));
            _journal?.Append(new JournalEntry.MessageAccepted(message));
            Keep(message);
            (arrival, _nextArrival) = (_nextArrival, null);
        }
        arrival?.SetResult();
        return message;
    }

    /// <summary>What matches now, and a task that ends when there is more to look at.</summary>
    public IReadOnlyList<InboxMessage> Read(InboxQuery query, out Task nextArrival)
    {
        lock (_gate)
        {
            _nextArrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            nextArrival = _nextArrival.Task;
            var found = new List<InboxMessage>();
            for (var index = _messages.Count - 1; index >= _dropped && found.Count < query.Newest; index--)
            {
                var message = _messages[index];
                if (message.Sequence <= query.After)
                {
                    break;
                }
                if (query.Fits(message))
                {
                    found.Add(message);
                }
            }
            found.Reverse();
            return found;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _journal?.Append(new JournalEntry.InboxCleared(_lastSequence));
            Forget();
        }
    }

    public void Restore(InboxMessage message)
    {
        lock (_gate)
        {
            Keep(message);
        }
    }

    public void RestoreCleared(long lastSequence)
    {
        lock (_gate)
        {
            _lastSequence = lastSequence;
            Forget();
        }
    }

    /// <summary>The entries that bring back this inbox: where the numbers begin, then the messages.</summary>
    public IReadOnlyList<JournalEntry> Snapshot()
    {
        lock (_gate)
        {
            var kept = _messages.Skip(_dropped).ToList();
            return [new JournalEntry.InboxCleared(kept.Count == 0 ? _lastSequence : kept[0].Sequence - 1),
                .. kept.Select(message => new JournalEntry.MessageAccepted(message))];
        }
    }

    private void Keep(InboxMessage message)
    {
        _messages.Add(message);
        _lastSequence = message.Sequence;
        _bytes += message.Json.Length;
        while (_messages.Count - _dropped > MaxMessages || _bytes > MaxBytes)
        {
            _bytes -= _messages[_dropped].Json.Length;
            _messages[_dropped++] = null!;
        }
        // Moving the rest to the front at every message would cost a copy of the list each; once per half a list it is nothing.
        if (_dropped > MaxMessages / 2)
        {
            _messages.RemoveRange(0, _dropped);
            _dropped = 0;
        }
    }

    private void Forget()
    {
        _messages.Clear();
        _dropped = 0;
        _bytes = 0;
    }
}
