namespace Ringback.Engine.Firebase;

/// <summary>Which version is in force after what (A6): facts in, the new set out. Nothing here reads a clock, asks Firebase or stores.</summary>
internal static class RotationRules
{
    private static readonly TimeSpan shortestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan longestPause = TimeSpan.FromMinutes(15);

    /// <summary>What becomes of credentials that somebody offers.</summary>
    public enum Verdict
    {
        /// <summary>They are put into force.</summary>
        TakesOver,

        /// <summary>They wait beside those in force.</summary>
        Waits,

        /// <summary>They are not stored.</summary>
        Refused,
    }

    /// <param name="result">What the check said of the new ones.</param>
    /// <param name="hasWorking">Whether there are credentials in force that may work.</param>
    /// <param name="force">Whether the user wants the new ones whatever the check says.</param>
    public static Verdict Judge(CheckResult result, bool hasWorking, bool force) => result switch
    {
        _ when force => Verdict.TakesOver,
        CheckResult.Passed => Verdict.TakesOver,
        CheckResult.Refused => Verdict.Refused,
        _ => hasWorking ? Verdict.Waits : Verdict.TakesOver,
    };

    /// <summary>The status that follows from a check.</summary>
    public static CredentialStatus StatusAfter(CheckResult result) => result switch
    {
        CheckResult.Passed => CredentialStatus.Verified,
        CheckResult.Refused => CredentialStatus.Refused,
        _ => CredentialStatus.Unverified,
    };

    /// <summary>A version comes into force. The one before is kept if it may work; one that does not work is not worth the place of an older one that may.</summary>
    public static CredentialSet TakeOver(CredentialSet set, StoredCredential taking, bool currentMayWork, DateTimeOffset keptUntil) => set with
    {
        Current = taking with { KeptUntil = null },
        Next = null,
        Previous = currentMayWork && set.Current is { } replaced ? replaced with { KeptUntil = keptUntil } : set.Previous,
        LastVersion = Math.Max(set.LastVersion, taking.Version),
    };

    /// <summary>A version waits beside the one in force; one that waited before it is forgotten.</summary>
    public static CredentialSet Wait(CredentialSet set, StoredCredential waiting) => set with { Next = waiting, LastVersion = Math.Max(set.LastVersion, waiting.Version) };

    /// <summary>
    /// The version that was replaced comes back. The other one stays to be seen, as one that waits and is not checked by itself; one that waited already and may be better keeps its place.
    /// </summary>
    /// <param name="set">The versions, with a previous one.</param>
    /// <param name="refused">Whether Firebase refuses the version that leaves; if not, somebody sets it aside.</param>
    public static CredentialSet Return(CredentialSet set, bool refused) => set with
    {
        Current = set.Previous! with { KeptUntil = null },
        Next = set.Next ?? set.Current! with { Status = refused || set.Current.Status == CredentialStatus.Refused ? CredentialStatus.Refused : CredentialStatus.SetAside },
        Previous = null,
    };

    /// <summary>
    /// When to check a version again that no check could decide about: soon at first, then ever less often, since what has not been reachable for a day need not be
    /// asked twice a minute.
    /// </summary>
    public static DateTimeOffset NextCheckAt(StoredCredential waiting)
    {
        if (waiting.LastCheck is not { } last) return waiting.UpdatedAt;
        var pause = (last.At - waiting.UpdatedAt) / 2;
        return last.At + (pause < shortestPause ? shortestPause : pause > longestPause ? longestPause : pause);
    }
}
