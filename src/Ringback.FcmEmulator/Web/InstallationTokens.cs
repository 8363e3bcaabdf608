using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ringback.FcmEmulator.Web;

/// <summary>An installation of an app, as its tokens name it.</summary>
internal sealed record Installation(string ProjectId, string Fid, string AppId)
{
    /// <summary>The project's number, the second part of <c>1:NUMBER:web:HEX</c>.</summary>
    public string SenderId => AppId.Split(':')[1];
}

/// <summary>
/// The two tokens of an installation, JWTs that carry what they stand for: the SDK keeps them for a week in the browser, across restarts of
/// the emulator, and does not recover from one that is refused. The key is therefore the same for all emulators and guards nothing.
/// </summary>
internal sealed class InstallationTokens(TimeProvider clock)
{
    /// <summary>A week, in whole seconds: the SDK reads the number before the <c>s</c> and takes less than an hour for expired.</summary>
    public const int LifeSeconds = 604_800;

    private const int MaxTokenLength = 4096;

    private static readonly byte[] Key = "An emulator proves that a token has the right form."u8.ToArray();
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    public static string Refresh(Installation installation) => Issue(installation, "refresh", null);

    public string Auth(Installation installation) => Issue(installation, "auth", clock.GetUtcNow().ToUnixTimeSeconds() + LifeSeconds);

    public bool TryReadRefresh(string authorization, [NotNullWhen(true)] out Installation? installation)
        => TryRead(authorization, "FIS_v2 ", "refresh", out installation);

    public bool TryReadAuth(string header, [NotNullWhen(true)] out Installation? installation) => TryRead(header, "FIS ", "auth", out installation);

    private static string Issue(Installation installation, string use, long? expiry)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>
        {
            ["appId"] = installation.AppId,
            ["exp"] = expiry,
            ["fid"] = installation.Fid,
            ["projectId"] = installation.ProjectId,
            ["use"] = use,
        });
        var signed = $"{Header}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(signed)))}";
    }

    private bool TryRead(string header, string scheme, string use, [NotNullWhen(true)] out Installation? installation)
    {
        installation = null;
        if (header.Length > MaxTokenLength || !header.StartsWith(scheme, StringComparison.Ordinal) || header[scheme.Length..].Split('.') is not { Length: 3 } token)
        {
            return false;
        }
        try
        {
            var mac = HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"));
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(token[1]));
            var claims = json.RootElement;
            if (!CryptographicOperations.FixedTimeEquals(mac, Base64Url.DecodeFromChars(token[2]))
                || claims.GetProperty("use").GetString() != use
                || (claims.GetProperty("exp") is { ValueKind: JsonValueKind.Number } expiry && expiry.GetInt64() <= clock.GetUtcNow().ToUnixTimeSeconds()))
            {
                return false;
            }
            installation = new Installation(claims.GetProperty("projectId").GetString()!, claims.GetProperty("fid").GetString()!, claims.GetProperty("appId").GetString()!);
            return true;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
