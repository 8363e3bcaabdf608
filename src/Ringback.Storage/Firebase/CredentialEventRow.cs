using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Storage.Access;

namespace Ringback.Storage.Firebase;

/// <summary>Table <c>credential_history</c>: who did what with which key, without any of it.</summary>
internal sealed class CredentialEventRow : IEntityTypeConfiguration<CredentialEventRow>
{
    public int TenantId { get; set; }

    public string App { get; set; } = "";

    public int Number { get; set; }

    public DateTimeOffset HappenedAt { get; set; }

    public string DoneBy { get; set; } = "";

    public string Action { get; set; } = "";

    public int Version { get; set; }

    public string ProjectName { get; set; } = "";

    public string Fingerprint { get; set; } = "";

    public string? Result { get; set; }

    public string? Code { get; set; }

    public string? Detail { get; set; }

    public void Configure(EntityTypeBuilder<CredentialEventRow> builder)
    {
        builder.ToTable("credential_history").HasKey(r => new { r.TenantId, r.App, r.Number });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
