using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Ringback.Server.Commands;
using Ringback.Storage.Dialects.Sqlite;

namespace Ringback.Server.Demo;

/// <summary>How a demo site is started.</summary>
internal sealed record DemoOptions(int Port, int EmulatorPort, string DataDirectory, string EmulatorProgram);

/// <summary>A demo site: the emulator and the server as processes of their own, seeded, and the file that says how to reach them.</summary>
internal sealed class DemoSite(DemoOptions options, TextWriter screen) : IAsyncDisposable
{
    private const string Project = "ringback-demo";

    /// <summary>A site that was killed may take a moment to leave its ports, and longer to finish what it sends and leave its data.</summary>
    private static readonly TimeSpan portPatience = TimeSpan.FromSeconds(5), dataPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(200);
    private FileStream? ownership;
    private DemoProcess? emulator;
    private DemoProcess? server;

    private string ReadyPath => Path.Combine(options.DataDirectory, "ready.json");

    /// <summary>Brings the site up and says how to reach it.</summary>
    public async Task<ReadyFile> StartAsync(CancellationToken cancellation)
    {
        StartFailure.MakePrivateFolder(options.DataDirectory);
        ownership = TakeFolder();
        // Whoever waits for the file must not find the one of the last run.
        File.Delete(ReadyPath);
        await RequireFreeAsync(options.Port, "--port", cancellation);
        await RequireFreeAsync(options.EmulatorPort, "--emulator-port", cancellation);

        Say("1/4 Preparing the database");
        var keys = await PlantAsync(cancellation);
        Say("2/4 Starting the FCM emulator");
        emulator = DemoProcess.Start("emulator", options.EmulatorProgram,
            ["--port", Text(options.EmulatorPort), "--data", Path.Combine(options.DataDirectory, "emulator"), "--end-with-stdin"],
            new Dictionary<string, string>(), Path.Combine(options.DataDirectory, "emulator.log"));
        var emulatorUrl = await emulator.ReadyAsync(cancellation);
        Say("3/4 Starting the server");
        var webApp = await WebAppAsync(emulatorUrl, cancellation);
        server = DemoProcess.Start("server", typeof(DemoSite).Assembly.Location, ["serve", "--port", Text(options.Port), "--data", options.DataDirectory, "--end-with-stdin"],
            new Dictionary<string, string>
            {
                ["RINGBACK_Firebase__TokenEndpoint"] = $"{emulatorUrl}/token",
                ["RINGBACK_Firebase__SendEndpoint"] = emulatorUrl,
                ["RINGBACK_Firebase__InstallationsEndpoint"] = emulatorUrl,
                ["RINGBACK_Firebase__RegistrationsEndpoint"] = emulatorUrl,
                ["RINGBACK_Firebase__SampleConfig"] = webApp,
                ["RINGBACK_Demo__Enabled"] = "true",
                ["RINGBACK_Demo__ApiKey"] = keys.ApiKey,
                ["RINGBACK_Demo__WebApp"] = webApp,
            },
            Path.Combine(options.DataDirectory, "server.log"));
        var url = await server.ReadyAsync(cancellation);
        Say("4/4 Storing Firebase credentials that the emulator knows");
        await StoreCredentialsAsync(url, emulatorUrl, keys.ManagementKey, cancellation);

        var ready = new ReadyFile
        {
            Url = url,
            EmulatorUrl = emulatorUrl,
            ApiKey = keys.ApiKey,
            ManagementKey = keys.ManagementKey,
            Users = keys.Users,
            Queue = DemoSeed.Queue,
            CallInGroup = DemoSeed.CallInGroup,
            ServerPid = server.Id,
            EmulatorPid = emulator.Id,
        };
        ready.Write(ReadyPath);
        Introduce(ready);
        return ready;
    }

    /// <summary>Stays until somebody ends the site (0) or one of its programs ends by itself (1).</summary>
    public async Task<int> WaitAsync(CancellationToken cancellation)
    {
        try
        {
            var name = await await Task.WhenAny(Ended(server!), Ended(emulator!));
            // Ctrl-C at a terminal reaches the programs too, and one may be gone before we have heard of it.
            await Task.Delay(pause, TimeProvider.System, cancellation);
            Say($"The {name} has ended. Its log is {Path.Combine(options.DataDirectory, $"{name}.log")}.");
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Say("Stopping.");
            return 0;
        }

        async Task<string> Ended(DemoProcess process)
        {
            await process.EndedAsync(cancellation);
            return process.Name;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (ownership is null) return; // Whatever is in the folder is somebody else's.
        File.Delete(ReadyPath);
        if (server is not null) await server.DisposeAsync();
        if (emulator is not null) await emulator.DisposeAsync();
        await ownership.DisposeAsync();
    }

    /// <summary>One runner at a time works with a folder, from before the server has it; the kernel gives it free when we end, however we end.</summary>
    private FileStream TakeFolder()
    {
        try
        {
            return new FileStream(Path.Combine(options.DataDirectory, "demo.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CommandException($"another demo works with the folder {options.DataDirectory}. Stop it (Ctrl-C where it runs), or choose another folder with --data.");
        }
    }

    /// <summary>The server of a runner that was killed ends by itself, but first finishes what it has begun.</summary>
    private async Task<DemoKeys> PlantAsync(CancellationToken cancellation)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await DemoSeed.PlantAsync(options.DataDirectory, cancellation);
            }
            catch (DataInUseException) when (TimeProvider.System.GetElapsedTime(since) < dataPatience)
            {
                await Task.Delay(pause, TimeProvider.System, cancellation);
            }
        }
    }

    /// <summary>A new site gets an account from the emulator; a site that was started before has its own still.</summary>
    private static async Task StoreCredentialsAsync(string url, string emulatorUrl, string managementKey, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("x-api-key", managementKey);
        var address = new Uri($"{url}/management/v1/credentials/firebase");
        var present = await http.GetFromJsonAsync<JsonElement>(address, cancellation);
        if (present.GetProperty("configured").GetBoolean()) return;
        var minted = await http.PostAsJsonAsync(new Uri($"{emulatorUrl}/accounts"), new { projectId = Project }, cancellation);
        var account = await minted.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
        var stored = await http.PutAsJsonAsync(address, new { serviceAccount = account }, cancellation);
        if (!stored.IsSuccessStatusCode) throw new CommandException($"the demo credentials were not taken: {await stored.Content.ReadAsStringAsync(cancellation)}");
    }

    /// <summary>What the Firebase console would show for a web app of the demo's project.</summary>
    private static async Task<string> WebAppAsync(string emulatorUrl, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri($"{emulatorUrl}/web-apps/{Project}"), cancellation);
    }

    private static async Task RequireFreeAsync(int port, string option, CancellationToken cancellation)
    {
        if (port is < 0 or > 65535) throw new CommandException($"{option} takes a number from 0 to 65535.");
        var since = TimeProvider.System.GetTimestamp();
        while (!IsFree(port))
        {
            if (TimeProvider.System.GetElapsedTime(since) > portPatience) throw new CommandException($"port {port} is in use. Choose another one with {option}.");
            await Task.Delay(pause, TimeProvider.System, cancellation);
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Introduce(ReadyFile ready) => screen.WriteLine($"""

          Ringback is up.

            Server          {ready.Url}   (open it and sign in with one of these names and its password)
            {string.Join("\n    ", ready.Users.Select(user => $"{user.Name,-14}  {user.Password}"))}
            Customer's page {ready.Url}/demo   (pushes: docs/api/web-app.md says which browser gets them)
            FCM emulator    {ready.EmulatorUrl}   (open it: every push that arrives is shown there)
            App key         {ready.ApiKey}
            Management key  {ready.ManagementKey}
            Queues          {DemoSeed.Queue} (we call the customer), {DemoSeed.CallInQueue} (the customer calls in)
            The same as JSON: {ReadyPath}

          Ctrl-C ends it.

        """);

    private void Say(string line) => screen.WriteLine($"ringback: {line}");

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
