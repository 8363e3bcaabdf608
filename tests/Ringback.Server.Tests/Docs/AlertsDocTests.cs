using System.Text.Json;
using Ringback.Engine.Delivery;

namespace Ringback.Server.Tests.Docs;

/// <summary>The example of alerts has those that are promised, and asks for labels and values that the metrics have.</summary>
public sealed class AlertsDocTests
{
    private const string Rules = "deploy/prometheus-rules.yml";

    /// <summary>Queue state older than 60 s, age of the oldest unsent push, credential fault, attempts of unknown outcome, promises missed.</summary>
    private static readonly string[] promised =
        ["ringback_queues_stale", "ringback_outbox_oldest_age_seconds", "ringback_circuit_state", "ringback_attempts_unknown", "ringback_promises_missed"];

    private static readonly MetricsPage page = new(Repository.Read("docs/operations/metrics.md"));

    [Fact, Trait("Rule", "F4")]
    public void Each_of_the_five_concerns_has_an_alert() => Assert.Equal([], Unwatched(Repository.Read(Rules)));

    [Fact]
    public void A_concern_whose_alert_is_gone_is_noticed()
    {
        var rules = Repository.Read(Rules);
        foreach (var metric in promised)
            Assert.Equal([metric], Unwatched(string.Concat(Alert.In(rules).Where(a => !a.Expression.Contains(metric, StringComparison.Ordinal)).Select(a => "      - alert: " + a.Text))));
    }

    [Fact]
    public void Every_alert_has_an_expression_a_severity_and_words()
    {
        var alerts = Alert.In(Repository.Read(Rules));
        Assert.All(alerts, alert => Assert.All((string[])["        expr: ", "        labels: { severity: ", "          summary: \"", "          description: \""], part => Assert.Contains(part, alert.Text, StringComparison.Ordinal)));
        Assert.All(alerts, alert => Assert.DoesNotContain('\t', alert.Text));
        Assert.Equal(alerts.Count, alerts.Select(a => a.Name).Distinct().Count());
    }

    [Fact, Trait("Rule", "F4")]
    public void Every_label_and_every_value_that_an_alert_asks_for_is_one_of_its_metric() => Assert.Equal([], Alert.In(Repository.Read(Rules)).SelectMany(alert => alert.Mistakes(page)));

    [Theory]
    [InlineData("""ringback_token_refreshes_total{result="refusd"} > 0""", "X: result is never refusd")]
    [InlineData("""ringback_push_ended_total{state="expird"} > 0""", "X: state is never expird")]
    [InlineData("""ringback_push_sends_total{outcome=~"rejected|target_foregn"} > 0""", "X: outcome is never target_foregn")]
    [InlineData("""ringback_push_sends_total{code="THIRD_PARTY"} > 0""", "X: code is never THIRD_PARTY")]
    [InlineData("""ringback_push_sends_total{cod="OK"} > 0""", "X: ringback_push_sends_total has no label cod|X: cod is never OK")]
    [InlineData("""up{job="ringbak"} == 0""", "X: job is never ringbak")]
    [InlineData("max by (tennant) (ringback_circuit_state) > 0", "X: ringback_circuit_state has no label tennant")]
    [InlineData("sum by (tenant) (rate(ringback_push_sends_total[5m])) > 0", "X: ringback_push_sends_total has no label tenant")]
    [InlineData("sum by (le, evnt) (rate(ringback_push_latency_seconds_bucket[5m])) > 0", "X: ringback_push_latency_seconds_bucket has no label evnt")]
    [InlineData("sum(ringback_circuit_state) without (tenant) > 0", "X: this check does not know without")]
    [InlineData("max(ringback_circuit_state) > 0\n  summary: {{ $labels.tenant }}", "X: nothing is left of the label tenant to show")]
    [InlineData("ringback_circuit_state > 0\n  summary: {{ $labels.tennant }}", "X: nothing is left of the label tennant to show")]
    [InlineData("max by (tenant) (ringback_circuit_state) > 0\n  summary: {{ $labels.tenant }}", "")]
    public void A_label_or_value_that_does_not_exist_is_noticed(string expression, string mistakes) =>
        Assert.Equal(mistakes, string.Join('|', Assert.Single(Alert.In($"      - alert: X\n        expr: {expression}\n")).Mistakes(page)));

    [Fact]
    public void The_lists_of_outcomes_and_states_are_those_of_the_code()
    {
        Assert.Equal(Words(typeof(SendOutcome).GetNestedTypes().Select(type => type.Name)), page.ValuesOf("outcome").Order(StringComparer.Ordinal));
        Assert.Equal(Words(Enum.GetValues<OutboxState>().Except([OutboxState.Pending, OutboxState.Cancelled]).Select(state => state.ToString())), page.ValuesOf("state").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Words(IEnumerable<string> names) => names.Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Unwatched(string rules) => promised.Where(metric => !Alert.In(rules).Any(alert => alert.Expression.Contains(metric, StringComparison.Ordinal)));
}
