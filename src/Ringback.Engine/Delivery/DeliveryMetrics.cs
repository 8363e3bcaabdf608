using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Ringback.Engine.Delivery;

/// <summary>
/// What can be counted and measured of pushes (docs/operations/metrics.md). Labels are names that this program knows beforehand, and tenants; never an address, a number or
/// anything that a caller may choose.
/// </summary>
public sealed class DeliveryMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Ringback.Delivery";

    private static readonly FrozenDictionary<OutboxState, string> words =
        Enum.GetValues<OutboxState>().ToFrozenDictionary(state => state, state => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()));

    private static readonly InstrumentAdvice<double> fromDecision = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 14400] };
    private static readonly InstrumentAdvice<double> ofOneSend = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25] };

    private readonly Histogram<double> latency, sendDuration;
    private readonly Counter<long> sends, retries, ended, used, openings;
    private Func<IReadOnlyList<LaneStatus>> lanes = () => [];
    private Func<OutboxReading?> outbox = () => null;
    private Func<IEnumerable<KeyValuePair<TenantId, int>>> pauses = () => [];

    /// <summary>The instruments, on a meter of this process's factory.</summary>
    public DeliveryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        latency = meter.CreateHistogram("ringback.push.latency", "s", "From the decision of an event to its acceptance by the push service.", null, fromDecision);
        sendDuration = meter.CreateHistogram("ringback.push.send.duration", "s", "One send, from the request to the answer, a wait for an access token included.", null, ofOneSend);
        sends = meter.CreateCounter<long>("ringback.push.sends", null, "Sends that have ended, by what the push service answered.");
        // One such answer is enough for an alert, and a counter that begins at 1 has not increased for Prometheus. The same holds for the first that expires.
        sends.Add(0, new("outcome", "rejected"), new("code", "THIRD_PARTY_AUTH_ERROR"));
        retries = meter.CreateCounter<long>("ringback.push.retries", null, "Times that a push was put off to be sent again, by reason.");
        ended = meter.CreateCounter<long>("ringback.push.ended", null, "Pushes that are over, by how they ended.");
        foreach (var pushEvent in PushEvents.All) ended.Add(0, new("event", pushEvent), new("state", Word(OutboxState.Expired)));
        used = meter.CreateCounter<long>("ringback.quota.used", null, "Messages that went out against the quota of the credential.");
        openings = meter.CreateCounter<long>("ringback.circuit.openings", null, "Times that the push service's refusal of a credential stopped its sends.");

        meter.CreateObservableGauge("ringback.push.in_flight", () => OfLanes(lane => (long)lane.InFlight), null, "Sends without an answer so far.");
        meter.CreateObservableGauge("ringback.push.queued", () => OfLanes(lane => (long)lane.Waiting), null, "Pushes that wait in this process for their turn.");
        meter.CreateObservableGauge("ringback.circuit.state", () => OfLanes(lane => (long)lane.Circuit), null, "Circuit of the credential: 0 closed, 1 open, 2 probing.");
        meter.CreateObservableGauge(
            "ringback.dead_marking.stopped", () => OfLanes(lane => lane.IsDeadMarkingStopped ? 1L : 0), null, "1 while so many addresses die that they are only suspected, else 0.");
        meter.CreateObservableGauge("ringback.quota.limit", () => OfLanes(lane => lane.QuotaPerSecond), null, "Messages a second that the quota of the credential allows.");
        meter.CreateObservableGauge("ringback.quota.rate", () => OfLanes(lane => lane.PerSecond), null, "Messages a second that go out at most at present, after ramp-up and push-back.");
        meter.CreateObservableGauge(
            "ringback.delivery.pauses", () => pauses().Select(tenant => new Measurement<long>(tenant.Value, Of(tenant.Key))), null, "Pauses in force, each of a queue or of the whole tenant.");
        meter.CreateObservableGauge("ringback.database.up", () => outbox() is null ? 0L : 1, null, "1 while the database answers, else 0.");
        meter.CreateObservableGauge("ringback.outbox.pending", () => OfOutbox((depth, _) => (long)depth.Pending), null, "Pushes in the outbox that are not over.");
        meter.CreateObservableGauge("ringback.outbox.due", () => OfOutbox((depth, _) => (long)depth.Due), null, "Those of them that are due and that nobody has taken.");
        meter.CreateObservableGauge(
            "ringback.outbox.oldest.age", () => OfOutbox((depth, now) => Math.Max(0, (now - depth.OldestAt).TotalSeconds)), "s", "Since the decision of the oldest push that is not over.");
    }

    /// <summary>Where the figures of this process's lanes come from.</summary>
    internal void Observe(Func<IReadOnlyList<LaneStatus>> source) => lanes = source;

    /// <summary>Where the number of pauses comes from.</summary>
    internal void Observe(Func<IEnumerable<KeyValuePair<TenantId, int>>> source) => pauses = source;

    /// <summary>Where the figures of the outbox come from; null where they are not known at present.</summary>
    internal void Observe(Func<OutboxReading?> source) => outbox = source;

    /// <summary>A send has an answer; its span says the same as the figures.</summary>
    internal void Sent(CredentialKey lane, SendOutcome outcome, TimeSpan took, Activity? span = null)
    {
        var (name, code) = Words(outcome);
        DeliveryTraces.End(span, name, code);
        var label = new KeyValuePair<string, object?>("outcome", name);
        sends.Add(1, label, new("code", code));
        sendDuration.Record(took.TotalSeconds, label);
        // Without credentials nothing has reached the service.
        if (outcome is not SendOutcome.CredentialFault) used.Add(1, Of(lane.Tenant), AppOf(lane));
    }

    /// <summary>A push is over or put off.</summary>
    internal void Reported(DeliveryResult result)
    {
        var name = new KeyValuePair<string, object?>("event", result.Push.Row.Message.Event);
        switch (result)
        {
            case DeliveryResult.Finished finished:
                ended.Add(1, name, new("state", Word(finished.State)));
                if (finished.State == OutboxState.Accepted)
                    latency.Record(Math.Max(0, (finished.At - result.Push.Row.Message.OccurredAt).TotalSeconds), name);
                break;
            case DeliveryResult.Again { Code: { } code }:
                retries.Add(1, name, new("code", code));
                break;
            default:
                break; // Given back as it was.
        }
    }

    /// <summary>Pushes whose time to live passed while nothing of their tenant was sent, by event.</summary>
    internal void Expired(IReadOnlyDictionary<string, int> byEvent)
    {
        foreach (var (name, count) in byEvent) ended.Add(count, new("event", name), new("state", Word(OutboxState.Expired)));
    }

    /// <summary>A circuit has opened.</summary>
    internal void CircuitOpened(CredentialKey lane, string code) => openings.Add(1, Of(lane.Tenant), AppOf(lane), new("code", code));

    private static KeyValuePair<string, object?> Of(TenantId tenant) => new("tenant", tenant.Value);

    private static KeyValuePair<string, object?> AppOf(CredentialKey lane) => new("app", lane.App);

    private IEnumerable<Measurement<T>> OfLanes<T>(Func<LaneStatus, T> figure) where T : struct =>
        lanes().Select(lane => new Measurement<T>(figure(lane), Of(lane.Key.Tenant), AppOf(lane.Key)));

    private IEnumerable<Measurement<T>> OfOutbox<T>(Func<OutboxDepth, DateTimeOffset, T> figure) where T : struct =>
        outbox() is { } reading ? reading.Tenants.Select(depth => new Measurement<T>(figure(depth, reading.Now), Of(depth.Tenant))) : [];

    private static (string Name, string Code) Words(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Accepted => ("accepted", "OK"), // Its name differs with every message.
        SendOutcome.TargetDead dead => ("target_dead", dead.Code),
        SendOutcome.TargetSuspect suspect => ("target_suspect", suspect.Code),
        SendOutcome.TargetForeign foreign => ("target_foreign", foreign.Code),
        SendOutcome.Rejected rejected => ("rejected", rejected.Code),
        SendOutcome.Throttled throttled => ("throttled", throttled.Code),
        SendOutcome.Unavailable away => ("unavailable", away.Code),
        SendOutcome.CredentialFault fault => ("credential_fault", fault.Code),
        _ => throw new UnreachableException("SendOutcome is closed."),
    };

    private static string Word(OutboxState state) => words[state];
}
