using System.Xml.Linq;
using Ringback.Engine;
using Ringback.Engine.Firebase;
using Ringback.Server.Access;

namespace Ringback.Server.Firebase;

/// <summary>What a change of the master key did.</summary>
/// <param name="Fingerprint">The key that seals from now on.</param>
/// <param name="Wrapped">Records that were wrapped anew.</param>
/// <param name="Unreadable">Records that none of the keys opens; they stay as they were.</param>
internal sealed record MasterKeyReport(string Fingerprint, int Wrapped, IReadOnlyList<string> Unreadable);

/// <summary>
/// Changes the master key. Broken off at any instant, even by <c>kill -9</c>, it leaves a site that opens everything, and started again it goes on where it was: the next
/// key is in its file before any record needs it, all records change in one transaction, and the old key goes only after that.
/// </summary>
internal sealed class MasterKeyChange(ISealedStore store, string file)
{
    /// <summary>Makes a new master key and puts it in the place of the old one.</summary>
    public async Task<Answer<MasterKeyReport>> RotateAsync()
    {
        var old = MasterKey.Load(file);
        if (old.Fault is { } unreadable) return unreadable;
        var next = MasterKey.LoadOrCreate(MasterKeyFiles.NextOf(file));
        if (next.Fault is { } notMade) return notMade;
        CrashPoints.Reach(CrashPoints.NextKeyMade);

        var report = await WrapAsync(new CredentialSeal(old, [next.Value]), next.Value);
        CrashPoints.Reach(CrashPoints.RecordsWrapped);

        // Backups made until now need the old key. A copy has its owner and mode; under its name it stands whole or not at all.
        var kept = MasterKeyFiles.OldOf(file, old.Value);
        File.Copy(file, $"{kept}.draft", overwrite: true);
        File.Move($"{kept}.draft", kept, overwrite: true);
        CrashPoints.Reach(CrashPoints.OldKeyKept);

        File.Move(MasterKeyFiles.NextOf(file), file, overwrite: true);
        return report;
    }

    /// <summary>Wraps what another master key sealed with the one in use, as after a restore of an old backup.</summary>
    /// <param name="from">File of that other key.</param>
    public async Task<Answer<MasterKeyReport>> RewrapAsync(string from)
    {
        var current = MasterKey.Load(file);
        if (current.Fault is { } unreadable) return unreadable;
        var other = MasterKey.Load(from);
        return other.Fault is { } wrong ? wrong : await WrapAsync(new CredentialSeal(current, [other.Value, .. MasterKeyFiles.OthersOf(file)]), current.Value);
    }

    private async Task<MasterKeyReport> WrapAsync(CredentialSeal seal, MasterKey to)
    {
        List<string> unreadable = [];
        var wrapped = await store.ReplaceAsync(
            record => Take(seal.Rewrap(record.Tenant, record.App, record.Version, record.Sealed, to), record.Sealed, $"tenant {record.Tenant}, app {record.App}, version {record.Version}"),
            element => RewrapElement(element, (bytes, name) => Take(seal.RewrapText(KeyRingEncryptor.Purpose, bytes, to), bytes, name)),
            to.Fingerprint);
        return new MasterKeyReport(to.Fingerprint, wrapped, unreadable);

        byte[]? Take(Answer<byte[]> anew, byte[] before, string name)
        {
            if (anew.Fault is null) return ReferenceEquals(anew.Value, before) ? null : anew.Value;
            unreadable.Add(name);
            return null;
        }
    }

    /// <summary>An element of the ring with every sealed part wrapped anew, or null where none was.</summary>
    private static string? RewrapElement(string element, Func<byte[], string, byte[]?> rewrap)
    {
        var parsed = XElement.Parse(element);
        var changed = false;
        foreach (var part in parsed.DescendantsAndSelf("sealed"))
        {
            if (rewrap(Convert.FromBase64String(part.Value), "a key of cookies and forms") is not { } anew) continue;
            part.Value = Convert.ToBase64String(anew);
            changed = true;
        }
        return changed ? parsed.ToString(SaveOptions.DisableFormatting) : null;
    }
}
