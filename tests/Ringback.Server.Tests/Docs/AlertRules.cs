using System.Text.RegularExpressions;

namespace Ringback.Server.Tests.Docs;

/// <summary>One rule of the example, and what its expression says of labels.</summary>
internal sealed partial record Alert(string Name, string Text)
{
    public string Expression => ExpressionLine().Match(Text).Groups["expression"].Value;

    public static IReadOnlyList<Alert> In(string rules) => [.. rules.Split("      - alert: ")[1..].Select(text => new Alert(text.Split('\n')[0], text))];

    /// <summary>What does not fit to the page of the metrics: labels that a metric has not, values that a label never has.</summary>
    public IEnumerable<string> Mistakes(MetricsPage page)
    {
        if (Unread().Match(Expression) is { Success: true } word) yield return $"{Name}: this check does not know {word.Value}";
        foreach (Match selector in Selector().Matches(Expression))
        {
            var metric = selector.Groups["metric"].Value;
            foreach (Match matcher in Matcher().Matches(selector.Groups["matchers"].Value))
            {
                var label = matcher.Groups["label"].Value;
                if (!page.LabelsOf(metric).Contains(label)) yield return $"{Name}: {metric} has no label {label}";
                foreach (var value in matcher.Groups["value"].Value.Split('|').Except(page.ValuesOf(label))) yield return $"{Name}: {label} is never {value}";
            }
        }
        foreach (var (labels, operand) in Groupings())
        {
            foreach (var metric in Metric().Matches(operand).Select(m => m.Value))
                foreach (var label in labels.Except(page.LabelsOf(metric))) yield return $"{Name}: {metric} has no label {label}";
        }
        var kept = Groupings().SelectMany(g => g.Labels).ToList();
        if (!Aggregation().IsMatch(Expression)) kept.AddRange(Metric().Matches(Expression).SelectMany(m => page.LabelsOf(m.Value)));
        foreach (var label in Shown().Matches(Text).Select(m => m.Groups["label"].Value).Distinct().Except(kept)) yield return $"{Name}: nothing is left of the label {label} to show";
    }

    /// <summary>What is grouped by which labels.</summary>
    private IEnumerable<(string[] Labels, string Operand)> Groupings()
    {
        foreach (Match by in By().Matches(Expression))
        {
            var end = by.Index + by.Length;
            for (var depth = 1; depth > 0 && end < Expression.Length; end++) depth += Expression[end] switch { '(' => 1, ')' => -1, _ => 0 };
            yield return (by.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries), Expression[(by.Index + by.Length)..end]);
        }
    }

    [GeneratedRegex(@"^        expr: (?<expression>.+)$", RegexOptions.Multiline)]
    private static partial Regex ExpressionLine();

    [GeneratedRegex(@"\b(without|on|ignoring|group_left|group_right|label_replace|label_join)\b")]
    private static partial Regex Unread();

    [GeneratedRegex(@"(?<metric>\w+)\{(?<matchers>[^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<label>\w+)\s*(=~|!~|!=|=)\s*"(?<value>[^"]*)["]""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\bby \((?<labels>[^)]*)\)\s*\(")]
    private static partial Regex By();

    [GeneratedRegex(@"\b(sum|max|min|avg|count)\b")]
    private static partial Regex Aggregation();

    [GeneratedRegex(@"\bringback_\w+|\bup\b")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\$labels\.(?<label>\w+)")]
    private static partial Regex Shown();
}

/// <summary>What docs/operations/metrics.md says of metrics, their labels, and the values of those.</summary>
internal sealed partial class MetricsPage(string text)
{
    private readonly Dictionary<string, string[]> labels = MarkdownPage.Rows(text)
        .Where(row => row[0].StartsWith("`ringback_", StringComparison.Ordinal))
        .ToDictionary(row => row[0].Trim('`'), row => MarkdownPage.SpansIn(row[2]).ToArray());

    private readonly Dictionary<string, string[]> values = ValueList().Matches(text)
        .ToDictionary(m => m.Groups["label"].Value, m => MarkdownPage.SpansIn(m.Groups["values"].Value).ToArray());

    public IReadOnlyList<string> LabelsOf(string metric) =>
        metric == "up" ? ["job", "instance"]
        : labels.TryGetValue(metric, out var own) ? own
        : metric.EndsWith("_bucket", StringComparison.Ordinal) ? [.. labels[metric[..^"_bucket".Length]], "le"]
        : [];

    /// <summary>The names of the job in the example of a scrape, or the list that begins with the label's name.</summary>
    public IReadOnlyList<string> ValuesOf(string label) =>
        label == "job" ? [.. JobName().Matches(text).Select(m => m.Groups["name"].Value)] : values.GetValueOrDefault(label, []);

    [GeneratedRegex(@"^- `(?<label>\w+)` is (?<values>.+)$", RegexOptions.Multiline)]
    private static partial Regex ValueList();

    [GeneratedRegex(@"job_name: (?<name>\w+)")]
    private static partial Regex JobName();
}
