using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ringback.FcmEmulator.WebPush;

/// <summary>How an application server names itself to a push service (RFC 8292).</summary>
internal static class Vapid
{
    private const string Scheme = "vapid ";

    /// <summary>RFC 8292, section 2: a token may not be good for more than a day.</summary>
    private static readonly TimeSpan MaxLife = TimeSpan.FromHours(24);

    private static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>The value of <c>Authorization</c> for a post to this endpoint.</summary>
    public static string Authorization(ECDsa key, Uri endpoint, DateTimeOffset now)
    {
        var claims = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["aud"] = endpoint.GetLeftPart(UriPartial.Authority),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
            ["sub"] = "mailto:fcm-emulator@example.com",
        });
        var signed = Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{Scheme}t={signed}.{Base64Url.EncodeToString(signature)}, k={PublicKey(key)}";
    }

    public static string PublicKey(ECDsa key) => Base64Url.EncodeToString(P256.Point(key.ExportParameters(includePrivateParameters: false)));

    /// <summary>True if the header is well signed, for this push service, and in time; then <paramref name="publicKey"/> says by whom.</summary>
    public static bool TryRead(string authorization, string audience, DateTimeOffset now, [NotNullWhen(true)] out string? publicKey)
    {
        publicKey = null;
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var parameters = authorization[Scheme.Length..].Split(',', StringSplitOptions.TrimEntries);
        var token = parameters.FirstOrDefault(parameter => parameter.StartsWith("t=", StringComparison.Ordinal))?[2..].Split('.');
        var key = parameters.FirstOrDefault(parameter => parameter.StartsWith("k=", StringComparison.Ordinal))?[2..];
        try
        {
            if (token is not { Length: 3 } || key is null || !IsSigned(token, key) || !IsFor(token[1], audience, now))
            {
                return false;
            }
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or CryptographicException or InvalidOperationException)
        {
            return false;
        }
        publicKey = key;
        return true;
    }

    private static bool IsSigned(string[] token, string publicKey)
    {
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(token[0]));
        using var key = ECDsa.Create(P256.Public(Base64Url.DecodeFromChars(publicKey)));
        return header.RootElement.TryGetProperty("alg", out var algorithm) && algorithm.ValueEquals("ES256"u8)
            && key.VerifyData(Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"), Base64Url.DecodeFromChars(token[2]),
                HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private static bool IsFor(string claims, string audience, DateTimeOffset now)
    {
        using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(claims));
        return json.RootElement.TryGetProperty("aud", out var given) && given.ValueEquals(audience)
            && json.RootElement.TryGetProperty("exp", out var expiry) && expiry.TryGetInt64(out var seconds)
            && seconds > now.ToUnixTimeSeconds() && seconds <= (now + MaxLife).ToUnixTimeSeconds();
    }
}
