using System.Net.Http.Json;
using System.Text.Json;
using Ringback.TestKit;

namespace Ringback.Server.Tests.Demo;

/// <summary><c>./run.sh</c> as somebody at a terminal would start it.</summary>
internal sealed class DemoRun : IAsyncDisposable
{
    /// <summary>The folder of the repository: the tests lie below it.</summary>
    public static readonly string Root = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    private readonly string data;
    private JsonElement ready;

    private DemoRun(string data, ProcessSiteChild process) => (this.data, Process) = (data, process);

    /// <summary>What run.sh has become: the demo command.</summary>
    public ProcessSiteChild Process { get; }

    public JsonElement Ready => ready;

    public int ServerPid => ready.GetProperty("serverPid").GetInt32();

    public int EmulatorPid => ready.GetProperty("emulatorPid").GetInt32();

    public Uri Url => new(Text("url"));

    public Uri EmulatorUrl => new(Text("emulatorUrl"));

    public string Queue => Text("queue");

    public string ReadyFile => Path.Combine(data, "ready.json");

    public bool IsAnythingLeft => !Process.HasEnded || ProcessSiteChild.IsAlive(ServerPid) || ProcessSiteChild.IsAlive(EmulatorPid);

    /// <summary>Starts it, in a process group of its own, as a shell does, and does not wait.</summary>
    public static ProcessSiteChild Launch(params IEnumerable<string> options) => ProcessSiteChild.Start("setsid", [Path.Combine(Root, "run.sh"), .. options]);

    /// <summary>Starts a site and waits until it says that it is up.</summary>
    public static async Task<DemoRun> StartAsync(string data, int port = 0, int emulatorPort = 0, params IEnumerable<string> options)
    {
        var run = new DemoRun(data, Launch(["--port", $"{port}", "--emulator-port", $"{emulatorPort}", "--data", data, .. options]));
        try
        {
            await run.SaysAsync(run.ReadyFile);
            run.ready = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(run.ReadyFile));
            return run;
        }
        catch
        {
            await run.Process.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client with the keys of ready.json.</summary>
    public ProcessSiteClient Client() => new(() => Url, Text("apiKey"), Text("managementKey"));

    public string Text(string name) => ready.GetProperty(name).GetString()!;

    /// <summary>Waits until a line on the screen holds this text.</summary>
    public Task SaysAsync(string text) => ProcessSitePoll.UntilAsync($"the demo says {text}", () =>
        Process.Output.Any(line => line.Contains(text, StringComparison.Ordinal)) ? Task.FromResult(true)
        : Process.HasEnded ? throw new InvalidOperationException($"The demo ended:\n{Process.Log}") : Task.FromResult(false));

    /// <summary>Numbers of the messages in the emulator's inbox.</summary>
    public async Task<IReadOnlyList<long>> InboxAsync(string? pushEvent = null, Guid? callbackId = null)
    {
        using var http = new HttpClient();
        var inbox = await http.GetFromJsonAsync<JsonElement>(new Uri(EmulatorUrl, "inbox"));
        return [.. inbox.GetProperty("messages").EnumerateArray().Where(m => !m.GetProperty("validateOnly").GetBoolean() && Fits(m.GetProperty("message").GetProperty("data")))
            .Select(m => m.GetProperty("sequence").GetInt64())];

        bool Fits(JsonElement message) => (pushEvent is null || message.GetProperty("event").GetString() == pushEvent)
            && (callbackId is null || message.GetProperty("callbackId").GetGuid() == callbackId);
    }

    /// <summary>Waits until an event of a callback is in the inbox.</summary>
    public Task ArrivedAsync(string pushEvent, Guid callbackId) =>
        ProcessSitePoll.UntilAsync($"{pushEvent} of {callbackId}", async () => (await InboxAsync(pushEvent, callbackId)).Count > 0);

    /// <summary>Waits until neither runner nor server nor emulator is there.</summary>
    public Task GoneAsync() => ProcessSitePoll.UntilAsync("runner, server and emulator are gone", () => Task.FromResult(!IsAnythingLeft));

    /// <summary><c>kill -9</c>.</summary>
    public static void Kill(int processId)
    {
        using var victim = System.Diagnostics.Process.GetProcessById(processId);
        victim.Kill();
    }

    /// <summary>Ends everything: server and emulator end by themselves once the runner is dead.</summary>
    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await ProcessSitePoll.UntilAsync("server and emulator are gone", () => Task.FromResult(!ProcessSiteChild.IsAlive(ServerPid) && !ProcessSiteChild.IsAlive(EmulatorPid)));
    }

    private static string FindRoot(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "run.sh")) ? folder.FullName : FindRoot(folder.Parent!);
}

/// <summary>A folder for one test.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-demo-");

    /// <summary>Not there yet: the demo makes it.</summary>
    public string Data => Path.Combine(folder.FullName, "data");

    public string Under(string name) => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);
}
