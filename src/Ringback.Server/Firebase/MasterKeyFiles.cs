using Ringback.Engine;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Firebase;

/// <summary>The files of the master key beside each other: the one in use, the next one while it is changed, and the old ones that were kept.</summary>
internal static class MasterKeyFiles
{
    /// <summary>Where the next key lies until it takes the place of <paramref name="file"/>.</summary>
    public static string NextOf(string file) => $"{file}.next";

    /// <summary>Where an old key lies afterwards.</summary>
    public static string OldOf(string file, MasterKey old) => $"{file}.old-{old.Fingerprint}";

    /// <summary>
    /// The keys that open besides the one in use. A change of the key that was broken off has left the next one behind, and records that need it; an unreadable
    /// file of that name is no reason not to start.
    /// </summary>
    public static IReadOnlyList<MasterKey> OthersOf(string file) =>
        File.Exists(NextOf(file)) && MasterKey.Load(NextOf(file)) is { Fault: null } next ? [next.Value] : [];
}
