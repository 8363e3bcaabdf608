using System.Text.Json;

namespace Ringback.Server.Demo;

/// <summary>What <c>ready.json</c> says: how to reach a demo site that is up. It holds keys, so only its owner may read it.</summary>
public sealed record ReadyFile
{
    private static readonly JsonSerializerOptions format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Address of the server.</summary>
    public required string Url { get; init; }

    /// <summary>Address of the FCM emulator.</summary>
    public required string EmulatorUrl { get; init; }

    /// <summary>Key of the app's side.</summary>
    public required string ApiKey { get; init; }

    /// <summary>Key of the agents' and administrators' side.</summary>
    public required string ManagementKey { get; init; }

    /// <summary>Log-ins of the web pages.</summary>
    public required IReadOnlyList<DemoUser> Users { get; init; }

    /// <summary>Name of the queue on which the centre calls.</summary>
    public required string Queue { get; init; }

    /// <summary>Name of the call-in group.</summary>
    public required string CallInGroup { get; init; }

    /// <summary>Process id of the server.</summary>
    public required int ServerPid { get; init; }

    /// <summary>Process id of the emulator.</summary>
    public required int EmulatorPid { get; init; }

    /// <summary>Writes the file in one step, so that whoever waits for it never reads half of it.</summary>
    public void Write(string path) => PrivateFile.Write(path, JsonSerializer.Serialize(this, format));
}

/// <summary>A log-in of a demo site.</summary>
public sealed record DemoUser(string Name, string Password, string Role);

/// <summary>Files that hold secrets of a demo site.</summary>
internal static class PrivateFile
{
    /// <summary>Replaces the file as a whole; mode 0600.</summary>
    public static void Write(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(draft, options))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
        }
        File.Move(draft, path, overwrite: true);
    }
}
