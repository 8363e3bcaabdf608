using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.FcmEmulator.Tests;

/// <summary>The owner of a service-account file, who signs assertions with it.</summary>
internal sealed class TestAccount(JsonObject file)
{
    public const string Scope = "https://www.googleapis.com/auth/firebase.messaging";
    public const string Audience = "https://oauth2.googleapis.com/token";

    public JsonObject File { get; } = file;

    public string ClientEmail => (string)File["client_email"]!;

    /// <summary>A file that no emulator minted.</summary>
    public static TestAccount Create(string email, int keyBits = 2048)
    {
        using var key = RSA.Create(keyBits);
        return new TestAccount(new JsonObject
        {
            ["type"] = "service_account",
            ["project_id"] = "demo",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["client_email"] = email,
        });
    }

    /// <summary>A good assertion, apart from what the arguments make of it. Offsets are seconds from <paramref name="now"/>.</summary>
    public string Sign(
        DateTimeOffset now, long issued = 0, long expires = 3600, string audience = Audience, string? scope = Scope, string algorithm = "RS256")
    {
        var seconds = now.ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = ClientEmail, ["aud"] = audience, ["iat"] = seconds + issued, ["exp"] = seconds + expires };
        if (scope is not null)
        {
            claims["scope"] = scope;
        }
        var signed = Encode(new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" }) + "." + Encode(claims);
        using var key = RSA.Create();
        key.ImportFromPem((string)File["private_key"]!);
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
