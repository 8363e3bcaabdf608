using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Callbacks;

/// <summary>Table <c>attempts</c>.</summary>
internal sealed class AttemptRow : IEntityTypeConfiguration<AttemptRow>
{
    /// <summary>Rule D5: one live attempt for each agent.</summary>
    public const string LiveAgentIndex = "ux_attempts_live_agent";

    public int TenantId { get; set; }

    public Guid AttemptId { get; set; }

    public int QueueId { get; set; }

    public Guid CallbackId { get; set; }

    public int Number { get; set; }

    public string Agent { get; set; } = "";

    public AttemptState State { get; set; }

    public AttemptOutcome? Outcome { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset LeaseEndsAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? Answer { get; set; }

    public void Configure(EntityTypeBuilder<AttemptRow> builder)
    {
        builder.ToTable("attempts").HasKey(r => new { r.TenantId, r.AttemptId });
        builder.HasOne<CallbackRow>().WithMany().HasForeignKey(r => new { r.TenantId, r.CallbackId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(r => new { r.TenantId, r.CallbackId }, "ix_attempts_callback");
        builder.HasIndex(r => new { r.TenantId, r.QueueId }, "ix_attempts_not_over").HasFilter("state <> 3");
        // Two queues of an agent have two owners, which may both hand out before either sees the other's row: the second one to commit finds out here.
        builder.HasIndex(r => new { r.TenantId, r.Agent }, LiveAgentIndex).IsUnique().HasFilter("state = 0");
    }
}
