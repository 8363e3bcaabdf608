using Ringback.LoadGen.Receiving;
using Ringback.LoadGen.Running;

namespace Ringback.LoadGen.Auditing;

/// <summary>Proves that the audit can fail: it is shown the evidence of a real run, forged in one point at a time, and must name that point and no other.</summary>
internal static class SelfCheck
{
    /// <summary>Judges the evidence as it is and with each forgery.</summary>
    /// <returns>Whether the audit noticed everything.</returns>
    public static bool Run(Evidence honest, TextWriter screen)
    {
        var victim = honest.Arrivals.First(a => a.Event == Arrival.Upcoming);
        var other = honest.Arrivals.First(a => a.Event == Arrival.Upcoming && a.CallbackId != victim.CallbackId);
        var newId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var timeline = honest.Timelines.First(t => t.CallbackId == victim.CallbackId);
        bool[] noticed =
        [
            Expect("nothing was forged", honest, new Findings()),
            Expect("one arrival is dropped", honest with { Arrivals = [.. honest.Arrivals.Where(a => a.NotificationId != victim.NotificationId)] }, new Findings(Lost: 1)),
            Expect("one arrival comes again under another notificationId", honest with { Arrivals = [.. honest.Arrivals, victim with { NotificationId = newId }] }, new Findings(Doubled: 1)),
            Expect("one arrival comes again under its own notificationId", honest with { Arrivals = [.. honest.Arrivals, victim] }, new Findings(Repeated: 1)),
            Expect("one arrival comes three times", honest with { Arrivals = [.. honest.Arrivals, victim, victim] }, new Findings(Repeated: 2)),
            Expect("one arrival went to another target", Replace(honest, victim, victim with { Token = other.Token }), new Findings(Lost: 1, Unfounded: 1)),
            Expect("an event arrives that nobody decided", honest with { Arrivals = [.. honest.Arrivals, victim with { NotificationId = newId, Sequence = 99 }] }, new Findings(Unfounded: 1)),
            Expect("an event was decided twice", Replace(honest, timeline with { Decided = [.. timeline.Decided, timeline.Decided[0] with { Sequence = 98 }] }), new Findings(Lost: 1, Doubled: 1, WithoutUpcoming: 1)),
            Expect("a decided event expired and never arrived", Expired(honest, victim, timeline), new Findings()),
            Expect("a decided event was refused for good", Ended(honest, victim, timeline, "push.rejected"), new Findings(Lost: 1)),
            Expect("a decided event is still on its way", Ended(honest, victim, timeline, null), new Findings(Lost: 1)),
            Expect("an answered create has no timeline", Replace(honest, timeline with { Status = 404 }), new Findings(Lost: 1, Unfounded: honest.Arrivals.Count(a => a.CallbackId == victim.CallbackId))),
            Expect("a callback never got its UPCOMING", NeverDecided(honest, timeline), new Findings(WithoutUpcoming: 1)),
        ];
        var good = noticed.All(n => n);
        screen.WriteLine(good ? "self-check: the audit notices every forgery" : "self-check: THE AUDIT IS BLIND");
        return good;

        bool Expect(string what, Evidence evidence, Findings expected)
        {
            var report = PushAudit.Judge(evidence.Known, evidence.Timelines, evidence.Arrivals);
            var found = new Findings(report.Lost, report.Doubled, report.Repeated, report.Unfounded, report.WithoutUpcoming);
            screen.WriteLine($"  {(found == expected ? "ok   " : "WRONG")} {what}: {found}{(found == expected ? "" : $", expected {expected}")}");
            return found == expected;
        }
    }

    private static Evidence Replace(Evidence evidence, Arrival old, Arrival forged) => evidence with { Arrivals = [.. evidence.Arrivals.Select(a => ReferenceEquals(a, old) ? forged : a)] };

    private static Evidence Replace(Evidence evidence, CallbackTimeline forged) =>
        evidence with { Timelines = [.. evidence.Timelines.Select(t => t.CallbackId == forged.CallbackId ? forged : t)] };

    private static Evidence Expired(Evidence evidence, Arrival victim, CallbackTimeline timeline) => Ended(evidence, victim, timeline, "push.expired");

    /// <summary>The victim never arrived, and the timeline gives this as its end.</summary>
    private static Evidence Ended(Evidence evidence, Arrival victim, CallbackTimeline timeline, string? end)
    {
        var ends = timeline.Ends.Where(e => e.Key.Event != victim.Event).ToDictionary();
        if (end is not null) ends[(victim.Event, 0)] = end;
        return Replace(evidence with { Arrivals = [.. evidence.Arrivals.Where(a => a.NotificationId != victim.NotificationId)] }, timeline with { Ends = ends });
    }

    private static Evidence NeverDecided(Evidence evidence, CallbackTimeline timeline) => Replace(
        evidence with { Arrivals = [.. evidence.Arrivals.Where(a => a.CallbackId != timeline.CallbackId || a.Event != Arrival.Upcoming)] },
        timeline with { Decided = [.. timeline.Decided.Where(d => d.Event != Arrival.Upcoming)] });

    private sealed record Findings(int Lost = 0, int Doubled = 0, int Repeated = 0, int Unfounded = 0, int WithoutUpcoming = 0);
}
