using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Engine.Delivery;
using Ringback.Storage.Access;

namespace Ringback.Storage.Delivery;

/// <summary>
/// Table <c>outbox_history</c>: the rows of <c>outbox</c> whose callback is over, without what only matters while they wait. It refers to no callback: a look at the callback for each row that is moved would
/// cost a lock there. Read both tables as one by <see cref="PushHistorySql.EveryPush"/>.
/// </summary>
internal sealed class PushHistoryRow : IEntityTypeConfiguration<PushHistoryRow>
{
    public int TenantId { get; set; }

    public Guid NotificationId { get; set; }

    public Guid CallbackId { get; set; }

    public string Event { get; set; } = "";

    public int Round { get; set; }

    public int TargetOrdinal { get; set; }

    public string Payload { get; set; } = "";

    public OutboxState State { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset OccurredAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public string? LastCode { get; set; }

    public DateTimeOffset? LastAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public void Configure(EntityTypeBuilder<PushHistoryRow> builder)
    {
        builder.ToTable("outbox_history").HasKey(r => new { r.TenantId, r.NotificationId });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(r => new { r.TenantId, r.CallbackId }, "ix_outbox_history_callback");
    }
}
