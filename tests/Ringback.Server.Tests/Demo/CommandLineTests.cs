using System.Text.RegularExpressions;
using Ringback.Engine;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Demo;

/// <summary><c>ringback</c> as an administrator meets it: what it says when all is well, and one line when it is not.</summary>
public sealed partial class CommandLineTests : IDisposable
{
    private readonly DemoFolder folder = new();

    [Fact]
    public async Task Version_and_migrate_say_one_line()
    {
        Assert.Matches(@"^\d+\.\d+\.\d+$", await ProcessSite.RunAsync("version"));
        Assert.Equal("The database is up to date.", await ProcessSite.RunAsync("migrate", "--data", folder.Data));
        Assert.Equal("The database is up to date.", await ProcessSite.RunAsync("migrate", "--data", folder.Data));
    }

    [Fact]
    public async Task A_key_is_printed_once_and_alone()
    {
        var key = await ProcessSite.RunAsync("api-keys", "create", "--data", folder.Data, "--name", "app", "--right", "engagement");
        Assert.Matches(ApiKeyForm(), key);
        foreach (var file in Directory.GetFiles(folder.Data)) Assert.DoesNotContain(key[^24..], await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'nonsense' is no right; there are engagement, agent, credentials, management, publish.", "--name", "x", "--right", "nonsense")]
    [InlineData("Option '--right' is required.", "--name", "x")]
    [InlineData("Option '--name' is required.", "--right", "agent")]
    public async Task A_key_that_cannot_be_made(string says, params string[] options) =>
        Assert.Equal(says, await RefusedAsync(["api-keys", "create", "--data", folder.Data, .. options]));

    [Fact]
    public async Task While_the_server_runs_no_command_touches_its_data()
    {
        await using var server = ProcessSiteChild.StartBuilt("ringback.dll", ["serve", "--port", "0", "--data", folder.Data, "--end-with-stdin"]);
        Assert.StartsWith("ringback is ready on http://127.0.0.1:", await server.FirstLineAsync(), StringComparison.Ordinal);
        var expected = $"ringback: Another Ringback works with this data already: it holds {Path.Combine(folder.Data, "ringback.lock")}. Stop it, or give this one a folder of its own.";
        Assert.Equal(expected, await RefusedAsync("api-keys", "create", "--data", folder.Data, "--name", "x", "--right", "agent"));
        Assert.Equal(expected, await RefusedAsync("migrate", "--data", folder.Data));
        Assert.Equal(expected, await RefusedAsync("serve", "--port", "0", "--data", folder.Data));
    }

    [Fact]
    public async Task Every_mistake_in_the_configuration_is_named_at_once()
    {
        var settings = new Dictionary<string, string>
        {
            ["RINGBACK_Delivery__ClaimSise"] = "1",
            ["RINGBACK_Delivery__ClaimSize"] = "0",
            ["RINGBACK_Delivery__SweepSeconds"] = "often",
            ["RINGBACK_Delivary__SendsInFlight"] = "1",
            ["RINGBACK_Firebase__SendTimeout"] = "00:00:01",
            ["RINGBACK_Firebase__TokenEndpoint"] = "http://example.com/token",
        };
        var line = await RefusedAsync(settings, "serve", "--port", "0", "--data", folder.Data);
        Assert.StartsWith("ringback: the configuration is wrong: ", line, StringComparison.Ordinal);
        string[] mistakes = ["Delivery:ClaimSise", "Delivery:ClaimSize", "Delivery:SweepSeconds", "Delivary", "Firebase:SendTimeout", "Firebase:TokenEndpoint"];
        Assert.All(mistakes, mistake => Assert.Contains(mistake, line, StringComparison.Ordinal));
        Assert.DoesNotContain("often", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Storage_Provider", "Storage_Provider is no setting. Between section and setting stand two underscores in a variable, RINGBACK_Storage__Provider, and a level in a file.")]
    [InlineData("MetricsKey", "MetricsKey stands outside of its section: it is Telemetry:MetricsKey.")]
    [InlineData("Cluster", "Cluster is a section and takes no value: name a setting in it, such as Cluster:")]
    public async Task A_setting_that_would_have_no_effect_is_refused(string name, string says)
    {
        Assert.Contains(says, await RefusedAsync(new Dictionary<string, string> { [$"RINGBACK_{name}"] = "not-to-be-shown" }, "serve", "--port", "0", "--data", folder.Data), StringComparison.Ordinal);
        var file = folder.Under("ringback.json");
        await File.WriteAllTextAsync(file, $$"""{ "{{name}}": "not-to-be-shown" }""", TestContext.Current.CancellationToken);
        var line = await RefusedAsync("check-config", "--data", folder.Data, "--config", file);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-shown", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_in_the_configuration_file_is_refused_and_one_in_the_environment_may_be_anothers()
    {
        var file = folder.Under("ringback.json");
        await File.WriteAllTextAsync(file, """{ "$schema": "x", "Prot": 8080, "Delivery": {} }""", TestContext.Current.CancellationToken);
        Assert.EndsWith("Prot is no section. The sections are Delivery, Throttles, Retention, Firebase, Storage, Cluster, Demo, Telemetry.", await RefusedAsync("check-config", "--data", folder.Data, "--config", file), StringComparison.Ordinal);
        var others = new Dictionary<string, string>
        {
            ["RINGBACK_VERSION"] = "1",
            ["RINGBACK_NAME"] = "",
            // What Kubernetes says of services that are called ringback and ringback-cluster.
            ["RINGBACK_PORT"] = "tcp://10.0.0.1:80",
            ["RINGBACK_SERVICE_HOST"] = "10.0.0.1",
            ["RINGBACK_SERVICE_PORT_HTTP"] = "80",
            ["RINGBACK_CLUSTER_PORT_80_TCP_ADDR"] = "10.0.0.1",
            ["RINGBACK_CLUSTER_SERVICE_PORT"] = "80",
        };
        await ProcessSite.RunAsync(others, "check-config", "--data", folder.Data);
    }

    [Fact]
    public async Task A_configuration_file_that_cannot_be_read()
    {
        var file = folder.Under("ringback.json");
        Assert.Contains(file, await RefusedAsync("serve", "--port", "0", "--data", folder.Data, "--config", file), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "{ \"Delivery\": ", TestContext.Current.CancellationToken);
        Assert.Contains(file, await RefusedAsync("serve", "--port", "0", "--data", folder.Data, "--config", file), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, """{ "Delivery": { "ClaimSise": 1 } }""", TestContext.Current.CancellationToken);
        Assert.Contains("Delivery:ClaimSise", await RefusedAsync("serve", "--port", "0", "--data", folder.Data, "--config", file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)] // No SQLite file any more.
    [InlineData(4096)] // The file is one, what it holds is not.
    public async Task A_damaged_database_is_told_from_a_bug(int offset)
    {
        await ProcessSite.RunAsync("migrate", "--data", folder.Data);
        var database = Path.Combine(folder.Data, "ringback.db");
        await using (var file = File.OpenWrite(database))
        {
            file.Position = offset;
            await file.WriteAsync(Enumerable.Repeat((byte)0xA5, 16_384).ToArray(), TestContext.Current.CancellationToken);
        }
        var expected = $"ringback: The file {database} is no SQLite database, or a damaged one. Move it away or name another.";
        Assert.Equal(expected, await RefusedAsync("serve", "--port", "0", "--data", folder.Data));
        Assert.Equal(expected, await RefusedAsync("migrate", "--data", folder.Data));
    }

    [Fact]
    public async Task Told_to_stop_the_server_finishes_what_it_sends_however_long_that_takes()
    {
        await using var site = await ProcessSite.StartAsync();
        var client = site.Client();
        await client.AddQueueAsync("support", new { });
        await client.ReportAsync("support", waiting: 12, ready: 0, departures: 0, "busy");
        var callback = await client.CreateAsync("support", "+14155550123", "slow-phone");
        await client.ReportAsync("support", waiting: 1, ready: 0, departures: 11, "calm");
        await site.ArrivedAsync(PushEvents.Upcoming, callback.Id, callback.Targets);
        // The message is in the inbox; its answer comes three seconds later.
        site.Server.Signal("TERM");
        Assert.Equal(0, await site.Server.EndedAsync("a server that was sent TERM"));
        await site.StartServerAsync();
        var report = await site.InspectAsync([callback]);
        Assert.Empty(report.Violations);
        Assert.Equal((1, 0), (report.Arrivals, report.Repeated));
    }

    public void Dispose() => folder.Dispose();

    private static Task<string> RefusedAsync(params string[] arguments) => RefusedAsync(new Dictionary<string, string>(), arguments);

    /// <summary>The one line of a command that refuses; a stack trace would be many.</summary>
    private static async Task<string> RefusedAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using var command = ProcessSiteChild.StartBuilt("ringback.dll", arguments, environment);
        Assert.Equal(1, await command.EndedAsync($"ringback {arguments[0]}"));
        return Assert.Single(command.Errors, line => line.Length > 0);
    }

    [GeneratedRegex("^rb1_[A-Za-z0-9_-]{40,}$")]
    private static partial Regex ApiKeyForm();
}
