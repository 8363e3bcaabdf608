using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Storage.Access;
using Ringback.Storage.Callbacks;

namespace Ringback.Storage.CallIn;

/// <summary>Table <c>call_in_groups</c>.</summary>
internal sealed class CallInGroupRow : IEntityTypeConfiguration<CallInGroupRow>
{
    public int TenantId { get; set; }

    public string Name { get; set; } = "";

    public string PhoneNumbers { get; set; } = "";

    public int AccessCodeDigits { get; set; }

    public int ExpirySeconds { get; set; }

    public void Configure(EntityTypeBuilder<CallInGroupRow> builder)
    {
        builder.ToTable("call_in_groups").HasKey(r => new { r.TenantId, r.Name });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Table <c>access_codes</c>: whose each code is, and until when. The key is what keeps a code from being given out twice.</summary>
internal sealed class AccessCodeRow : IEntityTypeConfiguration<AccessCodeRow>
{
    public int TenantId { get; set; }

    public string GroupName { get; set; } = "";

    public string Code { get; set; } = "";

    public Guid RequestId { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public void Configure(EntityTypeBuilder<AccessCodeRow> builder)
    {
        builder.ToTable("access_codes").HasKey(r => new { r.TenantId, r.GroupName, r.Code });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}

/// <summary>Table <c>call_in_requests</c>: call-in data that customers were given, with or without a callback.</summary>
internal sealed class CallInRequestRow : IEntityTypeConfiguration<CallInRequestRow>
{
    public int TenantId { get; set; }

    public Guid RequestId { get; set; }

    public Guid? CallbackId { get; set; }

    public string GroupName { get; set; } = "";

    public string ToPhoneNumber { get; set; } = "";

    public string? FromPhoneNumber { get; set; }

    public string? AccessCode { get; set; }

    public string? UserData { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? MatchedAt { get; set; }

    public void Configure(EntityTypeBuilder<CallInRequestRow> builder)
    {
        builder.ToTable("call_in_requests").HasKey(r => new { r.TenantId, r.RequestId });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<CallbackRow>().WithMany().HasForeignKey(r => new { r.TenantId, r.CallbackId }).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(r => new { r.TenantId, r.CallbackId }, "ix_call_in_requests_callback").HasFilter("callback_id is not null");
        builder.HasIndex(r => new { r.TenantId, r.ExpiresAt }, "ix_call_in_requests_open").HasFilter("matched_at is null");
        builder.HasIndex(r => new { r.TenantId, r.ExpiresAt }, "ix_call_in_requests_not_erased").HasFilter("callback_id is null and (from_phone_number is not null or user_data is not null)");
    }
}
