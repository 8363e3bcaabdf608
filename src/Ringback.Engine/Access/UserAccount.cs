namespace Ringback.Engine.Access;

/// <summary>What a person may do in the pages. Each user has one role in one tenant.</summary>
public enum UserRole
{
    /// <summary>Sees callbacks, with masked phone numbers.</summary>
    Monitor = 1,

    /// <summary>Sees callbacks with their phone numbers, and the settings of queues; cancels and purges.</summary>
    Supervisor = 2,

    /// <summary>Sees callbacks, with masked phone numbers, and provisions credentials.</summary>
    Developer = 3,

    /// <summary>Everything.</summary>
    Administrator = 4,
}

/// <summary>A local account as it is stored.</summary>
public sealed record UserAccount
{
    /// <summary>Longest name.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Tenant that the user belongs to.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Id within the tenant.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name for signing in, as it was written; shown wherever the user changed something.</summary>
    public required string Name { get; init; }

    /// <summary>The name as it is looked up: unique within the tenant.</summary>
    public required string NormalizedName { get; init; }

    /// <summary>What the user may do.</summary>
    public required UserRole Role { get; init; }

    /// <summary>Salted hash of the password.</summary>
    public required string PasswordHash { get; init; }

    /// <summary>Changes with password and role; a session made under another one is over.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public int FailedSignIns { get; init; }

    /// <summary>Until when nobody signs in with this account.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Begins at 1 and grows by one with each change.</summary>
    public int Version { get; init; } = 1;
}

/// <summary>The local accounts of the tenants.</summary>
public interface IUserAccountStore
{
    /// <summary>The account of that id, or null.</summary>
    Task<UserAccount?> FindAsync(TenantId tenant, Guid userId);

    /// <summary>The account of that normalized name, or null.</summary>
    Task<UserAccount?> FindByNameAsync(TenantId tenant, string normalizedName);

    /// <summary>The tenant's accounts by name.</summary>
    Task<IReadOnlyList<UserAccount>> ListAsync(TenantId tenant);

    /// <summary>Adds an account; false where the name is taken.</summary>
    Task<bool> AddAsync(UserAccount account);

    /// <summary>
    /// Stores role, password, stamp and failures if the stored version still is the account's, and raises the version by one; false, and nothing changed, where it is not.
    /// </summary>
    Task<bool> SaveAsync(UserAccount account);
}
