using System.Diagnostics;

namespace Ringback.Measuring;

/// <summary>What every result says about where and when it was measured.</summary>
internal static class Machine
{
    public static string Describe() => $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {Environment.OSVersion}";

    /// <summary>The commit of the working directory, marked where files differ from it.</summary>
    public static string Commit()
    {
        var commit = Git("rev-parse", "--short", "HEAD");
        if (commit.Length == 0) return "unknown";
        return Git("status", "--porcelain", "--untracked-files=no").Length == 0 ? commit : commit + "+changes";
    }

    private static string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        return git?.StandardOutput.ReadToEnd().Trim() ?? "";
    }
}
