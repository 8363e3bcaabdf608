using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>The checked-out sources, found from where the tests were built.</summary>
internal static class Repository
{
    /// <summary>Set to 1, the pages that are made from the code are written instead of compared.</summary>
    public const string RewriteSwitch = "RINGBACK_REWRITE_DOCS";

    private static readonly string[] notSources = ["artifacts", "data", "bin", "obj", ".git", "node_modules"];

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every source file by its path from the root, with forward slashes.</summary>
    public static IReadOnlySet<string> Files { get; } = List(Root).ToHashSet(StringComparer.Ordinal);

    /// <summary>The markdown pages that make claims about the sources.</summary>
    public static IReadOnlyList<MarkdownPage> Pages { get; } =
        [.. Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Page)];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static MarkdownPage Page(string file) => new(file, Read(file));

    public static bool IsFolder(string path) => Files.Any(file => file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>Compares a page that is made from the code with the one in the repository, or writes it.</summary>
    public static void Compare(string file, string made)
    {
        if (Environment.GetEnvironmentVariable(RewriteSwitch) == "1") File.WriteAllText(Path.Combine(Root, file), made);
        Assert.True(File.ReadAllText(Path.Combine(Root, file)) == made, $"{file} is out of step with the code. Run the tests once with {RewriteSwitch}=1 and look at the diff.");
    }

    private static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Ringback.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException($"No Ringback.slnx above {from}.");
    }

    private static IEnumerable<string> List(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (var inner in Directory.EnumerateDirectories(folder).Where(f => !notSources.Contains(Path.GetFileName(f))))
        {
            foreach (var file in List(inner)) yield return file;
        }
    }
}
