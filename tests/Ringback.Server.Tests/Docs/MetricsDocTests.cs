using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Server.Tests.Telemetry;

namespace Ringback.Server.Tests.Docs;

/// <summary>The tables of docs/operations/metrics.md are the instruments of the code, and the labels those that a site shows.</summary>
public sealed partial class MetricsDocTests
{
    private const string Rules = "deploy/prometheus-rules.yml";
    private const string File = "docs/operations/metrics.md";

    [Fact]
    public async Task The_table_names_every_instrument_with_its_kind_labels_and_meaning_and_no_other()
    {
        using var published = new Published();
        await using var site = await TestSite.StartAsync();
        await MetricsStory.PlayAsync(site);
        var series = (await Scrape.OfAsync(site)).All;

        var expected = published.Of(site.Services.GetRequiredService<IMeterFactory>()).Select(i => Row(i, series));
        Assert.Equal(expected.Order(StringComparer.Ordinal), Rows(Repository.Page(File)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_row_that_says_something_else_is_noticed()
    {
        using var meter = new Meter("x");
        Series[] series = [new("ringback_push_sends_total", new Dictionary<string, string> { ["outcome"] = "accepted", ["code"] = "OK" }, 1)];
        var row = Row(meter.CreateCounter<long>("ringback.push.sends", null, "Sends that have ended, by what the push service answered."), series);
        var page = Rows(Repository.Page(File)).ToList();
        Assert.Contains(row, page);
        Assert.DoesNotContain(row.Replace("counter", "gauge", StringComparison.Ordinal), page);
        Assert.Throws<InvalidOperationException>(() => Row(meter.CreateCounter<long>("ringback.nothing", null, "Shown by nobody."), series));
    }

    [Fact]
    public void Every_metric_that_the_example_of_alerts_names_exists() => Assert.Equal([], Unknown(Repository.Read(Rules)));

    [Fact]
    public void A_metric_that_does_not_exist_is_noticed() =>
        Assert.Equal(["ringback_push_snd_total"], Unknown("expr: rate(ringback_push_snd_total[5m]) + rate(ringback_push_sends_total[5m]) + ringback_push_latency_seconds_bucket"));

    /// <summary>The names that the tables do not have. A histogram has three.</summary>
    private static IEnumerable<string> Unknown(string rules)
    {
        var known = MarkdownPage.Rows(Repository.Read(File)).Where(row => row[0].StartsWith("`ringback_", StringComparison.Ordinal)).Select(row => (Name: row[0].Trim('`'), Kind: row[1])).ToList();
        var names = known.SelectMany(k => k.Kind == "histogram" ? (string[])[k.Name, k.Name + "_bucket", k.Name + "_sum", k.Name + "_count"] : [k.Name]);
        return MetricName().Matches(rules).Select(m => m.Value).Distinct().Except(names);
    }

    [GeneratedRegex(@"\bringback_[a-z_]+\b")]
    private static partial Regex MetricName();

    private static string Row(Instrument instrument, IReadOnlyList<Series> series)
    {
        var (name, kind) = NameOf(instrument);
        var own = series.Where(s => s.Name == name || s.Name == name + "_count").ToList();
        if (own.Count == 0) throw new InvalidOperationException($"{name} has no series; the story must show it.");
        return $"`{name}` | {kind} | {string.Join(", ", own.SelectMany(s => s.Labels.Keys).Distinct().Order(StringComparer.Ordinal).Select(l => $"`{l}`"))} | {instrument.Description}";
    }

    /// <summary>The name as Prometheus has it: underscores, the unit, and _total for what is counted.</summary>
    private static (string Name, string Kind) NameOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        var form = instrument.GetType().Name;
        return form.StartsWith("Histogram", StringComparison.Ordinal) ? (name, "histogram") : form.Contains("Counter", StringComparison.Ordinal) ? (name + "_total", "counter") : (name, "gauge");
    }

    private static IEnumerable<string> Rows(MarkdownPage page) =>
        MarkdownPage.Rows(page.Text).Where(row => row[0].StartsWith("`ringback_", StringComparison.Ordinal)).Select(row => string.Join(" | ", row));

    /// <summary>Every instrument that comes into being while it lives.</summary>
    private sealed class Published : IDisposable
    {
        private readonly List<Instrument> all = [];
        private readonly MeterListener listener;

        public Published()
        {
            listener = new MeterListener
            {
                InstrumentPublished = (instrument, _) =>
                {
                    lock (all) all.Add(instrument);
                },
            };
            listener.Start();
        }

        public IReadOnlyList<Instrument> Of(IMeterFactory factory)
        {
            lock (all) return [.. all.Where(i => i.Meter.Name.StartsWith("Ringback.", StringComparison.Ordinal) && ReferenceEquals(i.Meter.Scope, factory))];
        }

        public void Dispose() => listener.Dispose();
    }
}
