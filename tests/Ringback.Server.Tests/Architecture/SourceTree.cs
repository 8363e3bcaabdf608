namespace Ringback.Server.Tests.Architecture;

/// <summary>The repository's files as the tests of its structure see them.</summary>
internal static class SourceTree
{
    /// <summary>Folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>C# files under a folder of the repository, by path relative to it, without what the build makes.</summary>
    public static IEnumerable<(string Path, string[] Lines)> Files(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(Path.Combine(Root, folder), file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "obj" or "bin" or "artifacts")
        orderby path
        select (path, File.ReadAllLines(file));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Ringback.slnx"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("Ringback.slnx is in no parent folder.");
        return folder.FullName;
    }
}
