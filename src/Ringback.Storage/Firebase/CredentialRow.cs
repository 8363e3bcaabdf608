using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Storage.Access;

namespace Ringback.Storage.Firebase;

/// <summary>Table <c>credentials</c>: at most three per app, the one in force, the next one and the one before; sealed, with what may be shown beside it.</summary>
internal sealed class CredentialRow : IEntityTypeConfiguration<CredentialRow>
{
    public int TenantId { get; set; }

    public string App { get; set; } = "";

    /// <summary><c>current</c>, <c>next</c> or <c>previous</c>.</summary>
    public string Slot { get; set; } = "";

    public int Version { get; set; }

    public string ProjectName { get; set; } = "";

    public byte[] Sealed { get; set; } = [];

    public string ClientEmailMask { get; set; } = "";

    public string PrivateKeyMask { get; set; } = "";

    public string Fingerprint { get; set; } = "";

    public int Status { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public string UpdatedBy { get; set; } = "";

    public DateTimeOffset? LastCheckAt { get; set; }

    public string? LastCheckResult { get; set; }

    public string? LastCheckDetail { get; set; }

    public string? LastCheckCode { get; set; }

    public bool IsForced { get; set; }

    public DateTimeOffset? KeptUntil { get; set; }

    public void Configure(EntityTypeBuilder<CredentialRow> builder)
    {
        builder.ToTable("credentials").HasKey(r => new { r.TenantId, r.App, r.Slot });
        builder.Property(r => r.Fingerprint).HasDefaultValue("");
        builder.Property(r => r.IsForced).HasDefaultValue(false);
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
