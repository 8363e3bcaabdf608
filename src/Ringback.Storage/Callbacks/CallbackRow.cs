using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Storage.Queues;

namespace Ringback.Storage.Callbacks;

/// <summary>Table <c>callbacks</c>: what the owner needs to go on, and what the create request said beyond it.</summary>
internal sealed class CallbackRow : IEntityTypeConfiguration<CallbackRow>
{
    public int TenantId { get; set; }

    public Guid CallbackId { get; set; }

    public int QueueId { get; set; }

    public CallbackState State { get; set; }

    public CompletionReason? Reason { get; set; }

    public string PhoneNumber { get; set; } = "";

    public string Language { get; set; } = "";

    public int TargetCount { get; set; }

    public bool Scheduled { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset DesiredAt { get; set; }

    public long SortKey { get; set; }

    public long LiveTicket { get; set; }

    public DateTimeOffset? ReturnsAt { get; set; }

    public int AttemptsMade { get; set; }

    public int TrunkErrorsInRow { get; set; }

    public UpcomingStatus Upcoming { get; set; }

    public int ReadyRound { get; set; }

    public DateTimeOffset? ReadyEndsAt { get; set; }

    public DateTimeOffset? ProcessingSince { get; set; }

    public int EventSequence { get; set; }

    public int TimelineSequence { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public int Reschedules { get; set; }

    public string? UserData { get; set; }

    public string? RoutePoint { get; set; }

    public string? SurveyRoutePoint { get; set; }

    public int? Priority { get; set; }

    public string? Reporting { get; set; }

    /// <summary>When number, user data and push addresses were erased.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    public void Configure(EntityTypeBuilder<CallbackRow> builder)
    {
        builder.ToTable("callbacks").HasKey(r => new { r.TenantId, r.CallbackId });
        builder.HasOne<QueueRow>().WithMany().HasForeignKey(r => new { r.TenantId, r.QueueId }).OnDelete(DeleteBehavior.Restrict);
        // Partial: a queue is loaded in time with what waits, not with all that it has ever served.
        builder.HasIndex(r => new { r.TenantId, r.QueueId }, "ix_callbacks_not_over").HasFilter("state <> 4");
        builder.HasIndex(r => new { r.TenantId, r.CompletedAt }, "ix_callbacks_not_erased").HasFilter("state = 4 and erased_at is null");
    }
}

/// <summary>Table <c>push_targets</c>.</summary>
internal sealed class PushTargetRow : IEntityTypeConfiguration<PushTargetRow>
{
    public int TenantId { get; set; }

    public Guid CallbackId { get; set; }

    public int Ordinal { get; set; }

    public PushTargetType Type { get; set; }

    public string Address { get; set; } = "";

    public TargetState State { get; set; }

    public DateTimeOffset? StateAt { get; set; }

    public string? StateProject { get; set; }

    public void Configure(EntityTypeBuilder<PushTargetRow> builder)
    {
        builder.ToTable("push_targets").HasKey(r => new { r.TenantId, r.CallbackId, r.Ordinal });
        builder.HasIndex(r => new { r.TenantId, r.StateAt }, "ix_push_targets_dead").HasFilter("state = 1");
        builder.HasOne<CallbackRow>().WithMany().HasForeignKey(r => new { r.TenantId, r.CallbackId }).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Table <c>timeline</c>. Clustered by its key (see the migration): it is only ever read per callback, in order.</summary>
internal sealed class TimelineRow : IEntityTypeConfiguration<TimelineRow>
{
    public int TenantId { get; set; }

    public Guid CallbackId { get; set; }

    public int Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    public string Kind { get; set; } = "";

    public string Detail { get; set; } = "";

    public void Configure(EntityTypeBuilder<TimelineRow> builder)
    {
        builder.ToTable("timeline").HasKey(r => new { r.TenantId, r.CallbackId, r.Sequence });
        builder.HasOne<CallbackRow>().WithMany().HasForeignKey(r => new { r.TenantId, r.CallbackId }).OnDelete(DeleteBehavior.Restrict);
    }
}
