using System.Net.Sockets;

namespace Ringback.Server.Tests.Commands;

/// <summary>What keeps the program from starting, or from doing all, is said in one line with what to do.</summary>
public sealed class StartRefusalTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-start-");

    private string Data => Path.Combine(folder.FullName, "data");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("99999")]
    [InlineData("-1")]
    public async Task A_port_that_is_none(string port) =>
        Assert.Equal("ringback: --port takes a number from 0 to 65535.", await RefusedAsync("serve", "--data", Data, $"--port={port}"));

    [Fact]
    public async Task A_port_in_use_is_one_line_without_the_complaints_of_what_had_started()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString()!;
        var line = await RefusedAsync("serve", "--data", Data, "--port", address.Split(':')[1]);
        Assert.StartsWith($"ringback: cannot listen on {address}: ", line, StringComparison.Ordinal);
        Assert.EndsWith("Choose another port with --port, or another address with --host.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_are_not_JSON_say_where()
    {
        var file = Path.Combine(folder.FullName, "settings.json");
        await File.WriteAllTextAsync(file, "{\n  \"Delivery\": {\n    \"ClaimSize\": 5,,\n  }\n}", TestContext.Current.CancellationToken);
        var line = await RefusedAsync("serve", "--data", Data, "--config", file);
        Assert.Contains("settings.json", line, StringComparison.Ordinal);
        Assert.EndsWith("it is not JSON near line 3, byte 20.", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_PostgreSQL_that_is_not_there_is_named_with_its_address()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        var line = await RefusedAsync(
            new Dictionary<string, string> { ["RINGBACK_Storage__Provider"] = "postgresql", ["RINGBACK_Storage__ConnectionString"] = $"Host=127.0.0.1;Port={port};Username=ringback;Password=not-to-be-shown;Database=ringback" },
            "serve", "--data", Data, "--port", "0");
        Assert.StartsWith("ringback: The database cannot be reached: ", line, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{port}", line, StringComparison.Ordinal);
        Assert.EndsWith("Start it, or correct Storage:ConnectionString.", line, StringComparison.Ordinal);
        Assert.DoesNotContain("not-to-be-shown", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_that_is_none_is_refused_with_the_names_that_there_are()
    {
        await ProcessSite.RunAsync("migrate", "--data", Data);
        Assert.EndsWith("This site has none yet; 'ringback users add' and 'ringback api-keys create' make one.", await RefusedAsync("users", "list", "--data", Data), StringComparison.Ordinal);
        await ProcessSite.RunAsync("users", "add", "--data", Data, "--tenant", "north", "--name", "anna", "--role", "Administrator");
        await ProcessSite.RunAsync("users", "add", "--data", Data, "--tenant", "south", "--name", "ben", "--role", "Monitor");
        foreach (var command in (string[][])[["users", "list"], ["credentials", "show"], ["settings", "export", "-", "--format", "csv"]])
            Assert.Equal("ringback: There is no tenant default. Name one with --tenant: north, south.", await RefusedAsync([.. command, "--data", Data]));
    }

    [Fact]
    public async Task A_role_that_is_none_is_refused_with_the_roles_that_there_are()
    {
        await using var command = ProcessSiteChild.StartBuilt("ringback.dll", ["users", "add", "--data", Data, "--name", "x", "--role", "Boss"], new Dictionary<string, string>());
        Assert.Equal(1, await command.EndedAsync("ringback users"));
        var said = string.Join('\n', command.Errors);
        Assert.All((string[])["'Boss'", "Administrator", "Supervisor", "Developer", "Monitor"], word => Assert.Contains(word, said, StringComparison.Ordinal));
        Assert.DoesNotContain("Ringback.Engine", said, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "A5")]
    public async Task A_master_key_that_others_may_read_is_told_once_and_hinders_no_callback()
    {
        await ProcessSite.RunAsync("migrate", "--data", Data);
        await using (var first = await ServeAsync()) await StopAsync(first);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(Data, "master.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        await using var server = await ServeAsync();
        var line = Assert.Single(server.Errors, line => line.StartsWith("ringback: ", StringComparison.Ordinal));
        Assert.Contains("Set its mode to 0600.", line, StringComparison.Ordinal);
        Assert.Contains("pushes wait and nobody can sign in", line, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Errors, line => line.Contains("   at ", StringComparison.Ordinal));
        await StopAsync(server);
    }

    private static async Task StopAsync(ProcessSiteChild server)
    {
        server.Signal("TERM");
        Assert.Equal(0, await server.EndedAsync("ringback serve"));
    }

    private async Task<ProcessSiteChild> ServeAsync()
    {
        var server = ProcessSiteChild.StartBuilt("ringback.dll", ["serve", "--data", Data, "--port", "0"], new Dictionary<string, string>());
        Assert.StartsWith("ringback is ready on ", await server.FirstLineAsync(), StringComparison.Ordinal);
        return server;
    }

    private static Task<string> RefusedAsync(params string[] arguments) => RefusedAsync(new Dictionary<string, string>(), arguments);

    private static async Task<string> RefusedAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await using var command = ProcessSiteChild.StartBuilt("ringback.dll", arguments, environment);
        Assert.Equal(1, await command.EndedAsync($"ringback {arguments[0]}"));
        return Assert.Single(command.Errors, line => line.Length > 0);
    }
}
