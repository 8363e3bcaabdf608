using System.CommandLine;
using Ringback.Engine;
using Ringback.Engine.Firebase;
using Ringback.Server.Firebase;

namespace Ringback.Server.Commands;

/// <summary><c>ringback master-key show|rotate</c> and <c>ringback credentials rewrap</c>: which key opens the credentials.</summary>
internal static class MasterKeyCommand
{
    private static readonly Option<string> from = new("--from") { Description = "File of the master key that sealed the records.", HelpName = "FILE", Required = true };

    public static Command Create()
    {
        var show = new Command("show", "Prints the fingerprint of the master key.") { ServeCommand.Data, ServeCommand.Config };
        show.SetAction((line, _) => RingbackCommand.RunAsync(() =>
        {
            Console.WriteLine(ValueOf(MasterKey.Load(ServeCommand.OptionsOf(line).MasterKeyFile)).Fingerprint);
            return Task.FromResult(0);
        }));
        var rotate = new Command("rotate", "Makes a new master key and wraps everything sealed with it. Every server of the site must be stopped; broken off, start it again.") { ServeCommand.Data, ServeCommand.Config };
        rotate.SetAction((line, cancellation) => RingbackCommand.RunAsync(async () =>
        {
            var options = ServeCommand.OptionsOf(line);
            var old = ValueOf(MasterKey.Load(options.MasterKeyFile));
            await using var site = await OfflineSite.OpenAsync(options, mayMigrate: false, cancellation);
            Say(ValueOf(await new MasterKeyChange(site.Get<ISealedStore>(), options.MasterKeyFile).RotateAsync()));
            Console.WriteLine($"The old key is kept in {Path.GetFileName(MasterKeyFiles.OldOf(options.MasterKeyFile, old))}. Delete it when no backup needs it any more.");
            return 0;
        }));
        return new Command("master-key", "The key that seals credentials.") { show, rotate };
    }

    /// <summary><c>ringback credentials rewrap</c>.</summary>
    public static Command CreateRewrap()
    {
        var rewrap = new Command("rewrap", "Wraps what another master key sealed with the one in use. Every server of the site must be stopped.") { ServeCommand.Data, ServeCommand.Config, from };
        rewrap.SetAction((line, cancellation) => RingbackCommand.RunAsync(async () =>
        {
            var options = ServeCommand.OptionsOf(line);
            await using var site = await OfflineSite.OpenAsync(options, mayMigrate: false, cancellation);
            Say(ValueOf(await new MasterKeyChange(site.Get<ISealedStore>(), options.MasterKeyFile).RewrapAsync(Path.GetFullPath(line.GetRequiredValue(from)))));
            return 0;
        }));
        return rewrap;
    }

    private static T ValueOf<T>(Answer<T> answer) => answer.Fault is { } fault ? throw new CommandException(fault.Detail) : answer.Value;

    private static void Say(MasterKeyReport report)
    {
        Console.WriteLine($"The master key is {report.Fingerprint}; {report.Wrapped} records were wrapped with it.");
        foreach (var name in report.Unreadable) Console.Error.WriteLine($"ringback: not opened by any key here, left as it was: {name}");
    }
}
