using System.CommandLine;
using Ringback.Server.Access;
using Ringback.Storage;

namespace Ringback.Server.Commands;

/// <summary><c>ringback migrate</c>: brings the database to this version and ends. On SQLite every command does the same by itself.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Brings the database schema to this version.") { ServeCommand.Data, ServeCommand.Config };
        command.SetAction((line, cancellation) => RingbackCommand.RunAsync(async () =>
        {
            await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: true, cancellation);
            Console.WriteLine("The database is up to date.");
            return 0;
        }));
        return command;
    }
}

/// <summary>The stores of a site without its server, which must not run if it is on SQLite.</summary>
internal sealed class OfflineSite : IAsyncDisposable
{
    /// <summary>Who did it, in histories and in the audit: whoever may run a command has no name here.</summary>
    public const string Actor = "command line";

    private readonly ServiceProvider services;

    private OfflineSite(ServiceProvider services) => this.services = services;

    /// <param name="options">Data folder and settings file.</param>
    /// <param name="mayMigrate">Whether the schema of a database that others may be using is brought up; a database of our own always is.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<OfflineSite> OpenAsync(ServerOptions options, bool mayMigrate, CancellationToken cancellation)
    {
        StartFailure.MakePrivateFolder(options.DataDirectory);
        var site = new OfflineSite(ServicesOf(options));
        try
        {
            ServerSettings.Require(site.services);
            if (mayMigrate) await site.Get<IDatabaseSetup>().MigrateAsync(cancellation);
            else await DatabaseStart.PrepareAsync(site.Get<IDatabaseSetup>(), cancellation);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>The services of a server that never listens. None is made before it is asked for.</summary>
    public static ServiceProvider ServicesOf(ServerOptions options)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(ServerHost.AddSettings(new ConfigurationBuilder(), options).Build());
        services.AddLogging();
        ServerHost.AddServices(services, options, TimeProvider.System);
        AccessServices.AddAccounts(services);
        return services.BuildServiceProvider();
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
