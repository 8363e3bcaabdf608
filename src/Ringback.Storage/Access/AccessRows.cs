using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Engine.Access;

namespace Ringback.Storage.Access;

/// <summary>Table <c>tenants</c>: the one table whose rows are named by more than their tenant.</summary>
internal sealed class TenantRow : IEntityTypeConfiguration<TenantRow>
{
    public int TenantId { get; set; }

    public string Name { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public void Configure(EntityTypeBuilder<TenantRow> builder)
    {
        builder.ToTable("tenants").HasKey(r => r.TenantId);
        builder.Property(r => r.TenantId).ValueGeneratedNever();
        builder.HasIndex(r => r.Name, "ux_tenants_name").IsUnique();
    }
}

/// <summary>Table <c>api_keys</c>: hashes only.</summary>
internal sealed class ApiKeyRow : IEntityTypeConfiguration<ApiKeyRow>
{
    public int TenantId { get; set; }

    public Guid KeyId { get; set; }

    public string Name { get; set; } = "";

    public ApiRights Rights { get; set; }

    public byte[] Hash { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public void Configure(EntityTypeBuilder<ApiKeyRow> builder)
    {
        builder.ToTable("api_keys").HasKey(r => new { r.TenantId, r.KeyId });
        builder.HasIndex(r => new { r.TenantId, r.Hash }, "ux_api_keys_hash").IsUnique();
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
