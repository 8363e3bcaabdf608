namespace Ringback.Server.Tests.Architecture;

/// <summary>Sizes and names of files and folders.</summary>
public sealed class FileTests
{
    private const int MostLines = 500;

    /// <summary>Larger files, each with its reason.</summary>
    private static readonly Dictionary<string, string> allowed = [];

    private static readonly string[] forbiddenNames = ["Common", "Core", "Helpers", "Utils", "Misc", "Manager"];

    [Fact]
    public void No_file_has_more_than_500_lines()
    {
        var files = Files().ToList();
        Assert.True(files.Count > 150, "The sources were not found.");
        Assert.Equal([], TooLong(files));
        Assert.Equal([], allowed.Keys.Except(files.Where(f => f.Lines > MostLines).Select(f => f.Path)));
    }

    [Fact]
    public void No_folder_or_file_has_a_name_that_says_nothing() => Assert.Equal([], SayingNothing(Files().Select(f => f.Path)));

    [Fact]
    public void Canaries_what_breaks_these_rules_is_found()
    {
        Assert.Equal(["a.cs: 501 lines"], TooLong([("a.cs", 501), ("b.cs", 500)]));
        string[] bad = ["src/A/Helpers/X.cs", "src/A/QueueManager.cs", "src/A.Common/X.cs", "src/A/BaseThing.cs", "src/A/StringUtils.cs"];
        Assert.Equal(bad, SayingNothing([.. bad, "src/A/Baseline.cs", "src/A/Queues/X.cs", "src/A/Utilisation.cs"]));
    }

    private static IEnumerable<(string Path, int Lines)> Files() =>
        from folder in (string[])["src", "tests"]
        from file in SourceTree.Files(folder)
        where !file.Path.Contains("/Migrations/", StringComparison.Ordinal)
        select ($"{folder}/{file.Path}", file.Lines.Length);

    private static IEnumerable<string> TooLong(IEnumerable<(string Path, int Lines)> files) =>
        files.Where(f => f.Lines > MostLines && !allowed.ContainsKey(f.Path)).Select(f => $"{f.Path}: {f.Lines} lines");

    private static IEnumerable<string> SayingNothing(IEnumerable<string> paths) => paths.Where(path => path.Split('/', '.').Any(part =>
        forbiddenNames.Any(name => part.EndsWith(name, StringComparison.Ordinal)) || (part.StartsWith("Base", StringComparison.Ordinal) && part.Length > 4 && char.IsUpper(part[4]))));
}
