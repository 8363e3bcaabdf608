using System.Globalization;
using System.Text.RegularExpressions;

namespace Ringback.Server.Tests.Architecture;

/// <summary>The tests name the rule that they prove; here each rule has one at least, and none is invented.</summary>
public sealed partial class RuleTests
{
    /// <summary>How many rules each part of the requirements has, numbered from 1.</summary>
    private static readonly Dictionary<char, int> parts = new()
    {
        ['A'] = 8, // Provisioning of Firebase credentials.
        ['B'] = 12, // Push events.
        ['C'] = 2, // The settings of queues.
        ['D'] = 10, // The callback engine.
        ['E'] = 3, // APIs.
        ['F'] = 4, // Operating it.
    };

    private static readonly IReadOnlyList<string> rules = [.. parts.SelectMany(part => Enumerable.Range(1, part.Value).Select(number => string.Create(CultureInfo.InvariantCulture, $"{part.Key}{number}")))];

    [Fact]
    public void Every_rule_has_a_test_that_names_it_and_no_test_names_another()
    {
        var named = SourceTree.Files("tests").SelectMany(file => Named(file.Lines).Select(rule => (rule, file.Path))).ToList();
        Assert.Equal([], rules.Except(named.Select(n => n.rule)));
        Assert.Equal([], named.Where(n => !rules.Contains(n.rule)));
    }

    [Fact]
    public void Canaries_only_what_stands_in_an_attribute_of_a_test_counts()
    {
        const string rule = "Z9";
        Assert.Equal([rule], Named([$"    [Fact, Trait(\"Rule\", \"{rule}\")]"]));
        Assert.Equal([rule, rule], Named([$"[Theory, MemberData(nameof(X)), Trait(\"Rule\", \"{rule}\"), Trait(\"Rule\", \"{rule}\")]"]));
        Assert.Equal([rule], Named([$"[Trait(\"Rule\", \"{rule}\")]", "public sealed class XTests"]));
        Assert.Equal([], Named([$"    // [Fact, Trait(\"Rule\", \"{rule}\")]", $"/// proves Trait(\"Rule\", \"{rule}\")", $"(rule {rule})"]));
    }

    private static IEnumerable<string> Named(IEnumerable<string> lines) =>
        lines.Where(line => line.TrimStart().StartsWith('[')).SelectMany(line => RuleTrait().Matches(line)).Select(m => m.Groups["rule"].Value);

    [GeneratedRegex("""Trait\("Rule", "(?<rule>[^"]*)"\)""")]
    private static partial Regex RuleTrait();
}
