using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>The page of the measurements tells of every committed result, and says what its file says.</summary>
public sealed partial class ResultsDocTests
{
    private const string Folder = "bench/results/";

    private static readonly MarkdownPage page = Repository.Page(Folder + "README.md");

    [Fact]
    public void Every_result_is_on_the_page_and_no_other() =>
        Assert.Equal(Repository.Files.Where(f => f.StartsWith(Folder, StringComparison.Ordinal) && f.EndsWith(".json", StringComparison.Ordinal)).Select(f => f[Folder.Length..]).Order(StringComparer.Ordinal), Files(page).Order(StringComparer.Ordinal));

    [Fact]
    public void The_ratios_and_commits_are_those_of_the_files() => Assert.Empty(Mistakes(page));

    [Fact]
    public void A_figure_that_is_another_is_noticed()
    {
        var file = Files(page).First(f => RatioOf(Read(f)) is not null);
        Assert.Equal(2, Mistakes(new MarkdownPage(Folder + "README.md", $"| [x]({file}) | 99.99 × | none | abcdef0 | all |")).Count());
    }

    private static IEnumerable<string> Files(MarkdownPage page) => page.RelativeLinks.Where(link => link.EndsWith(".json", StringComparison.Ordinal));

    /// <summary>A row: what, with a link to its file; the figure; the goal; the commit; what limits it.</summary>
    private static IEnumerable<string> Mistakes(MarkdownPage page)
    {
        foreach (var row in MarkdownPage.Rows(page.Text).Where(row => row[0].Contains(".json)", StringComparison.Ordinal)))
        {
            var file = FileIn().Match(row[0]).Groups["file"].Value;
            var result = Read(file);
            if (result.GetProperty("commit").GetString() is var commit && commit != row[3]) yield return $"{file} is of {commit}, the page says {row[3]}.";
            if (RatioOf(result) is { } ratio && !row[1].StartsWith(string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} ×"), StringComparison.Ordinal)) yield return $"{file} has {ratio:0.00} ×, the page says {row[1]}.";
        }
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(Repository.Read(Folder + file)).RootElement;

    /// <summary>The ratio to the peer; null where a result has none or several.</summary>
    private static double? RatioOf(JsonElement result) =>
        result.TryGetProperty("ratioOfMedians", out var ratio) || result.TryGetProperty("ratio", out ratio) || (result.TryGetProperty("peer", out var peer) && peer.ValueKind == JsonValueKind.Object && peer.TryGetProperty("ratio", out ratio))
            ? ratio.GetDouble() : null;

    [GeneratedRegex(@"\((?<file>[^)]+\.json)\)")]
    private static partial Regex FileIn();
}
