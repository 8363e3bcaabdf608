using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Engine.Delivery;
using Ringback.Storage.Callbacks;

namespace Ringback.Storage.Delivery;

/// <summary>
/// Table <c>outbox</c>. While a row is pending its <see cref="NextAt"/> is the instant from which anybody may take it: when it is due, or the end of its
/// lease. One index range then finds due, free and orphaned rows alike.
/// </summary>
internal sealed class PushRow : IEntityTypeConfiguration<PushRow>
{
    public int TenantId { get; set; }

    public Guid NotificationId { get; set; }

    public Guid CallbackId { get; set; }

    public string Event { get; set; } = "";

    public int Round { get; set; }

    public int TargetOrdinal { get; set; }

    /// <summary>The app of the message, so that a claim takes rows of one credential without reading any payload. What names none is the default app's.</summary>
    public string App { get; set; } = CredentialKey.DefaultApp;

    public string Payload { get; set; } = "";

    public OutboxState State { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset OccurredAt { get; set; }

    public DateTimeOffset NextAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public string? LeaseOwner { get; set; }

    public string? LastCode { get; set; }

    public DateTimeOffset? LastAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public void Configure(EntityTypeBuilder<PushRow> builder)
    {
        builder.ToTable("outbox").HasKey(r => new { r.TenantId, r.NotificationId });
        builder.HasIndex(r => new { r.TenantId, r.CallbackId, r.TargetOrdinal, r.Event, r.Round }, "ux_outbox_decision").IsUnique();
        builder.HasOne<PushTargetRow>().WithMany().HasForeignKey(r => new { r.TenantId, r.CallbackId, r.TargetOrdinal }).OnDelete(DeleteBehavior.Restrict);
        builder.Property(r => r.App).HasDefaultValue(CredentialKey.DefaultApp);
        // What is over is not in it: the claim costs the same however much there has been. Behind the credential it is in the order of the claim.
        builder.HasIndex(r => new { r.TenantId, r.App, r.NextAt, r.NotificationId }, "ix_outbox_pending").HasFilter("state = 0");
    }
}
