using System.Security.Cryptography;

namespace Ringback.FcmEmulator.WebPush;

/// <summary>Encrypts a push message for one browser (RFC 8291).</summary>
internal static class MessageEncryption
{
    public const int PublicKeyBytes = 65;
    public const int AuthSecretBytes = 16;

    /// <summary>For the browser with this key and secret; a key of its own and a salt are made for every message.</summary>
    public static byte[] Encrypt(ReadOnlySpan<byte> content, ReadOnlySpan<byte> browserKey, ReadOnlySpan<byte> authSecret)
    {
        using var sender = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Encrypt(content, browserKey, authSecret, sender, RandomNumberGenerator.GetBytes(ContentEncoding.SaltBytes));
    }

    /// <summary>With the sender's key and the salt given: for the example of the RFC.</summary>
    public static byte[] Encrypt(
        ReadOnlySpan<byte> content, ReadOnlySpan<byte> browserKey, ReadOnlySpan<byte> authSecret, ECDiffieHellman sender, ReadOnlySpan<byte> salt)
    {
        using var browser = ECDiffieHellman.Create(P256.Public(browserKey));
        var shared = sender.DeriveRawSecretAgreement(browser.PublicKey);
        var senderKey = P256.Point(sender.ExportParameters(includePrivateParameters: false));

        // Section 3.4: both public keys go into the derivation, so that nobody can pass the message off as meant for another key.
        byte[] info = [.. "WebPush: info\0"u8, .. browserKey, .. senderKey];
        var inputKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, authSecret.ToArray(), info);
        return ContentEncoding.Encrypt(content, inputKey, salt, senderKey);
    }
}
