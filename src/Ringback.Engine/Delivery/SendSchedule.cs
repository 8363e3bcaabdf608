using System.Diagnostics.CodeAnalysis;

namespace Ringback.Engine.Delivery;

/// <summary>A push whose turn has come. Give it back with <see cref="SendSchedule.End"/>.</summary>
internal sealed record SendTurn(DeliveryLane Lane, ClaimedPush Push, int Begun);

/// <summary>What a push that came back has changed.</summary>
/// <param name="IsCircuitChanged">Whether the circuit of its lane opened or closed.</param>
/// <param name="IsDeadMarkingStopped">Whether from now on addresses of the lane are only suspected.</param>
/// <param name="AreDeathsDoubted">Whether a death that this answer tells of is to be doubted.</param>
internal readonly record struct TurnEnd(bool IsCircuitChanged, bool IsDeadMarkingStopped, bool AreDeathsDoubted);

/// <summary>
/// Whose push goes out next: tenants take turns, and in each its lanes, one push a turn, so that whoever comes waits for at most one push of every other tenant, however much they have,
/// and one of each other app of its own. Within a lane it is first come, first served. It decides only; <see cref="DeliveryLoop"/> sends.
/// </summary>
internal sealed class SendSchedule(DeliveryOptions options)
{
    /// <summary>
    /// Timers count whole milliseconds and cut off the rest: a wait below one ends at once, and a credential of some 1 000 messages a second would keep a core busy with looking whether its next
    /// message may go. What becomes free meanwhile goes out together: as long as results gather, because each group wakes threads in every part of the way, and at 1 000 a second groups of 5 ms cost a
    /// quarter more of the machine.
    /// </summary>
    private static readonly TimeSpan leastWait = TimeSpan.FromMilliseconds(20);

    /// <summary>Whoever looks at the lanes sets the one timer, and may overwrite a nearer instant that another has just set: so it is looked again soon.</summary>
    private static readonly TimeSpan longestWait = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<TenantId, List<DeliveryLane>> lanes = [];
    private readonly TurnRing ring = new();
    private readonly List<DeliveryLane> resting = [];
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset nextAt = DateTimeOffset.MaxValue;
    private int inFlight;
    private int unreported;
    private bool isClosed;

    /// <summary>When a lane that has used its rate up may send again; far away where there is none.</summary>
    public DateTimeOffset NextAt
    {
        get { lock (gate) return nextAt; }
    }

    /// <summary>Ends once the schedule is closed and every push that was taken is reported.</summary>
    public Task Idle => idle.Task;

    /// <summary>How long to wait for <see cref="NextAt"/> until the next look.</summary>
    public static TimeSpan WaitUntil(DateTimeOffset at, DateTimeOffset now) => TimeSpan.FromTicks(Math.Clamp((at - now).Ticks, leastWait.Ticks, longestWait.Ticks));

    /// <summary>A push to send. False, and not taken, where its lane is open or nothing is sent any more.</summary>
    public bool TryAdd(ClaimedPush push, DateTimeOffset now)
    {
        lock (gate)
        {
            var lane = Lane(CredentialKey.Of(push.Row));
            if (isClosed || lane.Circuit.State(now) == CircuitState.Open) return false;
            lane.Waiting.Enqueue(push);
            Join(lane, now);
            return true;
        }
    }

    /// <summary>Takes the push whose turn it is, if any may go out now.</summary>
    public bool TryTake(DateTimeOffset now, [NotNullWhen(true)] out SendTurn? turn)
    {
        lock (gate)
        {
            turn = null;
            if (now >= nextAt) WakeResting(now);
            while (!isClosed && inFlight < options.SendsInFlightInAll && ring.TryDequeue(out var lane))
            {
                lane.IsInRing = false;
                if (!lane.MaySend(now)) continue;
                if (!lane.Rate.TryTake(now))
                {
                    Rest(lane, now);
                    continue;
                }
                turn = new SendTurn(lane, lane.Waiting.Dequeue(), lane.Circuit.Begin());
                lane.InFlight++;
                inFlight++;
                unreported++;
                Join(lane, now);
                return true;
            }
            return false;
        }
    }

    /// <summary>A push has come back, with an answer or without.</summary>
    public TurnEnd End(SendTurn turn, SendOutcome? outcome, DateTimeOffset now)
    {
        lock (gate)
        {
            var lane = turn.Lane;
            lane.InFlight--;
            inFlight--;
            var fault = outcome as SendOutcome.CredentialFault;
            if (outcome is not null && fault is null) lane.Rate.Answered(now, outcome is SendOutcome.Throttled or SendOutcome.Unavailable);
            var changed = lane.Circuit.End(turn.Begun, fault?.Code, outcome is not (null or SendOutcome.Unavailable or SendOutcome.CredentialFault), now);
            var stopped = outcome is SendOutcome.Accepted or SendOutcome.TargetDead && lane.Deaths.Note(now, outcome is SendOutcome.TargetDead);
            Join(lane, now);
            return new TurnEnd(changed, stopped, lane.Deaths.Holds(now));
        }
    }

    /// <summary>
    /// Takes the right to send one message that is no push of the outbox; false where the rate is used up, or as many of them are in flight as may be pushes of the tenant. It has no turn to wait for,
    /// since a caller waits for it, and no say about the circuit, since it may be of any kind.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="now">The present.</param>
    /// <param name="freeAt">When it is worth another try.</param>
    public bool TryTakeDirect(TenantId tenant, DateTimeOffset now, out DateTimeOffset freeAt)
    {
        lock (gate)
        {
            var lane = Lane(CredentialKey.DefaultOf(tenant)); // What callers write goes to the default app.
            freeAt = lane.DirectInFlight < options.SendsInFlight ? lane.Rate.NextAt(now) : now + TimeSpan.FromSeconds(1);
            if (freeAt > now || !lane.Rate.TryTake(now)) return false;
            lane.DirectInFlight++;
            return true;
        }
    }

    /// <summary>A message of <see cref="TryTakeDirect"/> has its answer, or none.</summary>
    public void EndDirect(TenantId tenant, SendOutcome? outcome, DateTimeOffset now)
    {
        lock (gate)
        {
            var lane = Lane(CredentialKey.DefaultOf(tenant)); // What callers write goes to the default app.
            lane.DirectInFlight--;
            if (outcome is not (null or SendOutcome.CredentialFault)) lane.Rate.Answered(now, outcome is SendOutcome.Throttled or SendOutcome.Unavailable);
        }
    }

    /// <summary>
    /// What came of a push that has ended is on its way into the database. Told apart from <see cref="End"/>, because the result depends on the circuit: a stop that did not wait for this
    /// would lose results, and send again what has arrived.
    /// </summary>
    public void Reported()
    {
        lock (gate)
        {
            unreported--;
            if (isClosed && unreported == 0) idle.TrySetResult();
        }
    }

    /// <summary>Until when a lane sends nothing for want of credentials; null where it may.</summary>
    public DateTimeOffset? OpenUntil(CredentialKey key, DateTimeOffset now)
    {
        lock (gate) return Lane(key).Circuit.OpenUntil(now);
    }

    /// <summary>How many rows of a credential are worth claiming now.</summary>
    public int Room(CredentialKey key, DateTimeOffset now)
    {
        lock (gate) return isClosed ? 0 : Lane(key).Room(now);
    }

    /// <summary>
    /// Whether a claim of so many rows of a credential is worth its transaction: a quarter of a batch is, and any number for a lane that would be done with what it has before as many again. Else a lane that is
    /// full would claim row by row, one for each that has gone out, and a flood under its quota would keep the database as busy as one without.
    /// </summary>
    public bool IsWorthClaiming(CredentialKey key, int rows)
    {
        lock (gate) return rows > 0 && (rows >= options.ClaimSize / 4 || rows >= Lane(key).Waiting.Count);
    }

    /// <summary>Whether a credential is not worth sending with for now.</summary>
    public bool IsResting(CredentialKey key, DateTimeOffset now) => OpenUntil(key, now) is not null;

    /// <summary>Other credentials are in force for an app of the tenant; which one is not told, so each of its lanes is tried.</summary>
    public void Renew(TenantId tenant, DateTimeOffset now)
    {
        lock (gate)
        {
            foreach (var lane in LanesOf(tenant))
            {
                lane.Circuit.Renew();
                Join(lane, now);
            }
        }
    }

    /// <summary>Takes what waits in a lane out of it, to be put back into the database.</summary>
    public IReadOnlyList<ClaimedPush> TakeWaiting(DeliveryLane lane)
    {
        lock (gate)
        {
            var taken = lane.Waiting.ToArray();
            lane.Waiting.Clear();
            return taken;
        }
    }

    /// <summary>Nothing goes out from now on; gives back what waits.</summary>
    public IReadOnlyList<ClaimedPush> Close()
    {
        lock (gate)
        {
            isClosed = true;
            if (unreported == 0) idle.TrySetResult();
            var taken = AllLanes.SelectMany(lane => lane.Waiting).ToArray();
            foreach (var lane in AllLanes) lane.Waiting.Clear();
            return taken;
        }
    }

    /// <summary>How every lane stands.</summary>
    public IReadOnlyList<LaneStatus> Status(DateTimeOffset now)
    {
        lock (gate) return [.. AllLanes.Select(lane => lane.Status(now))];
    }

    private IEnumerable<DeliveryLane> AllLanes => lanes.Values.SelectMany(ofTenant => ofTenant);

    private DeliveryLane Lane(CredentialKey key)
    {
        if (!lanes.TryGetValue(key.Tenant, out var ofTenant)) lanes[key.Tenant] = ofTenant = [];
        var lane = ofTenant.Find(lane => lane.Key == key);
        if (lane is null) ofTenant.Add(lane = new DeliveryLane(key, options));
        return lane;
    }

    /// <summary>The tenant's lanes, one at least.</summary>
    private List<DeliveryLane> LanesOf(TenantId tenant) => lanes.TryGetValue(tenant, out var found) ? found : [Lane(CredentialKey.DefaultOf(tenant))];

    private void Join(DeliveryLane lane, DateTimeOffset now)
    {
        if (lane.IsInRing || !lane.MaySend(now)) return;
        lane.IsInRing = true;
        ring.Enqueue(lane);
    }

    private void Rest(DeliveryLane lane, DateTimeOffset now)
    {
        lane.IsInRing = true; // It has its place: it comes back by the clock alone.
        resting.Add(lane);
        if (lane.Rate.NextAt(now) is var at && at < nextAt) nextAt = at;
    }

    private void WakeResting(DateTimeOffset now)
    {
        nextAt = DateTimeOffset.MaxValue;
        foreach (var lane in resting)
        {
            lane.IsInRing = false;
            Join(lane, now);
        }
        resting.Clear();
    }
}
