using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Storage.Access;

namespace Ringback.Storage.Queues;

/// <summary>Table <c>queues</c>: settings, live side, and the epoch that fences the owner.</summary>
internal sealed class QueueRow : IEntityTypeConfiguration<QueueRow>
{
    public int TenantId { get; set; }

    public int QueueId { get; set; }

    public string Name { get; set; } = "";

    public long Epoch { get; set; }

    public string Settings { get; set; } = "";

    public int SettingsVersion { get; set; }

    public string Live { get; set; } = "";

    /// <summary>When the queue was deleted. Its row stays: callbacks and history refer to it, and its number is never given again.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public void Configure(EntityTypeBuilder<QueueRow> builder)
    {
        builder.ToTable("queues").HasKey(r => new { r.TenantId, r.QueueId });
        builder.HasIndex(r => new { r.TenantId, r.Name }, "ux_queues_name").IsUnique().HasFilter("deleted_at is null");
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Table <c>settings_history</c>: every version of a queue's settings and who made it. The deletion of the queue is the last one, with <c>null</c> for settings.</summary>
internal sealed class SettingsHistoryRow : IEntityTypeConfiguration<SettingsHistoryRow>
{
    public int TenantId { get; set; }

    public int QueueId { get; set; }

    public int Version { get; set; }

    public string Settings { get; set; } = "";

    public string ChangedBy { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    public void Configure(EntityTypeBuilder<SettingsHistoryRow> builder)
    {
        builder.ToTable("settings_history").HasKey(r => new { r.TenantId, r.QueueId, r.Version });
        builder.HasOne<QueueRow>().WithMany().HasForeignKey(r => new { r.TenantId, r.QueueId }).OnDelete(DeleteBehavior.Restrict);
    }
}
