using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator;

internal static class Program
{
    private static Task<int> Main(string[] args) => EmulatorCommand.Create().Parse(args).InvokeAsync();
}
