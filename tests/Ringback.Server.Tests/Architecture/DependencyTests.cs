using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ringback.Server.Tests.Architecture;

/// <summary>The two tables below are the law (ARCHITECTURE.md): a new arrow is a change here and a sentence in ARCHITECTURE.md.</summary>
public sealed partial class DependencyTests
{
    /// <summary>Which project may refer to which of ours.</summary>
    private static readonly Dictionary<string, string[]> projects = new()
    {
        ["Ringback.Engine"] = [],
        ["Ringback.Storage"] = ["Ringback.Engine"],
        ["Ringback.Cluster"] = ["Ringback.Engine"],
        ["Ringback.Server"] = ["Ringback.Cluster", "Ringback.Engine", "Ringback.Storage"],
        ["Ringback.FcmEmulator"] = [],
    };

    /// <summary>Which slice of Engine may use which; <c>Shared</c> is free for all and uses none.</summary>
    private static readonly Dictionary<string, string[]> slices = new()
    {
        ["Access"] = [],
        ["Callbacks"] = ["Queues", "Notifications", "Delivery"],
        ["CallIn"] = ["Callbacks", "Notifications"],
        ["Delivery"] = [],
        ["Firebase"] = ["Delivery"],
        ["Notifications"] = ["Delivery"],
        ["Queues"] = ["Notifications"],
        ["Shared"] = [],
    };

    [Fact]
    public void Projects_refer_only_to_those_that_they_may()
    {
        var found = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal))
            .ToDictionary(f => Path.GetFileNameWithoutExtension(f), f => File.ReadAllText(f));
        Assert.Equal(projects.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([], found.SelectMany(p => ForeignReferences(p.Key, p.Value)));
    }

    [Fact]
    public void Engine_knows_neither_ASP_NET_nor_SQL() =>
        Assert.Equal([], SourceTree.Files("src/Ringback.Engine").SelectMany(f => Breaches(f.Path, f.Lines, line => ForeignToEngine().IsMatch(line))));

    /// <summary>Calendars and zones are NodaTime's; everything else speaks of instants.</summary>
    [Fact]
    public void Only_the_calendar_knows_NodaTime() =>
        Assert.Equal([], projects.Keys.SelectMany(project => SourceTree.Files($"src/{project}").Where(f => project != "Ringback.Engine" || !f.Path.StartsWith("Queues/Calendar/", StringComparison.Ordinal)))
            .SelectMany(f => Breaches(f.Path, f.Lines, line => Noda().IsMatch(line))));

    [Fact]
    public void Canary_NodaTime_elsewhere_is_found() => Assert.Matches(Noda(), "using NodaTime.Text;");

    [Fact]
    public void Slices_of_Engine_use_only_those_that_they_may()
    {
        var files = SourceTree.Files("src/Ringback.Engine").ToList();
        Assert.True(files.Count > 50, "The sources were not found.");
        Assert.Equal([], files.Select(f => f.Path.Split('/')[0]).Distinct().Except(slices.Keys));
        Assert.Equal([], files.SelectMany(f => ForeignSlices(f.Path, f.Lines)));
    }

    [Fact]
    public void Each_file_stands_in_the_namespace_of_its_folder()
    {
        foreach (var project in projects.Keys)
        {
            foreach (var (path, lines) in SourceTree.Files($"src/{project}").Where(f => f.Path != "Program.cs" && !f.Path.Contains("Migrations/", StringComparison.Ordinal)))
            {
                var expected = $"{project}.{Path.GetDirectoryName(path)!.Replace('/', '.')}".TrimEnd('.').Replace(".Shared", "", StringComparison.Ordinal);
                Assert.Contains($"namespace {expected};", lines);
            }
        }
    }

    [Fact]
    public void Canary_a_forbidden_project_reference_is_found() =>
        Assert.Equal(["Ringback.Engine -> Ringback.Storage"], ForeignReferences("Ringback.Engine", """<Project><ItemGroup><ProjectReference Include="../Ringback.Storage/Ringback.Storage.csproj" /></ItemGroup></Project>"""));

    [Theory]
    [InlineData("Delivery/X.cs", "using Ringback.Engine.Firebase;", "Delivery/X.cs:2: Delivery -> Firebase")]
    [InlineData("Queues/X.cs", "    private Ringback.Engine.Callbacks.Callback c;", "Queues/X.cs:2: Queues -> Callbacks")]
    [InlineData("Queues/X.cs", "    private Callbacks.Callback c;", "Queues/X.cs:2: Queues -> Callbacks")]
    [InlineData("Shared/X.cs", "using static Ringback.Engine.Queues.WaitEstimate;", "Shared/X.cs:2: Shared -> Queues")]
    [InlineData("CallIn/X.cs", "global using A = Ringback.Engine.Access.ApiKey;", "CallIn/X.cs:2: CallIn -> Access")]
    public void Canary_a_forbidden_arrow_between_slices_is_found(string path, string line, string breach) => Assert.Equal([breach], ForeignSlices(path, ["namespace X;", line]));

    [Theory]
    [InlineData("Callbacks/X.cs", "using Ringback.Engine.Queues;")]
    [InlineData("Callbacks/X.cs", "    // Firebase.Sender is none of our business: Ringback.Engine.Firebase")]
    [InlineData("Queues/X.cs", "    var waiting = snapshot.Callbacks.Count + this.Callbacks.Where(c => c.IsDue).Count();")]
    public void Canary_what_is_allowed_is_not_found(string path, string line) => Assert.Empty(ForeignSlices(path, [line]));

    [Theory]
    [InlineData("using Microsoft.AspNetCore.Http;")]
    [InlineData("using Microsoft.Data.Sqlite;")]
    [InlineData("using Microsoft.EntityFrameworkCore;")]
    [InlineData("    Orleans.Grain g;")]
    public void Canary_the_web_and_the_database_are_found_in_Engine(string line) => Assert.Matches(ForeignToEngine(), line);

    private static IEnumerable<string> ForeignReferences(string project, string xml) =>
        from reference in XDocument.Parse(xml).Descendants("ProjectReference")
        let target = Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))
        where !projects[project].Contains(target)
        select $"{project} -> {target}";

    private static IEnumerable<string> ForeignSlices(string path, string[] lines)
    {
        var slice = path.Split('/')[0];
        for (var i = 0; i < lines.Length; i++)
        {
            var code = Comment().Replace(lines[i], "");
            foreach (var used in SliceName().Matches(code).Select(m => m.Groups["slice"].Value).Distinct())
            {
                if (used != slice && used != "Shared" && !slices[slice].Contains(used)) yield return $"{path}:{i + 1}: {slice} -> {used}";
            }
        }
    }

    private static IEnumerable<string> Breaches(string path, string[] lines, Func<string, bool> isBreach) =>
        lines.Select((line, i) => (line, i)).Where(l => isBreach(Comment().Replace(l.line, ""))).Select(l => $"{path}:{l.i + 1}: {l.line.Trim()}");

    /// <summary>A slice's namespace, in full or as Engine's own files may shorten it; not a member of that name behind a dot, and not a namespace declaration.</summary>
    [GeneratedRegex(@"(?<!namespace )(?:Ringback\.Engine\.|(?<![\w.])(?:Engine\.)?)(?<slice>Access|Callbacks|CallIn|Delivery|Firebase|Notifications|Queues)(?=;|\.[A-Z]\w*(?:[.;,?>\s)\[]|$))")]
    private static partial Regex SliceName();

    [GeneratedRegex(@"\bNodaTime\b")]
    private static partial Regex Noda();

    [GeneratedRegex(@"//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(Microsoft\.AspNetCore|Microsoft\.EntityFrameworkCore|Microsoft\.Data|System\.Data|Npgsql|Orleans)\b")]
    private static partial Regex ForeignToEngine();
}
