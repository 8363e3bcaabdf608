using System.CommandLine;
using Ringback.Server.Access;
using Ringback.Storage;

namespace Ringback.Server.Commands;

/// <summary><c>ringback migrate</c>: brings the database to this version and ends. <c>serve</c> does the same by itself on SQLite.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Brings the database schema to this version.") { ServeCommand.Data };
        command.SetAction((line, cancellation) => RingbackCommand.RunAsync(async () =>
        {
            await using var site = await OfflineSite.OpenAsync(line.GetRequiredValue(ServeCommand.Data), cancellation);
            Console.WriteLine("The database is up to date.");
            return 0;
        }));
        return command;
    }
}

/// <summary>The stores of a site whose server does not run; the database is brought up to date on the way.</summary>
internal sealed class OfflineSite : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private OfflineSite(ServiceProvider services) => this.services = services;

    public static async Task<OfflineSite> OpenAsync(string dataDirectory, CancellationToken cancellation)
    {
        var options = new ServerOptions { DataDirectory = Path.GetFullPath(dataDirectory) };
        StartFailure.MakePrivateFolder(options.DataDirectory);
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables("RINGBACK_").Build());
        collection.AddLogging();
        ServerHost.AddServices(collection, options, TimeProvider.System);
        AccessServices.AddAccounts(collection);
        var site = new OfflineSite(collection.BuildServiceProvider());
        try
        {
            await site.Get<IDatabaseSetup>().MigrateAsync(cancellation);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
