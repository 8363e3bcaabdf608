using System.Collections.Concurrent;

namespace Ringback.Engine.Delivery;

/// <summary>
/// The pushes that this process has in hand: from the moment one is scheduled until what came of it is in the database. A lease names the process and not the copy of a row in its memory: a row that waits
/// here for longer than its lease, or whose result waits for the database, is found due by the process's own sweep, and would be sent beside itself.
/// </summary>
internal sealed class PushesInHand
{
    private readonly ConcurrentDictionary<Guid, bool> ids = new(); // Whether it was claimed once more meanwhile.

    /// <summary>Takes a push; false where it is in hand already, which is noted.</summary>
    public bool TryTake(ClaimedPush push)
    {
        var id = IdOf(push);
        while (!ids.TryAdd(id, false))
        {
            if (ids.TryGetValue(id, out var isNoted) && (isNoted || ids.TryUpdate(id, true, false))) return false;
        }
        return true;
    }

    /// <summary>What came of it is recorded. False, and still in hand, where it was claimed once more since the last look: the row may then have a lease that nobody uses.</summary>
    public bool TryLetGo(ClaimedPush push)
    {
        var id = IdOf(push);
        while (!ids.TryRemove(KeyValuePair.Create(id, false)))
        {
            if (ids.TryUpdate(id, false, true)) return false;
            if (!ids.ContainsKey(id)) return true;
        }
        return true;
    }

    /// <summary>Nothing came of it here: the row is somebody else's, or is found again when its lease ends.</summary>
    public void Drop(ClaimedPush push) => ids.TryRemove(IdOf(push), out _);

    private static Guid IdOf(ClaimedPush push) => push.Row.Message.NotificationId;
}
