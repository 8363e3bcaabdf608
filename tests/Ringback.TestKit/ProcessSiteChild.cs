using System.Diagnostics;

namespace Ringback.TestKit;

/// <summary>A program that a test started. It ends with the test, whatever becomes of that.</summary>
public sealed class ProcessSiteChild : IAsyncDisposable
{
    /// <summary>What Linux makes of a death by SIGKILL.</summary>
    public const int KilledExitCode = 128 + 9;

    private const int LinesKept = 200;
    private readonly Process process;
    private readonly List<string> output = [];
    private readonly List<string> errors = [];
    private readonly TaskCompletionSource<string?> firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProcessSiteChild(Process process) => this.process = process;

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>Whether it is gone.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>What it has written to standard output, line by line.</summary>
    public IReadOnlyList<string> Output => Copy(output);

    /// <summary>What it has written to standard error, the last lines of it.</summary>
    public IReadOnlyList<string> Errors => Copy(errors);

    /// <summary>Starts one of the programs that lie beside the tests, such as <c>ringback.dll</c>.</summary>
    public static ProcessSiteChild StartBuilt(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Start("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments], environment);

    /// <summary>Starts a program.</summary>
    public static ProcessSiteChild Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var child = new ProcessSiteChild(process);
        process.OutputDataReceived += (_, line) =>
        {
            Keep(child.output, line.Data);
            child.firstLine.TrySetResult(line.Data);
        };
        process.ErrorDataReceived += (_, line) => Keep(child.errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Writes to its standard input, and ends that.</summary>
    public async Task WriteAsync(string input)
    {
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
    }

    /// <summary>The first line that it prints, or null where it ended without one.</summary>
    public Task<string?> FirstLineAsync() => firstLine.Task.WaitAsync(ProcessSitePoll.Patience, TimeProvider.System);

    /// <summary>Writes to its standard input, and ends that.</summary>
    public async Task SayAsync(string text)
    {
        await process.StandardInput.WriteAsync(text);
        process.StandardInput.Close();
    }

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> EndedAsync(string why)
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(ProcessSitePoll.Patience, TimeProvider.System);
            return process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{why}: the process goes on.\n{Log}");
        }
    }

    /// <summary>Kills it as a power cut would: no signal handler, no clean-up.</summary>
    public async Task KillAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends a signal that the program can handle, such as TERM.</summary>
    /// <param name="name">Its name without SIG.</param>
    /// <param name="group">To everything in its process group, as a terminal does on Ctrl-C; the program must have a group of its own.</param>
    public void Signal(string name, bool group = false)
    {
        using var kill = Process.Start("kill", ["-s", name, "--", group ? $"-{process.Id}" : $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Whether there is such a process. One that is dead and that nobody has asked for (a zombie) is none.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The end of what it said, for a failure's message.</summary>
    public string Log => string.Join('\n', Output.TakeLast(20).Concat(Errors.TakeLast(40)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private static void Keep(List<string> lines, string? line)
    {
        if (line is null) return;
        lock (lines)
        {
            if (lines.Count == LinesKept) lines.RemoveAt(0);
            lines.Add(line);
        }
    }

    private static List<string> Copy(List<string> lines)
    {
        lock (lines) return [.. lines];
    }
}
