using System.Diagnostics;

namespace Ringback.Server.Demo;

/// <summary>
/// A program that a demo site runs. Its standard input is a pipe that only we hold: when we end, however we end, the pipe closes and the program
/// stops by itself, so that nothing is left on its port.
/// </summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(25);
    private readonly Process process;
    private readonly Task<string?> firstLine;
    private readonly string logFile;

    private DemoProcess(Process process, Task<string?> firstLine, string name, string logFile) =>
        (this.process, this.firstLine, Name, this.logFile) = (process, firstLine, name, logFile);

    public string Name { get; }

    public int Id => process.Id;

    /// <summary>Starts a .NET program; what it logs goes to a file.</summary>
    public static DemoProcess Start(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Under `dotnet ringback.dll` we are the dotnet host; under an executable of our own, the program has one beside it.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet") start.ArgumentList.Add(program);
        else start.FileName = Path.ChangeExtension(program, null);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (key, value) in environment) start.Environment[key] = value;

        var process = Process.Start(start)!;
        var log = TextWriter.Synchronized(new StreamWriter(logFile, append: true) { AutoFlush = true });
        var first = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) => first.TrySetResult(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null) log.WriteLine(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new DemoProcess(process, first.Task, name, logFile);
    }

    /// <summary>The address in the line that the program prints once it is ready; the reason it gave where it ended instead.</summary>
    public async Task<string> ReadyAsync(CancellationToken cancellation)
    {
        var line = await firstLine.WaitAsync(cancellation);
        if (line?.Split(' ').FirstOrDefault(word => word.StartsWith("http://", StringComparison.Ordinal)) is { } address) return address;
        await process.WaitForExitAsync(cancellation);
        var reason = File.ReadLines(logFile).LastOrDefault() ?? "it gave no reason";
        throw new Commands.CommandException($"the {Name} did not start: {reason}");
    }

    /// <summary>Ends when the program has ended.</summary>
    public Task EndedAsync(CancellationToken cancellation) => process.WaitForExitAsync(cancellation);

    /// <summary>Lets the program finish its work and stop; one that does not is ended.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
        process.Dispose();
    }
}
