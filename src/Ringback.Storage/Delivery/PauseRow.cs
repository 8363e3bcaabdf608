using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Storage.Access;

namespace Ringback.Storage.Delivery;

/// <summary>Table <c>delivery_pauses</c>. An empty name stands for all queues of the tenant. By name, because a push knows its queue by that.</summary>
internal sealed class PauseRow : IEntityTypeConfiguration<PauseRow>
{
    public int TenantId { get; set; }

    public string QueueName { get; set; } = "";

    public DateTimeOffset PausedAt { get; set; }

    public string PausedBy { get; set; } = "";

    public void Configure(EntityTypeBuilder<PauseRow> builder)
    {
        builder.ToTable("delivery_pauses").HasKey(r => new { r.TenantId, r.QueueName });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
