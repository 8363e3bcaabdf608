using System.CommandLine;

namespace Ringback.Server.Commands;

/// <summary>The command line. Exit codes: 0 done, 1 refused with one line on standard error.</summary>
internal static class RingbackCommand
{
    public static RootCommand Create() => new("Ringback, a callback server for contact centres.")
    {
        ServeCommand.Create(),
        MigrateCommand.Create(),
        CheckConfigCommand.Create(),
        ApiKeysCommand.Create(),
        UsersCommand.Create(),
        PersonalDataCommand.Create(),
        PushesCommand.Create(),
        PushTargetsCommand.Create(),
        CredentialsCommand.Create(),
        MasterKeyCommand.Create(),
        SettingsCommand.Create(),
        DemoCommand.Create(),
        VersionCommand(),
    };

    /// <summary>Runs a command's work and turns what a user can mend into one line.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception failure) when (StartFailure.LineOf(failure) is { } line)
        {
            await Console.Error.WriteLineAsync($"ringback: {line}");
            return 1;
        }
    }

    private static Command VersionCommand()
    {
        var command = new Command("version", "Prints the version.");
        command.SetAction(_ => Console.WriteLine(typeof(RingbackCommand).Assembly.GetName().Version!.ToString(3)));
        return command;
    }
}
