using System.Diagnostics;
using System.Globalization;

namespace Ringback.Engine;

/// <summary>
/// Named places where a crash test ends the process as <c>kill -9</c> would. Inert unless <c>RINGBACK_CRASH_POINT</c> was set when
/// the process started: <c>name</c> ends it at the first pass, <c>name:n</c> at the n-th, <c>@file</c> at the first pass of the name that the file
/// holds at that time, so that a test can set its scene first.
/// </summary>
public static class CrashPoints
{
    /// <summary>Checked by the queue's owner: the change is in memory, nothing is written.</summary>
    public const string BeforeCommit = "before-commit";

    /// <summary>Inside the open transaction: the statements have run, COMMIT has not.</summary>
    public const string DuringCommit = "during-commit";

    /// <summary>The change is durable; nobody was answered and nothing was handed to delivery.</summary>
    public const string AfterCommit = "after-commit";

    /// <summary>Delivery holds the row in memory and the row's lease names this process.</summary>
    public const string HandedOver = "handed-over";

    /// <summary>An access token was fetched, the message was not sent.</summary>
    public const string BeforeSend = "before-send";

    /// <summary>FCM has answered, the answer is not recorded: the one place where a resend repeats a message.</summary>
    public const string AfterSend = "after-send";

    /// <summary>The answer is durable.</summary>
    public const string Recorded = "recorded";

    /// <summary>Every crash point, in the order of a push's life.</summary>
    public static IReadOnlyList<string> All { get; } = [BeforeCommit, DuringCommit, AfterCommit, HandedOver, BeforeSend, AfterSend, Recorded];

    /// <summary>The next master key is in its file; no record is wrapped with it yet.</summary>
    public const string NextKeyMade = "next-key-made";

    /// <summary>Every record is wrapped with the next master key, durably; the file of the old one is still in its place.</summary>
    public const string RecordsWrapped = "records-wrapped";

    /// <summary>The old master key has a second file under its fingerprint; the next one has not taken its place.</summary>
    public const string OldKeyKept = "old-key-kept";

    /// <summary>The crash points of the change of the master key, in their order.</summary>
    public static IReadOnlyList<string> OfMasterKey { get; } = [NextKeyMade, RecordsWrapped, OldKeyKept];

    private static readonly Armed? armed = Armed.Parse(Environment.GetEnvironmentVariable("RINGBACK_CRASH_POINT"));
    private static int passes;

    /// <summary>Ends the process at once, without any clean-up, if this point was armed.</summary>
    public static void Reach(string name)
    {
        if (armed is null || armed.Name != name || Interlocked.Increment(ref passes) < armed.Pass) return;
        Process.GetCurrentProcess().Kill();
        new ManualResetEventSlim().Wait(); // SIGKILL is delivered asynchronously; nothing may run on until it is.
    }

    private sealed record Armed(string FixedName, int Pass, string? File)
    {
        public string Name => File is null ? FixedName : System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File) : "";

        public static Armed? Parse(string? text)
        {
            if (string.IsNullOrEmpty(text)) return null;
            if (text[0] == '@') return new Armed("", 1, text[1..]);
            var parts = text.Split(':');
            var pass = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
            return All.Contains(parts[0]) || OfMasterKey.Contains(parts[0]) ? new Armed(parts[0], pass, null) : throw new ArgumentException($"RINGBACK_CRASH_POINT names no crash point: {parts[0]}");
        }
    }
}
