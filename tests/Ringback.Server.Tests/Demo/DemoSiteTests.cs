using System.Text.Json;
using Ringback.Engine;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Demo;

/// <summary>The site that <c>./run.sh</c> brings up (ARCHITECTURE.md), and what a kill leaves of it.</summary>
public sealed class DemoSiteTests : IDisposable
{
    private const string Phone = "+14155550123";
    private readonly DemoFolder folder = new();

    [Fact]
    public async Task Two_sites_run_side_by_side_and_each_says_how_to_reach_it()
    {
        using var otherFolder = new DemoFolder();
        var starting = DemoRun.StartAsync(otherFolder.Data);
        await using var one = await DemoRun.StartAsync(folder.Data);
        await using var other = await starting;
        foreach (var run in new[] { one, other })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, Mode(run.ReadyFile));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Mode(Path.GetDirectoryName(run.ReadyFile)!));
            Assert.Equal(
                ["apiKey", "callInGroup", "emulatorPid", "emulatorUrl", "managementKey", "queue", "serverPid", "url", "users"],
                run.Ready.EnumerateObject().Select(field => field.Name).Order());
            await PlayAsync(run, await CreateAsync(run, "side-by-side"));
            var page = (await run.Client().SendAsync(HttpMethod.Get, "demo/config.json", null)).Success;
            Assert.Equal((run.Text("apiKey"), "ringback-demo"), (page.GetProperty("apiKey").GetString(), page.GetProperty("firebase").GetProperty("project").GetString()));
        }
        Assert.NotEqual(one.Url, other.Url);
        Assert.NotEqual(one.EmulatorUrl, other.EmulatorUrl);
        Assert.NotEqual(one.Text("apiKey"), other.Text("apiKey"));
        Assert.Single(await one.InboxAsync());
        Assert.Single(await other.InboxAsync());
    }

    [Theory]
    [InlineData("TERM", false)]
    [InlineData("INT", false)]
    [InlineData("INT", true)] // Ctrl-C at a terminal reaches server and emulator too.
    public async Task A_signal_ends_everything(string signal, bool group)
    {
        var (port, emulatorPort) = (ProcessSitePoll.FreePort(), ProcessSitePoll.FreePort());
        await using var run = await DemoRun.StartAsync(folder.Data, port, emulatorPort);
        run.Process.Signal(signal, group);
        Assert.Equal(0, await run.Process.EndedAsync($"a demo that was sent {signal}"));
        Assert.False(run.IsAnythingLeft);
        Assert.False(File.Exists(run.ReadyFile));
        Assert.Empty(run.Process.Errors);
        foreach (var left in new[] { port, emulatorPort })
        {
            using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, left);
            listener.Start();
        }
    }

    [Fact]
    public async Task Killed_in_any_way_it_goes_on_where_it_was()
    {
        var (port, emulatorPort) = (ProcessSitePoll.FreePort(), ProcessSitePoll.FreePort());
        var run = await DemoRun.StartAsync(folder.Data, port, emulatorPort);
        try
        {
            var keys = (run.Text("apiKey"), run.Text("managementKey"));
            var credentials = await CredentialsAsync(run);
            await PlayAsync(run, await CreateAsync(run, "before"));
            var inbox = await run.InboxAsync();
            var waiting = await CreateAsync(run, "waiting");

            foreach (var kill in new Action<DemoRun>[] { r => DemoRun.Kill(r.ServerPid), r => DemoRun.Kill(r.EmulatorPid), r => DemoRun.Kill(r.Process.Id), KillAll })
            {
                kill(run);
                await run.Process.EndedAsync("a demo whose part was killed");
                await run.DisposeAsync();
                run = await DemoRun.StartAsync(folder.Data, port, emulatorPort);
                Assert.Equal(keys, (run.Text("apiKey"), run.Text("managementKey")));
                Assert.Equal((port, emulatorPort), (run.Url.Port, run.EmulatorUrl.Port));
                Assert.Equal(credentials, await CredentialsAsync(run));
                Assert.Equal(inbox, await run.InboxAsync());
                var status = await run.Client().RetrieveAsync(waiting);
                Assert.Equal(("QUEUED", 13), (status.GetProperty("callbackState").GetString(), status.GetProperty("positionInQueue").GetInt32()));
            }
            await PlayAsync(run, waiting);
        }
        finally
        {
            await run.DisposeAsync();
        }
    }

    [Fact]
    public async Task Started_again_at_once_after_its_runner_was_killed_it_waits_for_the_old_server_to_finish()
    {
        var (port, emulatorPort) = (ProcessSitePoll.FreePort(), ProcessSitePoll.FreePort());
        await using var run = await DemoRun.StartAsync(folder.Data, port, emulatorPort);
        // The push is answered after three seconds; so long the server has work to finish.
        var callback = await CreateAsync(run, "slow-phone");
        await CalmAsync(run, callback);
        await run.ArrivedAsync(PushEvents.Upcoming, callback);
        DemoRun.Kill(run.Process.Id);
        await using var again = await DemoRun.StartAsync(folder.Data, port, emulatorPort);
        Assert.Equal("QUEUED", (await again.Client().RetrieveAsync(callback)).GetProperty("callbackState").GetString());
    }

    [Fact]
    public async Task The_story_narrates_all_six_events()
    {
        await using var run = await DemoRun.StartAsync(folder.Data, options: ["--story"]);
        await run.SaysAsync("The end.");
        foreach (var pushEvent in PushEvents.All) Assert.Contains(run.Process.Output, line => line.Contains($"phone: [{pushEvent}]", StringComparison.Ordinal));
        run.Process.Signal("TERM");
        Assert.Equal(0, await run.Process.EndedAsync("a demo that was sent TERM"));
    }

    public void Dispose() => folder.Dispose();

    private static void KillAll(DemoRun run)
    {
        foreach (var id in new[] { run.Process.Id, run.ServerPid, run.EmulatorPid }) DemoRun.Kill(id);
    }

    /// <summary>A callback that is thirteenth in line, with a wait above the threshold.</summary>
    private static async Task<Guid> CreateAsync(DemoRun run, string target)
    {
        await run.Client().ReportAsync(run.Queue, waiting: 12, ready: 0, departures: 0, $"busy-{target}");
        return (await run.Client().CreateAsync(run.Queue, Phone, target)).Id;
    }

    private static Task<JsonElement> CalmAsync(DemoRun run, Guid callback) =>
        run.Client().ReportAsync(run.Queue, waiting: 1, ready: 0, departures: 11, $"calm-{callback}");

    private static async Task PlayAsync(DemoRun run, Guid callback)
    {
        await CalmAsync(run, callback);
        await run.ArrivedAsync(PushEvents.Upcoming, callback);
        var attempt = await run.Client().NextAsync(run.Queue, "Ada");
        Assert.Equal(callback, attempt.GetProperty("callbackId").GetGuid());
        await run.Client().OutcomeAsync(attempt.GetProperty("attemptId").GetString()!, "CONNECTED");
        await run.Client().OutcomeAsync(attempt.GetProperty("attemptId").GetString()!, "COMPLETED");
        Assert.Equal("COMPLETED", (await run.Client().RetrieveAsync(callback)).GetProperty("callbackState").GetString());
    }

    private static async Task<string> CredentialsAsync(DemoRun run)
    {
        var shown = await run.Client().ManageAsync(HttpMethod.Get, "credentials/firebase", null);
        Assert.True(shown.GetProperty("configured").GetBoolean());
        return string.Join(' ', shown.EnumerateObject().Where(f => f.Name is "projectName" or "clientEmail" or "privateKey" or "updatedAt" or "updatedBy").Select(f => $"{f.Name}={f.Value}"));
    }

    private static UnixFileMode Mode(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);
}
