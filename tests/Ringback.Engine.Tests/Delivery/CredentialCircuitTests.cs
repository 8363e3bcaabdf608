using CsCheck;
using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

/// <summary>The circuit of a credential: one probe at a time, then open for all.</summary>
public sealed class CredentialCircuitTests
{
    private const string Code = "credential.key_revoked";
    private static readonly DateTimeOffset start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_fault_opens_it_and_after_the_rest_one_push_at_a_time_goes_out()
    {
        var circuit = Opened();
        Assert.Equal((CircuitState.Open, Code, false), (circuit.State(start), circuit.Code(start), circuit.Admits(start)));
        Assert.Equal(start + RetrySchedule.CredentialRest, circuit.OpenUntil(start));
        var later = start + RetrySchedule.CredentialRest;
        Assert.Equal((CircuitState.Probing, true), (circuit.State(later), circuit.Admits(later)));
        circuit.Begin();
        Assert.False(circuit.Admits(later));
    }

    [Fact]
    public void A_probe_that_the_service_looks_at_closes_it()
    {
        var circuit = Opened();
        var later = start + RetrySchedule.CredentialRest;
        Assert.True(circuit.End(circuit.Begin(), fault: null, isJudged: true, later));
        Assert.Equal((CircuitState.Closed, true), (circuit.State(later), circuit.Admits(later)));
        Assert.Null(circuit.Code(later));
    }

    [Fact]
    public void A_probe_that_meets_the_fault_again_opens_it_for_another_rest()
    {
        var circuit = Opened();
        var later = start + RetrySchedule.CredentialRest;
        Assert.True(circuit.End(circuit.Begin(), Code, isJudged: false, later));
        Assert.Equal(later + RetrySchedule.CredentialRest, circuit.OpenUntil(later));
    }

    [Fact]
    public void A_probe_without_a_judgement_is_followed_by_the_next()
    {
        var circuit = Opened();
        var later = start + RetrySchedule.CredentialRest;
        Assert.False(circuit.End(circuit.Begin(), fault: null, isJudged: false, later));
        Assert.Equal((CircuitState.Probing, true), (circuit.State(later), circuit.Admits(later)));
    }

    [Fact]
    public void What_went_out_before_it_opened_neither_prolongs_the_rest_nor_ends_it()
    {
        var circuit = new CredentialCircuit();
        int[] begun = [circuit.Begin(), circuit.Begin(), circuit.Begin()];
        circuit.End(begun[0], Code, isJudged: false, start);
        Assert.False(circuit.End(begun[1], Code, isJudged: false, start.AddSeconds(9)));
        Assert.False(circuit.End(begun[2], fault: null, isJudged: true, start.AddSeconds(9)));
        Assert.Equal(start + RetrySchedule.CredentialRest, circuit.OpenUntil(start.AddSeconds(9)));
    }

    [Fact]
    public void New_credentials_are_probed_at_once_and_a_late_refusal_of_the_old_ones_changes_nothing()
    {
        var circuit = new CredentialCircuit();
        int[] begun = [circuit.Begin(), circuit.Begin()];
        circuit.End(begun[0], Code, isJudged: false, start);
        circuit.Renew();
        Assert.Equal((CircuitState.Probing, true), (circuit.State(start), circuit.Admits(start)));
        Assert.False(circuit.End(begun[1], Code, isJudged: false, start));
        Assert.True(circuit.End(circuit.Begin(), fault: null, isJudged: true, start));
        Assert.Equal(CircuitState.Closed, circuit.State(start));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_fault_that_nothing_meets_again_is_forgotten_and_the_next_one_is_a_fault_like_the_first(bool isRenewed)
    {
        var circuit = Opened();
        if (isRenewed) circuit.Renew();
        var last = start + CredentialCircuit.Memory - TimeSpan.FromSeconds(1);
        Assert.Equal((CircuitState.Probing, Code), (circuit.State(last), circuit.Code(last)));
        var later = start + CredentialCircuit.Memory;
        Assert.Equal((CircuitState.Closed, null), (circuit.State(later), circuit.Code(later)));
        int[] begun = [circuit.Begin(), circuit.Begin()];
        Assert.True(circuit.Admits(later));
        Assert.True(circuit.End(begun[0], Code, isJudged: false, later));
        Assert.Equal(CircuitState.Open, circuit.State(later));
        Assert.False(circuit.End(begun[1], fault: null, isJudged: true, later));
    }

    [Fact]
    public void A_fault_that_pushes_keep_meeting_is_never_forgotten()
    {
        var circuit = Opened();
        for (var now = start; now < start + (3 * CredentialCircuit.Memory); now += RetrySchedule.CredentialRest)
        {
            Assert.NotEqual(CircuitState.Closed, circuit.State(now));
            circuit.End(circuit.Begin(), Code, isJudged: false, now);
        }
    }

    /// <summary>Whatever the service answers and whenever: nothing goes out while it is open, never two probes at once, and it is never stuck.</summary>
    [Fact]
    public void Whatever_happens_it_admits_one_probe_at_a_time_and_never_gets_stuck() =>
        Gen.Select(Gen.Int[0, 5], Gen.Frequency((19, Gen.Int[0, 40]), (1, Gen.Const(1_000))), Gen.Int[0, 9]).Array[0, 80].Sample(steps =>
        {
            var circuit = new CredentialCircuit();
            var now = start;
            var inFlight = new List<(int Begun, bool IsProbe)>();
            foreach (var (what, seconds, which) in steps)
            {
                now = now.AddSeconds(seconds);
                if (what == 0) Renew();
                else if (what <= 2 && circuit.Admits(now)) Begin();
                else if (inFlight.Count > 0) End(which % inFlight.Count, what);
                if (inFlight.Count(p => p.IsProbe) > 1) return false;
                if (circuit.State(now) == CircuitState.Open && circuit.Admits(now)) return false;
            }
            while (inFlight.Count > 0) End(0, 5);
            return circuit.Admits(now + RetrySchedule.CredentialRest);

            void Begin()
            {
                var isProbe = circuit.State(now) == CircuitState.Probing;
                if (!isProbe) NoProbes(); // It may be closed because the fault was forgotten, with a probe of then on its way.
                inFlight.Add((circuit.Begin(), isProbe));
            }

            void Renew()
            {
                circuit.Renew();
                NoProbes(); // What they meet no longer counts.
            }

            void NoProbes() => inFlight = [.. inFlight.Select(p => p with { IsProbe = false })];

            void End(int index, int what)
            {
                var (begun, _) = inFlight[index];
                inFlight.RemoveAt(index);
                circuit.End(begun, what == 3 ? Code : null, isJudged: what == 4, now);
            }
        });

    private static CredentialCircuit Opened()
    {
        var circuit = new CredentialCircuit();
        Assert.True(circuit.End(circuit.Begin(), Code, isJudged: false, start));
        return circuit;
    }
}
