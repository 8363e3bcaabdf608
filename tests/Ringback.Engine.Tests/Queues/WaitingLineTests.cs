using CsCheck;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Queues;

/// <summary>D2: the line against a plain sorted list, over random histories.</summary>
public sealed class WaitingLineTests
{
    private enum Act
    {
        Insert,
        Remove,
        Watch,
        Unwatch,
        Ask,
    }

    private static readonly Gen<(Act Act, int Key, int Ticket, int Limit, int Departed, int Waiting)> step =
        Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 40], Gen.Int[0, 30], Gen.Int[0, 50], Gen.Int[0, 40], Gen.Int[0, 30]);

    [Fact]
    public void The_line_agrees_with_a_sorted_list_whatever_happens() =>
        step.List[0, 120].Sample(steps =>
        {
            var line = new WaitingLine();
            var naive = new List<LinePlace>();
            var all = new List<LinePlace>();
            var number = 0;
            foreach (var (act, key, ticket, limit, departed, waiting) in steps)
            {
                var chosen = naive.Count > 0 ? naive[key % naive.Count] : null;
                switch (act)
                {
                    case Act.Insert:
                        // Keys repeat on purpose: equal arrivals are ordered by id.
                        var place = new LinePlace(new Guid(++number, 0, 0, new byte[8]), key) { LiveTicket = ticket };
                        line.Watch(place, ticket % 3 != 0);
                        line.Insert(place);
                        naive.Add(place);
                        all.Add(place);
                        naive.Sort(ByKey);
                        break;
                    case Act.Remove when chosen is not null:
                        line.Remove(chosen);
                        naive.Remove(chosen);
                        break;
                    case Act.Watch when chosen is not null:
                        line.Watch(chosen, true);
                        break;
                    case Act.Unwatch when chosen is not null:
                        line.Watch(chosen, false);
                        break;
                    default:
                        var live = new LiveState { DeparturesTotal = departed, InteractionsWaiting = waiting };
                        var expected = naive.Select((p, i) => (Place: p, Position: 1 + i + live.LiveAhead(p.LiveTicket))).Where(e => e.Place.Watched && e.Position < limit);
                        if (!line.WatchedBefore(limit, live).SequenceEqual(expected)) return false;
                        break;
                }
                // Ranks of all places, in line or not, and the front.
                if (line.Count != naive.Count || !ReferenceEquals(line.First, naive.FirstOrDefault())) return false;
                if (all.Any(p => line.Ahead(p) != naive.Count(n => ByKey(n, p) < 0))) return false;
            }
            return true;
        });

    [Fact]
    public void Asking_who_is_near_the_front_touches_few_of_many()
    {
        var line = new WaitingLine();
        for (var i = 0; i < 100_000; i++)
        {
            var place = new LinePlace(new Guid(i, 0, 0, new byte[8]), i) { LiveTicket = 0 };
            line.Watch(place, i >= 50_000);
            line.Insert(place);
        }
        var found = line.WatchedBefore(50_003.5, new LiveState());
        Assert.Equal([50_001, 50_002, 50_003], found.Select(f => f.Position));
    }

    [Fact]
    public void A_place_cannot_stand_in_line_twice_or_leave_a_line_it_is_not_in()
    {
        var line = new WaitingLine();
        var place = new LinePlace(Guid.Empty, 1);
        Assert.Throws<InvalidOperationException>(() => line.Remove(place));
        line.Insert(place);
        Assert.Throws<InvalidOperationException>(() => line.Insert(place));
    }

    private static int ByKey(LinePlace one, LinePlace other) =>
        one.SortKey != other.SortKey ? one.SortKey.CompareTo(other.SortKey) : one.CallbackId.CompareTo(other.CallbackId);
}
