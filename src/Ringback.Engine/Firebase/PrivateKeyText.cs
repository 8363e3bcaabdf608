using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Ringback.Engine.Firebase;

/// <summary>Reads a private key in every form in which people paste one, and writes the one form that is kept: PKCS#8 PEM.</summary>
internal static partial class PrivateKeyText
{
    private const int MinBits = 2048;
    private const int MaxBits = 8192; // Larger keys cost seconds to sign with; Firebase hands out 2048.

    public static Answer<Secret> Canonical(string pasted, string field)
    {
        Fault Invalid(string what) => Problems.CredentialInvalid.With($"{field} {what}");

        var text = Unquote(pasted).Replace("\\\\n", "\n").Replace("\\n", "\n").Replace("\\r", "").Trim();
        if (text.Length == 0) return Invalid("is missing; it is the value of private_key in the service-account file.");

        var labels = Marker().Matches(text);
        if (labels.Count > 2 || (labels.Count == 2 && labels[0].Groups["label"].Value != labels[1].Groups["label"].Value))
            return Invalid("holds more than one key or certificate; paste the private key alone.");
        if (text.Contains("ENCRYPTED", StringComparison.Ordinal))
            return Invalid("is protected by a pass phrase; paste the key as the service-account file holds it, without one.");
        if (labels.Count > 0 && Refusal(labels[0].Groups["label"].Value) is { } refusal) return Invalid(refusal);

        var body = string.Concat(Marker().Replace(text, " ").Where(c => !char.IsWhiteSpace(c) && c != '\uFEFF'));
        byte[] der;
        try
        {
            der = Convert.FromBase64String(body);
        }
        catch (FormatException)
        {
            return Invalid("is no complete PEM key; copy the whole value of private_key, from BEGIN to END.");
        }

        try
        {
            using var rsa = Import(der);
            if (rsa is null) return Invalid("is no RSA private key, or not all of one; copy the whole value of private_key, not a certificate, public key or key of another kind.");
            if (rsa.KeySize < MinBits) return Invalid($"has {rsa.KeySize} bits and at least {MinBits} are needed; generate a new private key in the Firebase console.");
            if (rsa.KeySize > MaxBits) return Invalid($"has {rsa.KeySize} bits and at most {MaxBits} are taken; generate a new private key in the Firebase console.");
            if (!Signs(rsa)) return Invalid("is damaged: what it signs does not verify; copy the value of private_key again.");
            return new Secret(rsa.ExportPkcs8PrivateKeyPem());
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    /// <summary>The key as an RSA object, or null where the bytes are no such key.</summary>
    private static RSA? Import(byte[] der)
    {
        var rsa = RSA.Create();
        foreach (var pkcs8 in (bool[])[true, false])
        {
            try
            {
                int read;
                if (pkcs8) rsa.ImportPkcs8PrivateKey(der, out read);
                else rsa.ImportRSAPrivateKey(der, out read);
                if (read == der.Length) return rsa;
            }
            catch (CryptographicException)
            {
                // The other form is tried next; the text of the exception may quote the input.
            }
        }

        rsa.Dispose();
        return null;
    }

    private static bool Signs(RSA rsa)
    {
        try
        {
            var probe = "ringback"u8;
            return rsa.VerifyData(probe, rsa.SignData(probe, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string? Refusal(string label) => label switch
    {
        "PRIVATE KEY" or "RSA PRIVATE KEY" => null,
        "PUBLIC KEY" or "RSA PUBLIC KEY" => "is a public key; paste the value of private_key.",
        "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE" => "is a certificate; paste the value of private_key.",
        _ => "is a key of another kind; an RSA private key (BEGIN PRIVATE KEY) is needed.",
    };

    /// <summary>Without white space, the quotes and the comma that come along when the value is cut out of the JSON file.</summary>
    private static string Unquote(string text)
    {
        text = text.Trim().TrimEnd(',').TrimEnd();
        return text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1].Trim() : text;
    }

    [GeneratedRegex(@"-{2,8} ?(?:BEGIN|END) (?<label>[A-Z0-9][A-Z0-9 ]{0,40}?) ?-{2,8}", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();
}
