using System.Globalization;
using System.Text.RegularExpressions;

namespace Ringback.Server.Tests.Telemetry;

/// <summary>One line of the exposition: a series and its value.</summary>
internal sealed record Series(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>What a Prometheus server gets to read.</summary>
internal sealed partial class Scrape
{
    private Scrape(string text) => Text = text;

    public string Text { get; }

    public IReadOnlyList<Series> All => [.. Line().Matches(Text).Select(m => new Series(
        m.Groups["name"].Value,
        Label().Matches(m.Groups["labels"].Value).ToDictionary(l => l.Groups["name"].Value, l => l.Groups["value"].Value),
        double.Parse(m.Groups["value"].Value, CultureInfo.InvariantCulture)))];

    /// <summary>Fetches the metrics as a reader on this machine.</summary>
    public static async Task<Scrape> OfAsync(TestSite site)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(site.ServerAddress, "/metrics"), TestContext.Current.CancellationToken);
        return new Scrape(text);
    }

    /// <summary>The sum of the series of that name that have these labels, such as <c>outcome=accepted</c>; null where there is none.</summary>
    public double? Sum(string name, params string[] labels)
    {
        var fitting = All.Where(s => s.Name == name && labels.Select(l => l.Split('=')).All(l => s.Labels.GetValueOrDefault(l[0]) == l[1])).ToList();
        return fitting.Count == 0 ? null : fitting.Sum(s => s.Value);
    }

    [GeneratedRegex("""^(?<name>[a-z_][a-z0-9_]*)(\{(?<labels>[^\n]*)\})? (?<value>[-+0-9.eEInfNa]+)( [0-9.]+)?\r?$""", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex("""(?<name>[a-z_]+)="(?<value>(\\.|[^"\\])*)"[,}]?""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}
