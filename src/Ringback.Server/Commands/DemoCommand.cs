using System.CommandLine;
using Ringback.Server.Demo;

namespace Ringback.Server.Commands;

/// <summary><c>ringback demo</c>, behind <c>./run.sh</c>: a whole site on this machine, with the FCM emulator in Google's place.</summary>
internal static class DemoCommand
{
    private static readonly Option<int> port = new("--port") { Description = "Port of the server; 0 takes a free one.", DefaultValueFactory = _ => 8480 };
    private static readonly Option<int> emulatorPort = new("--emulator-port") { Description = "Port of the FCM emulator; 0 takes a free one.", DefaultValueFactory = _ => 9099 };
    private static readonly Option<string> emulator = new("--emulator-program") { Description = "The emulator's fcm-emulator.dll.", Required = true, Hidden = true };
    private static readonly Option<bool> story = new("--story") { Description = "Plays a callback's life through the public API and narrates each push." };

    public static Command Create()
    {
        var command = new Command("demo", "Runs a demo site: server, FCM emulator, two queues.") { port, emulatorPort, ServeCommand.Data, story, emulator };
        command.SetAction((line, cancellation) => RingbackCommand.RunAsync(async () =>
        {
            var options = new DemoOptions(
                line.GetValue(port), line.GetValue(emulatorPort), Path.GetFullPath(line.GetRequiredValue(ServeCommand.Data)), line.GetRequiredValue(emulator));
            await using var site = new DemoSite(options, Console.Out);
            var ready = await site.StartAsync(cancellation);
            if (line.GetValue(story)) await new Story(ready, Console.Out).PlayAsync(cancellation);
            return await site.WaitAsync(cancellation);
        }));
        return command;
    }
}
