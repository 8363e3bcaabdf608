using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Access;

namespace Ringback.TestKit;

/// <summary>Somebody who can sign in to the pages.</summary>
public sealed record TestUser(string Tenant, string Name, string Password, UserRole Role);

/// <content>People.</content>
public sealed partial class TestSite
{
    private const string UserPassword = "correct-horse-battery";
    private static readonly Lazy<string> userPasswordHash = new(() => new PasswordHasher<object>().HashPassword(new object(), UserPassword));

    /// <summary>Adds a user of that role to a tenant.</summary>
    public async Task<TestUser> AddUserAsync(UserRole role, string? name = null, TenantClient? tenant = null)
    {
        tenant ??= Home;
        name ??= role.ToString().ToLowerInvariant();
        await Services.GetRequiredService<IUserAccountStore>().AddAsync(new UserAccount
        {
            Tenant = tenant.Keys.Tenant,
            Id = Guid.CreateVersion7(Now),
            Name = name,
            NormalizedName = name.ToUpperInvariant(),
            Role = role,
            // Hashing is slow on purpose, and all of them may share one.
            PasswordHash = userPasswordHash.Value,
            SecurityStamp = "first",
            CreatedAt = Now,
        });
        return new TestUser(tenant == Home ? "home" : "other", name, UserPassword, role);
    }
}
