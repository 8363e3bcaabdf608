using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Ringback.Storage.Access;

namespace Ringback.Storage.Firebase;

/// <summary>Table <c>browser_tests</c>: the last test in a browser of each version of the credentials.</summary>
internal sealed class BrowserTestRow : IEntityTypeConfiguration<BrowserTestRow>
{
    public int TenantId { get; set; }

    public string App { get; set; } = "";

    public int Version { get; set; }

    public DateTimeOffset TestedAt { get; set; }

    public string TestedBy { get; set; } = "";

    /// <summary>Name of the step, or null where the test passed.</summary>
    public string? FailedAtStep { get; set; }

    public string? Code { get; set; }

    public string Detail { get; set; } = "";

    public void Configure(EntityTypeBuilder<BrowserTestRow> builder)
    {
        builder.ToTable("browser_tests").HasKey(r => new { r.TenantId, r.App, r.Version });
        builder.HasOne<TenantRow>().WithMany().HasForeignKey(r => r.TenantId).OnDelete(DeleteBehavior.Restrict);
    }
}
