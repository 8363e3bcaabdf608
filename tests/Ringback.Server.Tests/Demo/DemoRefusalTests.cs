using System.Net;
using System.Net.Sockets;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Demo;

/// <summary>What <c>./run.sh</c> says when it cannot: one clear line and exit code 1.</summary>
public sealed class DemoRefusalTests : IDisposable
{
    private readonly DemoFolder folder = new();

    [Theory]
    [InlineData("--port")]
    [InlineData("--emulator-port")]
    public async Task A_port_in_use(string option)
    {
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();
        var port = ((IPEndPoint)occupied.LocalEndpoint).Port;
        string[] other = option == "--port" ? ["--emulator-port", "0"] : ["--port", "0"];
        var line = await RefusedAsync([option, $"{port}", .. other, "--data", folder.Data]);
        Assert.Equal($"ringback: port {port} is in use. Choose another one with {option}.", line);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/below/it")]
    public async Task A_folder_that_cannot_be_made(string path)
    {
        await File.WriteAllTextAsync(folder.Under("file"), "", TestContext.Current.CancellationToken);
        var line = await RefusedAsync("--port", "0", "--emulator-port", "0", "--data", folder.Under(path));
        Assert.StartsWith($"ringback: the data folder {folder.Under(path)} cannot be made: ", line, StringComparison.Ordinal);
        Assert.EndsWith("Choose another one with --data.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_that_runs_already()
    {
        await using var run = await DemoRun.StartAsync(folder.Data);
        var line = await RefusedAsync("--port", "0", "--emulator-port", "0", "--data", folder.Data);
        Assert.StartsWith($"ringback: another demo works with the folder {folder.Data}. Stop it", line, StringComparison.Ordinal);
        // The refused one leaves the site alone.
        Assert.True(File.Exists(run.ReadyFile));
        Assert.Equal(200, (await run.Client().SendAsync(HttpMethod.Get, "readyz", null)).Status);
    }

    [Theory]
    [InlineData("Unrecognized command or argument '--prot'.", "--prot", "0")]
    [InlineData("--port takes a number from 0 to 65535.", "--port", "70000")]
    [InlineData("Cannot parse argument 'x' for option '--port'", "--port", "x")]
    public async Task An_option_that_is_none(string says, params string[] options)
    {
        await using var run = DemoRun.Launch(options);
        Assert.Equal(1, await run.EndedAsync("a demo with a wrong option"));
        Assert.Contains(run.Errors, line => line.Contains(says, StringComparison.Ordinal));
        Assert.DoesNotContain(run.Errors, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_without_dotnet()
    {
        // A PATH of our own with what every machine has.
        var tools = Directory.CreateDirectory(folder.Under("bin")).FullName;
        foreach (var tool in new[] { "bash", "dirname", "env" })
            File.CreateSymbolicLink(Path.Combine(tools, tool), Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(p => Path.Combine(p, tool)).First(File.Exists));
        await using var run = ProcessSiteChild.Start(Path.Combine(tools, "bash"), [Path.Combine(DemoRun.Root, "run.sh")], new Dictionary<string, string> { ["PATH"] = tools });
        Assert.Equal(1, await run.EndedAsync("run.sh without dotnet"));
        Assert.Equal("run.sh: the .NET 10 SDK is missing. Install it and put dotnet on the PATH.", Assert.Single(run.Errors));
    }

    public void Dispose() => folder.Dispose();

    private static async Task<string> RefusedAsync(params string[] options)
    {
        await using var run = DemoRun.Launch(options);
        Assert.Equal(1, await run.EndedAsync("a demo that cannot start"));
        return Assert.Single(run.Errors);
    }
}
