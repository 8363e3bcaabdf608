using System.Diagnostics;
using System.Globalization;

namespace Ringback.Measuring;

/// <summary>
/// A .NET program that a measurement runs as a process of its own. Its standard input is a pipe that only we hold: when we end, however we end, the
/// programs that are started with <c>--end-with-stdin</c> end too.
/// </summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private const int LinesKept = 40;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly Queue<string> errors = new();
    private readonly TaskCompletionSource<string?> firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> output = [];

    private ChildProgram(Process process) => this.process = process;

    public int Id => process.Id;

    /// <summary>CPU time so far, user and system.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory that it has held (VmHWM).</summary>
    public long PeakBytes
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>The memory that it holds now (VmRSS); 0 where it has ended.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }
    }

    /// <summary>The end of what it wrote to standard error.</summary>
    public string Errors
    {
        get
        {
            lock (errors) return string.Join('\n', errors);
        }
    }

    /// <summary>Starts a program that was built beside this one, such as <c>Ringback.Server/ringback.dll</c>.</summary>
    /// <param name="program">Project and file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Added to ours.</param>
    /// <param name="syncLog">Where to write each fsync and fdatasync of the program, or null. Needs strace; only these two calls are held up by it.</param>
    public static ChildProgram Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? syncLog = null)
    {
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", Path.GetDirectoryName(program)!, Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), Path.GetFileName(program)));
        // With -D strace is the grandchild, so that the id of the process that we start is that of the program.
        string[] tracer = syncLog is null ? [] : ["strace", "-D", "-f", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-q", "-o", syncLog];
        string[] line = [.. tracer, "dotnet", path, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>()) start.Environment[key] = value;
        var child = new ChildProgram(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, written) => child.Keep(written.Data);
        child.process.ErrorDataReceived += (_, written) => child.KeepError(written.Data);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>The line that the program prints once it is ready.</summary>
    public async Task<string> ReadyLineAsync()
    {
        if (await firstLine.Task.WaitAsync(patience, TimeProvider.System) is { } line) return line;
        await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
        throw new InvalidOperationException($"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}:\n{Errors}");
    }

    /// <summary>Waits for its end and gives what it printed; a failure is an exception with what it said.</summary>
    public async Task<string> OutputAsync()
    {
        await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', process.StartInfo.ArgumentList)} ended with {process.ExitCode}:\n{Errors}");
        lock (output) return string.Join('\n', output);
    }

    /// <summary>Tells the program to stop as a service manager does (SIGTERM), and waits until it has.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-s", "TERM", "--", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
    }

    /// <summary>Ends the program between two instructions, as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
    }

    /// <summary>Lets the program finish and stop; one that does not is ended.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!process.HasExited) process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (output) output.Add(line);
        }
        firstLine.TrySetResult(line);
    }

    private void KeepError(string? line)
    {
        if (line is null) return;
        lock (errors)
        {
            if (errors.Count == LinesKept) errors.Dequeue();
            errors.Enqueue(line);
        }
    }
}
