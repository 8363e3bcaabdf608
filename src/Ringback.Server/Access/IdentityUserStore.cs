using Microsoft.AspNetCore.Identity;
using Ringback.Engine.Access;

namespace Ringback.Server.Access;

/// <summary>Lets ASP.NET Core Identity keep its users in our store: names are <see cref="SiteUser.Key"/>s, so that no look-up crosses tenants.</summary>
internal sealed class IdentityUserStore(IUserAccountStore accounts) : IUserPasswordStore<SiteUser>, IUserSecurityStampStore<SiteUser>, IUserLockoutStore<SiteUser>
{
    public async Task<SiteUser?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        SiteUser.TryReadKey(userId, out var tenant, out var id) && Guid.TryParseExact(id, "D", out var guid) ? Wrap(await accounts.FindAsync(tenant, guid)) : null;

    public async Task<SiteUser?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        SiteUser.TryReadKey(normalizedUserName, out var tenant, out var name) ? Wrap(await accounts.FindByNameAsync(tenant, name)) : null;

    public async Task<IdentityResult> CreateAsync(SiteUser user, CancellationToken cancellationToken) =>
        await accounts.AddAsync(user.Account) ? IdentityResult.Success : Failed("DuplicateUserName", $"There is a user {user.Account.Name} already.");

    public async Task<IdentityResult> UpdateAsync(SiteUser user, CancellationToken cancellationToken)
    {
        if (!await accounts.SaveAsync(user.Account)) return Failed("ConcurrencyFailure", "The account was changed in the meantime.");
        user.Account = user.Account with { Version = user.Account.Version + 1 };
        return IdentityResult.Success;
    }

    public Task<IdentityResult> DeleteAsync(SiteUser user, CancellationToken cancellationToken) => throw new NotSupportedException("Accounts are not deleted yet.");

    public Task<string> GetUserIdAsync(SiteUser user, CancellationToken cancellationToken) =>
        Task.FromResult(SiteUser.Key(user.Account.Tenant, user.Account.Id.ToString("D")));

    public Task<string?> GetUserNameAsync(SiteUser user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(SiteUser.Key(user.Account.Tenant, user.Account.Name));

    public Task SetUserNameAsync(SiteUser user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException("A name is for ever.");

    public Task<string?> GetNormalizedUserNameAsync(SiteUser user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(SiteUser.Key(user.Account.Tenant, user.Account.NormalizedName));

    public Task SetNormalizedUserNameAsync(SiteUser user, string? normalizedName, CancellationToken cancellationToken) =>
        Set(user, a => a with { NormalizedName = SiteUser.TryReadKey(normalizedName, out _, out var name) ? name : throw new ArgumentException("No key.", nameof(normalizedName)) });

    public Task SetPasswordHashAsync(SiteUser user, string? passwordHash, CancellationToken cancellationToken) => Set(user, a => a with { PasswordHash = passwordHash ?? "" });

    public Task<string?> GetPasswordHashAsync(SiteUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Account.PasswordHash);

    public Task<bool> HasPasswordAsync(SiteUser user, CancellationToken cancellationToken) => Task.FromResult(user.Account.PasswordHash.Length > 0);

    public Task SetSecurityStampAsync(SiteUser user, string stamp, CancellationToken cancellationToken) => Set(user, a => a with { SecurityStamp = stamp });

    public Task<string?> GetSecurityStampAsync(SiteUser user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Account.SecurityStamp);

    public Task<DateTimeOffset?> GetLockoutEndDateAsync(SiteUser user, CancellationToken cancellationToken) => Task.FromResult(user.Account.LockedUntil);

    public Task SetLockoutEndDateAsync(SiteUser user, DateTimeOffset? lockoutEnd, CancellationToken cancellationToken) => Set(user, a => a with { LockedUntil = lockoutEnd });

    public async Task<int> IncrementAccessFailedCountAsync(SiteUser user, CancellationToken cancellationToken)
    {
        await Set(user, a => a with { FailedSignIns = a.FailedSignIns + 1 });
        return user.Account.FailedSignIns;
    }

    public Task ResetAccessFailedCountAsync(SiteUser user, CancellationToken cancellationToken) => Set(user, a => a with { FailedSignIns = 0 });

    public Task<int> GetAccessFailedCountAsync(SiteUser user, CancellationToken cancellationToken) => Task.FromResult(user.Account.FailedSignIns);

    public Task<bool> GetLockoutEnabledAsync(SiteUser user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetLockoutEnabledAsync(SiteUser user, bool enabled, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }

    private static SiteUser? Wrap(UserAccount? account) => account is null ? null : new SiteUser(account);

    private static IdentityResult Failed(string code, string description) => IdentityResult.Failed(new IdentityError { Code = code, Description = description });

    private static Task Set(SiteUser user, Func<UserAccount, UserAccount> change)
    {
        user.Account = change(user.Account);
        return Task.CompletedTask;
    }
}
