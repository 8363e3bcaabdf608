namespace Ringback.Engine.Delivery;

/// <summary>
/// The pushes of one credential on their way out, with its circuit and its rate. Credentials have lanes of their own, so that one's broken key or flood does
/// not hold up another's push. Guarded by the lock of <see cref="SendSchedule"/>.
/// </summary>
internal sealed class DeliveryLane(CredentialKey key, DeliveryOptions options)
{
    /// <summary>No more is claimed than goes out in this time: of a lease (30 s) must be left what a send needs (20 s), or each row costs a renewal.</summary>
    private static readonly TimeSpan claimAhead = TimeSpan.FromSeconds(5);

    public CredentialKey Key { get; } = key;

    public Queue<ClaimedPush> Waiting { get; } = new();

    public int InFlight { get; set; }

    /// <summary>Messages in flight that are no pushes of the outbox.</summary>
    public int DirectInFlight { get; set; }

    /// <summary>Whether it stands in the ring of lanes that may send.</summary>
    public bool IsInRing { get; set; }

    public CredentialCircuit Circuit { get; } = new();

    public SendRate Rate { get; } = new(options.MessagesPerMinute, TimeSpan.FromSeconds(options.RampUpSeconds));

    public DeadTargetBreaker Deaths { get; } = new(options.DeadTargetsPercent);

    public bool MaySend(DateTimeOffset now) => Waiting.Count > 0 && InFlight < options.SendsInFlight && Circuit.Admits(now);

    /// <summary>How many rows are worth claiming now.</summary>
    public int Room(DateTimeOffset now) => Circuit.State(now) switch
    {
        CircuitState.Open => 0,
        CircuitState.Probing => Waiting.Count == 0 && InFlight == 0 ? 1 : 0,
        _ => Math.Clamp((int)Math.Min(int.MaxValue - 1, Rate.PerSecond(now) * claimAhead.TotalSeconds) + 1 - Waiting.Count, 0, options.ClaimSize),
    };

    public LaneStatus Status(DateTimeOffset now) => new(
        Key, Waiting.Count, InFlight, Circuit.State(now), Circuit.Code(now), Circuit.OpenUntil(now), Rate.PerSecond(now), options.MessagesPerMinute / 60d,
        Deaths.Holds(now));
}

/// <summary>How the pushes of one credential stand in this process.</summary>
/// <param name="Key">Whose.</param>
/// <param name="Waiting">Claimed, and waiting for their turn in memory.</param>
/// <param name="InFlight">Sent, and not answered yet.</param>
/// <param name="Circuit">Whether the credential is worth sending with.</param>
/// <param name="CircuitCode">What the service objected to, while the circuit is not closed.</param>
/// <param name="OpenUntil">When the next probe goes out; null unless the circuit is open.</param>
/// <param name="PerSecond">Messages a second that go out at most at present.</param>
/// <param name="QuotaPerSecond">Messages a second that the quota allows.</param>
/// <param name="IsDeadMarkingStopped">Whether so many addresses died within the last minute that they are only suspected.</param>
public sealed record LaneStatus(
    CredentialKey Key, int Waiting, int InFlight, CircuitState Circuit, string? CircuitCode, DateTimeOffset? OpenUntil, double PerSecond, double QuotaPerSecond,
    bool IsDeadMarkingStopped);
