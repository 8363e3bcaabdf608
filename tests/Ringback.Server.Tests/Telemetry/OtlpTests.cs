namespace Ringback.Server.Tests.Telemetry;

/// <summary>Metrics go by OTLP where the standard variables say (rule F2).</summary>
public sealed class OtlpTests
{
    [Fact, Trait("Rule", "F2")]
    public async Task A_collector_that_the_standard_settings_name_gets_the_metrics()
    {
        await using var collector = await Collector.StartAsync();
        await using var site = await TestSite.StartAsync(settings: collector.Variables);
        await MetricsStory.PlayAsync(site);
        await collector.WaitForAsync("metrics", "ringback.push.sends");
        await collector.WaitForAsync("metrics", "http.server.request.duration");
        Assert.DoesNotContain("good-1", collector.Received("metrics"), StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "F2")]
    public async Task A_process_takes_the_standard_variables_from_its_environment()
    {
        await using var collector = await Collector.StartAsync();
        var folder = Directory.CreateTempSubdirectory("ringback-otlp-");
        try
        {
            var variables = collector.Variables.ToDictionary(v => v.Key, v => v.Value!);
            variables["OTEL_SERVICE_NAME"] = "night-shift";
            await using (var server = ProcessSiteChild.StartBuilt("ringback.dll", ["serve", "--data", folder.FullName, "--port", "0", "--end-with-stdin"], variables))
            {
                Assert.NotNull(await server.FirstLineAsync());
                await collector.WaitForAsync("metrics", "night-shift");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact, Trait("Rule", "F2")]
    public async Task Without_a_collector_or_where_it_is_told_not_to_nothing_is_sent()
    {
        await using var collector = await Collector.StartAsync();
        var settings = new Dictionary<string, string?>(collector.Variables) { ["OTEL_METRICS_EXPORTER"] = "none" };
        await using var site = await TestSite.StartAsync(settings: settings);
        await MetricsStory.PlayAsync(site);
        await site.StopServerAsync();
        Assert.Equal("", collector.Received("metrics"));
    }
}
