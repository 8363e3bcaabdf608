using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Ringback.FcmEmulator.OAuth;

/// <summary>A JWT of the JWT bearer grant (RFC 7523), taken apart and not yet believed.</summary>
internal sealed record Assertion
{
    public required string Algorithm { get; init; }
    public required string Issuer { get; init; }
    public required string Audience { get; init; }
    public required string Scope { get; init; }
    public required long? IssuedAt { get; init; }
    public required long? ExpiresAt { get; init; }
    public required byte[] SignedBytes { get; init; }
    public required byte[] Signature { get; init; }

    public static bool TryRead(string text, [NotNullWhen(true)] out Assertion? assertion, [NotNullWhen(false)] out OAuthRefusal? refusal)
    {
        assertion = null;
        var segments = text.Split('.');
        if (segments.Length != 3)
        {
            refusal = OAuthRefusal.AssertionFormat;
            return false;
        }
        try
        {
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(segments[0]));
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(segments[1]));
            assertion = new Assertion
            {
                Algorithm = Text(header.RootElement, "alg"),
                Issuer = Text(claims.RootElement, "iss"),
                Audience = Text(claims.RootElement, "aud"),
                Scope = Text(claims.RootElement, "scope"),
                IssuedAt = Seconds(claims.RootElement, "iat"),
                ExpiresAt = Seconds(claims.RootElement, "exp"),
                SignedBytes = Encoding.ASCII.GetBytes(text[..text.LastIndexOf('.')]),
                Signature = Base64Url.DecodeFromChars(segments[2]),
            };
            refusal = null;
            return true;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException)
        {
            refusal = OAuthRefusal.Unreadable;
            return false;
        }
    }

    private static string Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>NumericDate of RFC 7519: a number of seconds, fractions allowed. Out of range counts as absent.</summary>
    private static long? Seconds(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDecimal(out var seconds) && seconds is >= 0 and <= uint.MaxValue ? (long)seconds : null;
}
