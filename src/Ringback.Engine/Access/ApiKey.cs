using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ringback.Engine.Access;

/// <summary>What an API key may do. <see cref="Management"/> includes <see cref="Agent"/> and <see cref="Credentials"/>.</summary>
[Flags]
public enum ApiRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>/engagement/v3</c> but for publish: the right of the key that ships inside apps.</summary>
    Engagement = 1,

    /// <summary>Reports, next, attempts: the PBX's side.</summary>
    Agent = 2,

    /// <summary>Firebase credentials.</summary>
    Credentials = 4,

    /// <summary>Everything under <c>/management/v1</c>.</summary>
    Management = 8 | Agent | Credentials,

    /// <summary>Sending any message to any token. Off by default.</summary>
    Publish = 16,
}

/// <summary>A key as it is stored: only its hash, so that a stolen database opens nothing.</summary>
public sealed record ApiKeyRecord(TenantId Tenant, Guid Id, string Name, ApiRights Rights, byte[] Hash, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>Makes and reads API keys, <c>rb{tenant}_{43 base64url characters}</c>: the tenant leads here too, so that a look-up never crosses tenants.</summary>
public static class ApiKey
{
    /// <summary>Longest key that is looked at.</summary>
    public const int MaxLength = 64;

    /// <summary>A new key with 256 random bits.</summary>
    public static string New(TenantId tenant) => $"rb{tenant}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";

    /// <summary>The tenant that the key claims; false where the text is no key.</summary>
    public static bool TryReadTenant(string? key, out TenantId tenant)
    {
        tenant = default;
        if (key is null || key.Length > MaxLength || !key.StartsWith("rb", StringComparison.Ordinal)) return false;
        var end = key.IndexOf('_', StringComparison.Ordinal);
        if (end < 3 || !int.TryParse(key.AsSpan(2, end - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        tenant = new TenantId(number);
        return true;
    }

    /// <summary>SHA-256 of the key. A plain hash suffices: 256 random bits cannot be guessed from it.</summary>
    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
