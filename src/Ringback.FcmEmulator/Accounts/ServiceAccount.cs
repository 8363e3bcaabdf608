namespace Ringback.FcmEmulator.Accounts;

/// <summary>A service account that may ask for access tokens. The private key stays with its owner.</summary>
/// <param name="ProjectId">The project that its access tokens are good for.</param>
/// <param name="ClientEmail">Its name, the issuer of its assertions.</param>
/// <param name="PublicKey">RSA, as SubjectPublicKeyInfo (DER).</param>
internal sealed record ServiceAccount(string ProjectId, string ClientEmail, ReadOnlyMemory<byte> PublicKey);
