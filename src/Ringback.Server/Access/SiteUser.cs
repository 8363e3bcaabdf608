using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Server.Access;

/// <summary>An account in the hands of ASP.NET Core Identity, which changes it piece by piece before it stores it.</summary>
internal sealed class SiteUser(UserAccount account)
{
    public UserAccount Account { get; set; } = account;

    /// <summary>Identity knows users by one text; the tenant leads here as everywhere.</summary>
    public static string Key(TenantId tenant, string nameOrId) => $"{tenant}/{nameOrId}";

    /// <summary>Splits what <see cref="Key"/> made; false where it did not.</summary>
    public static bool TryReadKey(string? key, out TenantId tenant, out string nameOrId)
    {
        (tenant, nameOrId) = (default, "");
        var slash = key?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 1 || !int.TryParse(key.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        (tenant, nameOrId) = (new TenantId(number), key![(slash + 1)..]);
        return true;
    }
}

/// <summary>What a session's cookie says about its user.</summary>
internal static class SiteClaims
{
    public const string Tenant = "tenant";
    public const string Session = "session";
    public const string Stamp = "stamp";

    /// <summary>The tenant whose data this user sees.</summary>
    public static TenantId TenantOf(this ClaimsPrincipal user) => new(int.Parse(user.FindFirstValue(Tenant)!, CultureInfo.InvariantCulture));

    public static ClaimsPrincipal PrincipalOf(UserAccount account, string session) => new(new ClaimsIdentity(
    [
        new Claim(ClaimTypes.NameIdentifier, SiteUser.Key(account.Tenant, account.Id.ToString("D"))),
        new Claim(ClaimTypes.Name, account.Name),
        new Claim(ClaimTypes.Role, account.Role.ToString()),
        new Claim(Tenant, account.Tenant.ToString()),
        new Claim(Stamp, account.SecurityStamp),
        new Claim(Session, session),
    ], IdentityConstants.ApplicationScheme));
}
