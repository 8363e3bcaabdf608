using System.Text.RegularExpressions;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>What the pages point at exists.</summary>
public sealed partial class LinkTests
{
    /// <summary>Files of a running site, of its user or of a proposal: they are no sources.</summary>
    private static readonly string[] madeElsewhere =
    [
        "ready.json", "demo-keys.json", "ringback.db", "emulator.jsonl", "ringback.json", "config.json", "service-account.json", "data/", "emulator/", "artifacts/", "artifacts/test-logs/",
    ];

    [Fact]
    public void Every_file_that_a_page_names_exists() => Assert.Empty(Repository.Pages.SelectMany(MissingPaths));

    [Fact]
    public void Every_relative_link_leads_somewhere() => Assert.Empty(Repository.Pages.SelectMany(BrokenLinks));

    [Fact]
    public void Every_test_that_a_page_names_exists() => Assert.Empty(Repository.Pages.SelectMany(MissingTests));

    [Fact]
    public void No_page_shows_a_path_of_somebodys_machine() => Assert.Empty(Repository.Pages.Where(p => MachinePath().IsMatch(p.Text)).Select(p => p.File));

    [Fact]
    public void The_checks_find_what_is_wrong()
    {
        var page = new MarkdownPage("docs/canary.md", """
            `src/Ringback.Engine/Nowhere.cs`, `Ringback.Engine/Nowhere/`, `Nowhere.cs` and [a page](nowhere.md), [a part](glossary.md#nowhere).
            A_test: `No_such_test_as_this`. See /home/somebody/ringback.
            """);
        Assert.Equal(3, MissingPaths(page).Count());
        Assert.Equal(2, BrokenLinks(page).Count());
        Assert.Single(MissingTests(page));
        Assert.Matches(MachinePath(), page.Text);
    }

    [Fact]
    public void The_checks_take_what_is_right()
    {
        var page = new MarkdownPage("docs/canary.md", """
            `src/Ringback.Engine/Delivery/DeliveryLoop.cs`, `Ringback.Engine/Delivery/`, `DeliveryLoop.cs`, `./run.sh`, [a page](glossary.md), [above](../README.md).
            ```
            `src/Nowhere.cs`
            ```
            """);
        Assert.Empty(MissingPaths(page).Concat(BrokenLinks(page)));
        Assert.True(Repository.Pages.Count > 15, "The pages are not found.");
    }

    private static IEnumerable<string> MissingPaths(MarkdownPage page) =>
        page.NamedPaths.Where(path => !madeElsewhere.Contains(path) && !Exists(page, path)).Select(path => $"{page.File} names {path}");

    /// <summary>A path may begin at the root, in src or tests, or beside the page; a bare file name may stand for a file anywhere.</summary>
    private static bool Exists(MarkdownPage page, string path)
    {
        string[] starts = ["", "src/", "tests/", Folder(page)];
        return path.EndsWith('/')
            ? starts.Any(start => Repository.IsFolder(start + path))
            : starts.Any(start => Repository.Files.Contains(start + path)) || (!path.Contains('/', StringComparison.Ordinal) && Repository.Files.Any(f => f.EndsWith("/" + path, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> BrokenLinks(MarkdownPage page)
    {
        foreach (var link in page.RelativeLinks)
        {
            var parts = link.Split('#', 2);
            var target = parts[0].Length == 0 ? page.File : Normal(Folder(page) + parts[0]);
            if (!Repository.Files.Contains(target) && target != page.File && !Repository.IsFolder(target)) yield return $"{page.File} links to {link}";
            else if (parts.Length == 2 && !(target == page.File ? page : Repository.Page(target)).Anchors.Contains(parts[1])) yield return $"{page.File} links to a part that is not there: {link}";
        }
    }

    private static IEnumerable<string> MissingTests(MarkdownPage page) =>
        page.NamedTests.Where(name => !testSources.Value.Contains($" {name}(", StringComparison.Ordinal)).Select(name => $"{page.File} names the test {name}");

    private static readonly Lazy<string> testSources = new(() =>
        string.Concat(Repository.Files.Where(f => f.StartsWith("tests/", StringComparison.Ordinal) && f.EndsWith(".cs", StringComparison.Ordinal)).Select(Repository.Read)));

    private static string Folder(MarkdownPage page) => page.File[..(page.File.LastIndexOf('/') + 1)];

    private static string Normal(string path) => Path.GetRelativePath(Repository.Root, Path.Combine(Repository.Root, path)).Replace('\\', '/').TrimEnd('/');

    [GeneratedRegex(@"(^|[\s""'`(=])/(home|root|work|Users|tmp)/", RegexOptions.Multiline)]
    private static partial Regex MachinePath();
}
