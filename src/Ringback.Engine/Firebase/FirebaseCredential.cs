using System.Security.Cryptography;

namespace Ringback.Engine.Firebase;

/// <summary>
/// What it takes to send for one Firebase project. Only <see cref="CredentialParser"/> and <see cref="CredentialSeal"/> make one, so the key is
/// always a usable RSA key of at least 2048 bits.
/// </summary>
public sealed record FirebaseCredential
{
    internal FirebaseCredential(string projectName, Secret clientEmail, Secret privateKey) =>
        (ProjectName, ClientEmail, PrivateKey) = (projectName, clientEmail, privateKey);

    /// <summary>The Firebase project ID, exactly as in the Firebase console.</summary>
    public string ProjectName { get; }

    /// <summary>E-mail of the service account.</summary>
    public Secret ClientEmail { get; }

    /// <summary>The private key as canonical PKCS#8 PEM.</summary>
    public Secret PrivateKey { get; }

    /// <summary>
    /// Whether the e-mail says that it belongs to another project. Not an error by itself: an account may have been given a role in a foreign project.
    /// </summary>
    public static bool IsOfAnotherProject(string projectName, string clientEmail)
    {
        const string suffix = ".iam.gserviceaccount.com";
        return clientEmail.EndsWith(suffix, StringComparison.Ordinal) && !clientEmail.EndsWith($"@{projectName}{suffix}", StringComparison.Ordinal);
    }

    /// <summary>
    /// Says which key this is without giving anything of it away: the first 16 hex digits of the SHA-256 of its <i>public</i> half (SubjectPublicKeyInfo), as
    /// <c>openssl rsa -pubout -outform DER | sha256sum</c> prints it.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(PrivateKey.Reveal());
            return Convert.ToHexStringLower(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
        }
    }

    /// <summary>At most three characters of the e-mail (A4), such as <c>fir…</c>.</summary>
    public string ClientEmailMask => ClientEmail.Mask(3);

    /// <summary>The first four characters of the key's base64 body (A4), such as <c>MIIE…</c>; they belong to its format, not to the key.</summary>
    public string PrivateKeyMask
    {
        get
        {
            var body = PrivateKey.Reveal().AsSpan();
            body = body[(body.IndexOf('\n') + 1)..];
            return body.Length < 16 ? "…" : string.Concat(body[..4], "…");
        }
    }
}
