using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ringback.Engine.Firebase;

/// <summary>
/// The signed request for an access token: a JWT with RS256, https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
/// </summary>
internal static class Assertion
{
    public const string Scope = "https://www.googleapis.com/auth/firebase.messaging";

    private static readonly TimeSpan lifetime = TimeSpan.FromHours(1); // The longest that Google takes.
    private static readonly string header = Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8);

    /// <summary>The assertion, or null where the key cannot sign.</summary>
    public static Secret? Sign(FirebaseCredential credential, Uri audience, DateTimeOffset now)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["iss"] = credential.ClientEmail.Reveal(),
            ["scope"] = Scope,
            ["aud"] = audience.AbsoluteUri,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
        });
        var text = $"{header}.{Base64Url.EncodeToString(claims)}";
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(credential.PrivateKey.Reveal());
            var signature = rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return new Secret($"{text}.{Base64Url.EncodeToString(signature)}");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
