using Ringback.Engine.Firebase;
using Ringback.Server.Commands;

namespace Ringback.Server;

/// <summary>The nodes of a cluster, and the commands beside them, seal with one master key: what another key seals, no node can open.</summary>
internal static class SharedMasterKey
{
    /// <summary>Refuses a master key that is not the cluster's.</summary>
    /// <param name="kept">Fingerprint of the cluster's key; null where there is no cluster.</param>
    /// <param name="seal">What the key of this process seals.</param>
    /// <param name="options">Where that key lies.</param>
    public static void Require(string? kept, CredentialSeal seal, ServerOptions options)
    {
        if (kept is null || kept == seal.KeyFingerprint) return;
        throw new CommandException(
            $"the cluster seals with the master key {kept}, and {options.MasterKeyFile} holds {seal.KeyFingerprint ?? "none that can be used"}. "
            + "Put master.key of a node that works in its place (mode 0600), then start again. Where that key is lost for good, see 'Another master key' in docs/operations/README.md.");
    }
}
