using System.Text.RegularExpressions;
using Ringback.Engine;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>The nine steps and the crash table of ARCHITECTURE.md against the code.</summary>
public sealed class ArchitectureTests
{
    private const int Steps = 9;
    private static readonly MarkdownPage page = Repository.Page("ARCHITECTURE.md");

    [Fact]
    public void Every_step_names_exactly_the_files_that_carry_its_marker()
    {
        var named = NamedFiles(page);
        Assert.Equal(Enumerable.Range(1, Steps), named.Keys.Order());
        for (var step = 1; step <= Steps; step++) Assert.Equal(MarkedFiles(step), named[step].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_marker_is_beyond_the_last_step() => Assert.Empty(MarkedFiles(Steps + 1).Concat(MarkedFiles(0)));

    [Fact]
    public void Every_crash_point_is_in_the_crash_table_in_the_order_of_a_pushs_life() => Assert.Equal(CrashPoints.All, CrashRows(page));

    [Fact]
    public void Every_decision_is_in_the_list() =>
        Assert.Equal(
            Repository.Files.Where(f => f.StartsWith("docs/adr/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            page.RelativeLinks.Where(l => l.StartsWith("docs/adr/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_decision_follows_the_template() =>
        Assert.All(Repository.Pages.Where(p => p.File.StartsWith("docs/adr/", StringComparison.Ordinal)), decision =>
            Assert.Equal(["Status", "Context", "Options", "Decision", "Consequences"], decision.Headings(2)));

    [Fact]
    public void The_checks_find_what_is_wrong()
    {
        var wrong = new MarkdownPage("ARCHITECTURE.md", """
            ## The life of a push
            | Step | What | Where |
            |---|---|---|
            | 7 | Token | `Ringback.Engine/Delivery/RetrySchedule.cs` |
            ## Crashes
            | Point | What |
            |---|---|
            | `before-commit` | nothing |
            """);
        Assert.NotEqual(MarkedFiles(7), NamedFiles(wrong)[7]);
        Assert.NotEqual(CrashPoints.All, CrashRows(wrong));
        Assert.NotEmpty(MarkedFiles(7));
    }

    private static Dictionary<int, List<string>> NamedFiles(MarkdownPage from) =>
        MarkdownPage.Rows(from.Section("The life of a push")).Where(row => int.TryParse(row[0], out _))
            .ToDictionary(row => int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture), row => MarkdownPage.SpansIn(row[^1]).Where(MarkdownPage.IsPath).Select(path => "src/" + path).ToList());

    private static IEnumerable<string> MarkedFiles(int step) =>
        Repository.Files.Where(f => f.StartsWith("src/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal) && Regex.IsMatch(Repository.Read(f), $@"//.*\bStep {step}\b"))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<string> CrashRows(MarkdownPage from) =>
        MarkdownPage.Rows(from.Section("Crashes")).SelectMany(row => MarkdownPage.SpansIn(row[0]).Take(1));
}
