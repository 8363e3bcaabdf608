using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Server.Access;

/// <summary>Makes accounts and judges sign-ins: the one place where a password is looked at.</summary>
internal sealed partial class UserAccounts(UserManager<SiteUser> users, IAccessStore tenants, SignInGate gate, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Shortest password. Length counts for more than a mix of signs (NIST SP 800-63B, 5.1.1), so no mix is asked for.</summary>
    public const int MinPasswordLength = 12;

    /// <summary>Longest password: hashing what a stranger sends must cost little.</summary>
    public const int MaxPasswordLength = 256;

    /// <summary>Wrong passwords until the account is locked.</summary>
    public const int MaxFailures = 5;

    /// <summary>How long an account stays locked.</summary>
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(15);

    /// <summary>A hash to compare with where there is no such user: both cases then take the same time.</summary>
    private static readonly Lazy<string> nobody = new(() => new PasswordHasher<SiteUser>().HashPassword(null!, NewPassword()));

    /// <summary>A password of 20 characters that can be read aloud, 99 bits.</summary>
    public static string NewPassword()
    {
        var letters = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
        return string.Join('-', letters.Chunk(5).Select(c => new string(c)));
    }

    /// <summary>Adds an account, or says why not in one line.</summary>
    public async Task<string?> AddAsync(TenantId tenant, string name, UserRole role, string password)
    {
        if (!UserName().IsMatch(name)) return $"A name has 1 to {UserAccount.MaxNameLength} letters, digits or any of . _ - @ and begins with a letter or digit.";
        if (password.Length is < MinPasswordLength or > MaxPasswordLength) return $"A password has {MinPasswordLength} to {MaxPasswordLength} characters.";
        var now = clock.Now();
        var result = await users.CreateAsync(new SiteUser(new UserAccount
        {
            Tenant = tenant,
            Id = Guid.CreateVersion7(now),
            Name = name,
            NormalizedName = "",
            Role = role,
            PasswordHash = "",
            SecurityStamp = "",
            CreatedAt = now,
        }), password);
        return result.Succeeded ? null : string.Join(' ', result.Errors.Select(e => e.Description).Distinct());
    }

    /// <summary>Whether somebody must say which tenant they belong to, since there are several.</summary>
    public async Task<bool> AsksForTenantAsync() => (await tenants.ListTenantsAsync()).Count > 1;

    /// <summary>
    /// The account if the password is right and the account is not locked; null in every other case, so that a stranger learns nothing.
    /// </summary>
    public async Task<UserAccount?> VerifyAsync(string? tenantName, string? name, string? password, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(password) || password.Length > MaxPasswordLength || string.IsNullOrWhiteSpace(name) || name.Length > UserAccount.MaxNameLength) return null;
        var tenant = await TenantAsync(tenantName?.Trim());
        var key = tenant is { } id ? SiteUser.Key(id, name.Trim()) : "";
        using var turn = await gate.EnterAsync(key.ToUpperInvariant(), cancellation);
        if (tenant is null || await users.FindByNameAsync(key) is not { } user)
        {
            users.PasswordHasher.VerifyHashedPassword(null!, nobody.Value, password);
            return null;
        }
        if (await users.IsLockedOutAsync(user))
        {
            users.PasswordHasher.VerifyHashedPassword(user, nobody.Value, password);
            return null;
        }
        if (await users.CheckPasswordAsync(user, password))
        {
            if (user.Account.FailedSignIns > 0) await users.ResetAccessFailedCountAsync(user);
            return user.Account;
        }
        await users.AccessFailedAsync(user);
        return null;
    }

    private async Task<TenantId?> TenantAsync(string? name)
    {
        if (!string.IsNullOrEmpty(name)) return await tenants.FindTenantAsync(name);
        return await tenants.ListTenantsAsync() is [var only] ? only : null;
    }

    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{Nd}._@-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex UserName();
}

/// <summary>
/// Lets the sign-ins of one name through one at a time. Side by side they would all read the same number of failures, and guesses that come at once
/// would count as one.
/// </summary>
internal sealed class SignInGate
{
    private readonly SemaphoreSlim[] lanes = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public async Task<IDisposable> EnterAsync(string name, CancellationToken cancellation)
    {
        var lane = lanes[(uint)name.GetHashCode(StringComparison.Ordinal) % lanes.Length];
        await lane.WaitAsync(cancellation);
        return new Turn(lane);
    }

    private sealed class Turn(SemaphoreSlim lane) : IDisposable
    {
        public void Dispose() => lane.Release();
    }
}
