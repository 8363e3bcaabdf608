namespace Ringback.Engine.Queues;

/// <summary>A callback's place in line. Belongs to at most one <see cref="WaitingLine"/> at a time.</summary>
/// <param name="callbackId">Whose place; breaks ties of <paramref name="sortKey"/>.</param>
/// <param name="sortKey">Original arrival in microseconds, moved by priority (rule D2); never changes.</param>
public sealed class LinePlace(Guid callbackId, long sortKey)
{
    internal LinePlace? Left, Right;
    internal uint Heap;
    internal int Count = 1;
    internal long LeastWatchedTicket = long.MaxValue;

    /// <summary>Whose place it is.</summary>
    public Guid CallbackId => callbackId;

    /// <summary>Lower comes first.</summary>
    public long SortKey => sortKey;

    /// <summary>Standing among live interactions (<see cref="LiveState.TicketForArrival"/>).</summary>
    public long LiveTicket { get; internal set; }

    /// <summary>Whether somebody wants to know when this place comes near the front.</summary>
    public bool Watched { get; internal set; }

    internal bool InLine { get; set; }
}

/// <summary>
/// The callbacks that stand in line, in order of their sort key: a treap whose nodes know how many stand below them and the least live
/// ticket of the watched ones. Insert, remove, rank and set cost O(log n); finding k watched places near the front costs O(k log n).
/// </summary>
public sealed class WaitingLine
{
    private LinePlace? root;
    private uint seed = 2_463_534_242;

    /// <summary>How many stand in line.</summary>
    public int Count => root?.Count ?? 0;

    /// <summary>The place at the front, or null.</summary>
    public LinePlace? First
    {
        get
        {
            var place = root;
            while (place?.Left is { } left) place = left;
            return place;
        }
    }

    /// <summary>Puts a place in line, by its sort key.</summary>
    public void Insert(LinePlace place)
    {
        if (place.InLine) throw new InvalidOperationException("The place is in line already.");
        (place.Left, place.Right, place.Heap, place.InLine) = (null, null, NextRandom(), true);
        Refresh(place);
        root = Insert(root, place);
    }

    /// <summary>Takes a place out of line.</summary>
    public void Remove(LinePlace place)
    {
        if (!place.InLine) throw new InvalidOperationException("The place is not in line.");
        root = Remove(root, place);
        (place.Left, place.Right, place.InLine) = (null, null, false);
    }

    /// <summary>Callbacks ahead of the place; it need not be in line itself.</summary>
    public int Ahead(LinePlace place)
    {
        var ahead = 0;
        for (var at = root; at is not null;)
        {
            if (Compare(place, at) <= 0) at = at.Left;
            else (ahead, at) = (ahead + 1 + (at.Left?.Count ?? 0), at.Right);
        }
        return ahead;
    }

    /// <summary>Says whether the place is watched, in line or not.</summary>
    public void Watch(LinePlace place, bool watched)
    {
        if (place.Watched == watched) return;
        place.Watched = watched;
        if (place.InLine) Renew(root!, place);
    }

    /// <summary>
    /// The watched places whose position (1 + callbacks ahead + live interactions ahead) is below <paramref name="limit"/>, front first.
    /// </summary>
    public IReadOnlyList<(LinePlace Place, int Position)> WatchedBefore(double limit, LiveState live)
    {
        if (root is null || limit <= 1 || root.LeastWatchedTicket == long.MaxValue) return [];
        var found = new List<(LinePlace, int)>();
        Collect(root, 0, limit, live, found);
        return found;
    }

    private static void Collect(LinePlace? at, int ahead, double limit, LiveState live, List<(LinePlace, int)> found)
    {
        // The first place of this part, if it had the part's least ticket, is the best that the part can offer.
        if (at is null || at.LeastWatchedTicket == long.MaxValue || 1 + ahead + live.LiveAhead(at.LeastWatchedTicket) >= limit) return;
        Collect(at.Left, ahead, limit, live, found);
        var here = ahead + (at.Left?.Count ?? 0);
        var position = 1 + here + live.LiveAhead(at.LiveTicket);
        if (at.Watched && position < limit) found.Add((at, position));
        Collect(at.Right, here + 1, limit, live, found);
    }

    private static LinePlace Insert(LinePlace? at, LinePlace place)
    {
        if (at is null) return place;
        if (place.Heap > at.Heap)
        {
            (place.Left, place.Right) = Split(at, place);
            return Refresh(place);
        }
        if (Compare(place, at) < 0) at.Left = Insert(at.Left, place);
        else at.Right = Insert(at.Right, place);
        return Refresh(at);
    }

    private static (LinePlace? Before, LinePlace? After) Split(LinePlace? at, LinePlace by)
    {
        if (at is null) return (null, null);
        if (Compare(at, by) < 0)
        {
            (at.Right, var after) = Split(at.Right, by);
            return (Refresh(at), after);
        }
        (var before, at.Left) = Split(at.Left, by);
        return (before, Refresh(at));
    }

    private static LinePlace? Remove(LinePlace? at, LinePlace place)
    {
        if (at is null) throw new InvalidOperationException("The place is in another line.");
        if (ReferenceEquals(at, place)) return Join(at.Left, at.Right);
        if (Compare(place, at) < 0) at.Left = Remove(at.Left, place);
        else at.Right = Remove(at.Right, place);
        return Refresh(at);
    }

    private static LinePlace? Join(LinePlace? before, LinePlace? after)
    {
        if (before is null) return after;
        if (after is null) return before;
        if (before.Heap > after.Heap)
        {
            before.Right = Join(before.Right, after);
            return Refresh(before);
        }
        after.Left = Join(before, after.Left);
        return Refresh(after);
    }

    private static void Renew(LinePlace at, LinePlace place)
    {
        if (!ReferenceEquals(at, place)) Renew(Compare(place, at) < 0 ? at.Left! : at.Right!, place);
        Refresh(at);
    }

    private static LinePlace Refresh(LinePlace at)
    {
        at.Count = 1 + (at.Left?.Count ?? 0) + (at.Right?.Count ?? 0);
        at.LeastWatchedTicket = Math.Min(
            at.Watched ? at.LiveTicket : long.MaxValue,
            Math.Min(at.Left?.LeastWatchedTicket ?? long.MaxValue, at.Right?.LeastWatchedTicket ?? long.MaxValue));
        return at;
    }

    private static int Compare(LinePlace one, LinePlace other)
    {
        var bySortKey = one.SortKey.CompareTo(other.SortKey);
        return bySortKey != 0 ? bySortKey : one.CallbackId.CompareTo(other.CallbackId);
    }

    /// <summary>Xorshift: balance needs no better randomness, and a fixed seed makes a run repeatable.</summary>
    private uint NextRandom()
    {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        return seed ^= seed << 5;
    }
}
