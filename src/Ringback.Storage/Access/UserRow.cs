using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Engine.Access;

namespace Ringback.Storage.Access;

/// <summary>Table <c>users</c>.</summary>
internal sealed class UserRow : IEntityTypeConfiguration<UserRow>
{
    public int TenantId { get; set; }

    public Guid UserId { get; set; }

    public string Name { get; set; } = "";

    public string NormalizedName { get; set; } = "";

    public UserRole Role { get; set; }

    public string PasswordHash { get; set; } = "";

    public string SecurityStamp { get; set; } = "";

    public int FailedSignIns { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public int Version { get; set; }

    public void Configure(EntityTypeBuilder<UserRow> builder)
    {
        builder.ToTable("users").HasKey(r => new { r.TenantId, r.UserId });
        builder.HasIndex(r => new { r.TenantId, r.NormalizedName }, "ux_users_name").IsUnique();
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Table <c>key_ring</c>: belongs to the installation, not to a tenant, since a cookie is read before it is known whose it is.</summary>
internal sealed class KeyRingRow : IEntityTypeConfiguration<KeyRingRow>
{
    public Guid KeyId { get; set; }

    public string Element { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public void Configure(EntityTypeBuilder<KeyRingRow> builder) => builder.ToTable("key_ring").HasKey(r => r.KeyId);
}
