using System.CommandLine;

namespace Ringback.Server.Commands;

/// <summary><c>ringback check-config</c>: says everything that <c>serve</c> would refuse in the configuration, without starting or touching anything.</summary>
internal static class CheckConfigCommand
{
    public static Command Create()
    {
        var command = new Command("check-config", "Names every mistake of the configuration, without starting.") { ServeCommand.Data, ServeCommand.Config };
        command.SetAction((line, _) => RingbackCommand.RunAsync(async () =>
        {
            await using var services = OfflineSite.ServicesOf(ServeCommand.OptionsOf(line));
            var mistakes = ServerSettings.MistakesOf(services);
            foreach (var mistake in mistakes) await Console.Error.WriteLineAsync($"ringback: {mistake}");
            if (mistakes.Count == 0) Console.WriteLine("The configuration is right.");
            return mistakes.Count == 0 ? 0 : 1;
        }));
        return command;
    }
}
