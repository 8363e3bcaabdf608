using System.Text.RegularExpressions;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>A markdown page as far as the checks need it. What stands in a fenced block is an example and makes no claim.</summary>
internal sealed partial class MarkdownPage(string file, string text)
{
    private static readonly string[] pathEnds = [".cs", ".csproj", ".md", ".json", ".sh", ".props", ".slnx", ".txt", ".jsonl", ".db", ".yml"];

    private readonly string prose = Fence().Replace(text, "");

    /// <summary>Path from the root of the repository.</summary>
    public string File => file;

    /// <summary>Everything, fenced blocks too.</summary>
    public string Text => text;

    /// <summary>Targets of links that lead to no other site.</summary>
    public IEnumerable<string> RelativeLinks =>
        Link().Matches(CodeSpan().Replace(prose, "")).Select(m => m.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>What stands between backticks.</summary>
    public IEnumerable<string> CodeSpans => CodeSpan().Matches(prose).Select(m => m.Groups["code"].Value);

    /// <summary>Code spans that name a file or, with a slash at the end, a folder.</summary>
    public IEnumerable<string> NamedPaths => CodeSpans.Where(IsPath).Select(span => span.StartsWith("./", StringComparison.Ordinal) ? span[2..] : span);

    /// <summary>Code spans that name a test: a sentence with underscores.</summary>
    public IEnumerable<string> NamedTests => CodeSpans.Where(span => TestName().IsMatch(span));

    /// <summary>Names that a link may jump to: headings as GitHub writes them, and explicit ones.</summary>
    public IReadOnlySet<string> Anchors =>
        Heading().Matches(prose).Select(m => Slug(m.Groups["title"].Value)).Concat(Anchor().Matches(prose).Select(m => m.Groups["id"].Value)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Titles of the headings of one level.</summary>
    public IEnumerable<string> Headings(int level) =>
        Heading().Matches(prose).Where(m => m.Groups["level"].Length == level).Select(m => m.Groups["title"].Value.Trim());

    /// <summary>The part of the page under a heading, up to the next of the same level or above; code spans and all.</summary>
    public string Section(string title)
    {
        var lines = prose.Split('\n');
        var start = Array.FindIndex(lines, line => line.TrimStart('#').Trim() == title && line.StartsWith('#'));
        Assert.True(start >= 0, $"{file} has no heading '{title}'.");
        var level = lines[start].TakeWhile(c => c == '#').Count();
        return string.Join('\n', lines.Skip(start + 1).TakeWhile(line => !line.StartsWith('#') || line.TakeWhile(c => c == '#').Count() > level));
    }

    /// <summary>The rows of the tables in a text, cell by cell, without their headings.</summary>
    public static IReadOnlyList<string[]> Rows(string section) =>
        [.. section.Split('\n').Where(line => line.StartsWith('|') && !line.Contains("|---", StringComparison.Ordinal))
            .Select(line => line.Trim().Trim('|').Split(" | ").Select(cell => cell.Trim().Trim('|').Trim()).ToArray())];

    public static IEnumerable<string> SpansIn(string text) => CodeSpan().Matches(text).Select(m => m.Groups["code"].Value);

    public static bool IsPath(string span)
    {
        if (!PathForm().IsMatch(span)) return false;
        return span.EndsWith('/') ? !span.StartsWith('/') : pathEnds.Any(end => span.EndsWith(end, StringComparison.Ordinal));
    }

    private static string Slug(string title) =>
        new([.. title.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_').Select(c => c == ' ' ? '-' : c)]);

    [GeneratedRegex(@"^```.*?^```[^\S\n]*$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`(?<code>[^`\n]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"^(?<level>#{1,6}) (?<title>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("<a id=\"(?<id>[^\"]+)\"></a>")]
    private static partial Regex Anchor();

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)*_[a-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$")]
    private static partial Regex TestName();

    [GeneratedRegex(@"^[A-Za-z0-9._][A-Za-z0-9._/-]*$")]
    private static partial Regex PathForm();
}
