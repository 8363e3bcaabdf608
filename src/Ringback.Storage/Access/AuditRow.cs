using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Ringback.Storage.Access;

/// <summary>Table <c>audit</c>: only ever added to. Ids sort by age, so the primary key gives the order.</summary>
internal sealed class AuditRow : IEntityTypeConfiguration<AuditRow>
{
    public int TenantId { get; set; }

    public Guid AuditId { get; set; }

    public DateTimeOffset At { get; set; }

    public string Actor { get; set; } = "";

    public string Action { get; set; } = "";

    public string Detail { get; set; } = "";

    public void Configure(EntityTypeBuilder<AuditRow> builder)
    {
        builder.ToTable("audit").HasKey(r => new { r.TenantId, r.AuditId });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
