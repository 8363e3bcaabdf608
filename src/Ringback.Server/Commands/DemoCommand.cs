using System.CommandLine;

namespace Ringback.Server.Commands;

internal static class DemoCommand
{
    public static Command Create() => new("demo", "");
}
