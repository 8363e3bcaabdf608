using System.Collections.Concurrent;

namespace Ringback.Engine.Delivery;

/// <summary>
/// The pushes that this process has in hand: from the moment one is scheduled until what came of it is in the database. A lease names the process and not the copy of a row in its memory: a row that waits
/// here for longer than its lease, or whose result waits for the database, is found due by the process's own sweep, and would be sent beside itself.
/// </summary>
internal sealed class PushesInHand
{
    private readonly ConcurrentDictionary<Guid, byte> ids = new();

    /// <summary>Takes a push; false where it is in hand already.</summary>
    public bool TryTake(ClaimedPush push) => ids.TryAdd(push.Row.Message.NotificationId, 0);

    /// <summary>What came of it is recorded, or nothing came of it here.</summary>
    public void LetGo(ClaimedPush push) => ids.TryRemove(push.Row.Message.NotificationId, out _);
}
