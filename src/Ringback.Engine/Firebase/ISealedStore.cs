namespace Ringback.Engine.Firebase;

/// <summary>A sealed record of the credentials, with what it is bound to.</summary>
public readonly record struct SealedRecord(TenantId Tenant, string App, int Version, byte[] Sealed);

/// <summary>Everything in the database that the master key seals, whatever tenant it belongs to.</summary>
public interface ISealedStore
{
    /// <summary>Puts records in the place of records in one transaction: all of them, or none.</summary>
    /// <param name="credential">Gives the new record of credentials, or null where the old one stays. Called once for each.</param>
    /// <param name="keyRingElement">The same for an element of the key ring of cookies and forms.</param>
    /// <param name="fingerprint">The master key that seals from now on; the nodes of a cluster start with no other.</param>
    /// <returns>How many were replaced.</returns>
    Task<int> ReplaceAsync(Func<SealedRecord, byte[]?> credential, Func<string, string?> keyRingElement, string fingerprint);
}
