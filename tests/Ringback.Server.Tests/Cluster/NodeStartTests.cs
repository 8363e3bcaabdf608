using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine;

namespace Ringback.Server.Tests.Cluster;

/// <summary>What a node of a cluster must have in common with the others (ARCHITECTURE.md: time, secrets).</summary>
public sealed class NodeStartTests
{
    private static readonly Dictionary<string, string?> cluster = new() { ["Cluster:Enabled"] = "true" };

    [Fact, Trait("Rule", "F1")]
    public async Task A_node_with_another_master_key_refuses_to_start_and_says_what_to_do()
    {
        await using var site = await TestSite.StartAsync(provision: false, settings: cluster, on: SiteDatabase.PostgreSql);
        await site.StopServerAsync();
        var file = Path.Combine(site.DataDirectory, "master.key");
        var right = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), TestContext.Current.CancellationToken);
        var refusal = await Assert.ThrowsAnyAsync<Exception>(site.StartServerAsync);
        Assert.Contains("master.key of a node that works", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(right.Trim(), refusal.Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, right, TestContext.Current.CancellationToken);
        await site.StartServerAsync();
    }

    [Fact, Trait("Rule", "F1")]
    public async Task A_node_whose_clock_is_seconds_off_is_not_ready_and_counts_from_the_databases_clock()
    {
        await using var site = await TestSite.StartAsync(provision: false, settings: cluster, on: SiteDatabase.PostgreSql);
        var off = await site.Home.ReadyAsync();
        off.Expect(HttpStatusCode.ServiceUnavailable);
        Assert.Contains("The clock of this machine is", off.Body, StringComparison.Ordinal);
        var ours = site.Services.GetRequiredService<SiteClock>();
        Assert.InRange(ours.GetUtcNow(), TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));

        var before = ours.GetUtcNow();
        site.Clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.InRange(ours.GetUtcNow() - before, TimeSpan.FromSeconds(1.4), TimeSpan.FromSeconds(1.6));
    }
}
