using System.CommandLine;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator;

internal static class Program
{
    // Left to itself the library ends the process 2 s after SIGTERM, in the middle of what the host still lets finish (EmulatorHost: at most 5 s).
    private static Task<int> Main(string[] args) =>
        EmulatorCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
}
