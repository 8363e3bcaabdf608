using System.Threading.Channels;

namespace Ringback.Engine.Delivery;

/// <summary>
/// The bounded way from the queues' owners to this process's delivery loop. Room is reserved before the commit, so that a row is written
/// with this process's lease only if the loop will have it; the rest is written without a lease and claimed later. A credential never gets more room than what it would
/// leave free: a flood of one fills half of it, and there is always some for another. The credentials take turns on the way out too, some rows each, so a row waits
/// for at most one turn of every other credential.
/// </summary>
public sealed class DeliveryHandover
{
    /// <summary>
    /// Rows of one credential in a turn. Rows are opened in one read, before anything else is looked at: as many as are worth that read, and so few that another's push does not feel them.
    /// </summary>
    internal const int RowsInTurn = 100;

    /// <summary>The credentials with rows that were handed over, each once, in the order of their turns.</summary>
    private readonly Channel<Line> turns = Channel.CreateUnbounded<Line>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock gate = new();
    private readonly Dictionary<CredentialKey, Line> lines = [];
    private readonly int capacity;
    private int inAll;
    private int standing;

    /// <summary>A way with room for <paramref name="capacity"/> rows.</summary>
    public DeliveryHandover(int capacity) => this.capacity = capacity;

    /// <summary>Reserves room for up to <paramref name="wanted"/> rows of a credential and says for how many there is.</summary>
    public int Reserve(CredentialKey key, int wanted)
    {
        lock (gate)
        {
            var line = LineOf(key);
            var granted = Math.Clamp(RoomOf(line), 0, wanted);
            line.Reserved += granted;
            inAll += granted;
            return granted;
        }
    }

    /// <summary>For how many rows of a credential there is room.</summary>
    public int RoomFor(CredentialKey key)
    {
        lock (gate) return Math.Max(0, RoomOf(LineOf(key)));
    }

    /// <summary>Gives room back to whom it was reserved for: the commit failed, or a row has left the loop.</summary>
    public void Release(CredentialKey key, int count)
    {
        lock (gate)
        {
            LineOf(key).Reserved -= count;
            inAll -= count;
        }
    }

    /// <summary>Step 6: a committed row that was written with this process's lease and has its room reserved.</summary>
    public void HandOver(OutboxRow row)
    {
        lock (gate)
        {
            var line = LineOf(CredentialKey.Of(row));
            line.Rows.Enqueue(row);
            if (line.Rows.Count == 1) Stand(line);
        }
    }

    /// <summary>Ends once there is a row to take. For one reader at a time.</summary>
    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => turns.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>One turn of each credential that has rows now, as long as there are fewer than <paramref name="most"/> in the batch; the others' turns are the next ones.</summary>
    internal void TakeRound(List<OutboxRow> batch, int most)
    {
        lock (gate)
        {
            for (var left = standing; left > 0 && batch.Count < most && turns.Reader.TryRead(out var line); left--)
            {
                standing--;
                for (var taken = 0; taken < RowsInTurn && batch.Count < most && line.Rows.TryDequeue(out var row); taken++) batch.Add(row);
                if (line.Rows.Count > 0) Stand(line);
            }
        }
    }

    /// <summary>Never more than what is left free then.</summary>
    private int RoomOf(Line line) => (capacity - inAll - line.Reserved + 1) / 2;

    private void Stand(Line line)
    {
        standing++;
        turns.Writer.TryWrite(line);
    }

    private Line LineOf(CredentialKey key)
    {
        if (!lines.TryGetValue(key, out var line)) lines[key] = line = new Line();
        return line;
    }

    /// <summary>One credential's room, and its rows that were not taken yet.</summary>
    private sealed class Line
    {
        public int Reserved { get; set; }

        public Queue<OutboxRow> Rows { get; } = new();
    }
}
