using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Console;
using Ringback.Engine;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Commands;

/// <summary><c>ringback serve</c>: runs the server until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> host = new("--host") { Description = "Address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
    private static readonly Option<int> port = new("--port") { Description = "Port to listen on; 0 takes a free one.", DefaultValueFactory = _ => 8480 };
    private static readonly Option<bool> endWithStdin = new("--end-with-stdin") { Description = "Stop when standard input ends, so that the server does not outlive its supervisor." };

    /// <summary>The settings of a site; the same for every command.</summary>
    public static Option<string?> Config { get; } = new("--config") { Description = "JSON file with settings. The environment (RINGBACK_Delivery__ClaimSize=…) outranks it.", HelpName = "FILE" };

    /// <summary>The folder of a site; the same for every command.</summary>
    public static Option<string> Data { get; } = new("--data") { Description = "Folder of the database and the master key.", HelpName = "DIR", DefaultValueFactory = _ => "./data" };

    public static Command Create()
    {
        var command = new Command("serve", "Runs the server.") { host, port, Data, Config, endWithStdin };
        command.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => ServeAsync(line, cancellation)));
        return command;
    }

    /// <summary>Folder and settings as the command line names them.</summary>
    public static ServerOptions OptionsOf(ParseResult line) => new() { DataDirectory = Path.GetFullPath(line.GetRequiredValue(Data)), ConfigFile = line.GetValue(Config) };

    private static async Task<int> ServeAsync(ParseResult line, CancellationToken cancellation)
    {
        if (!IPAddress.TryParse(line.GetRequiredValue(host) is "localhost" ? "127.0.0.1" : line.GetRequiredValue(host), out var address))
            throw new CommandException("--host takes an IP address or localhost.");
        if (line.GetValue(port) is < IPEndPoint.MinPort or > IPEndPoint.MaxPort) throw new CommandException("--port takes a number from 0 to 65535.");
        var options = OptionsOf(line) with { Address = address, Port = line.GetValue(port) };
        StartFailure.MakePrivateFolder(options.DataDirectory);
        // The key ring's own complaints of a master key that cannot be used say the same at length, and again at each request.
        Fault? masterKey = null;
        await using var app = ServerHost.Build(options, TimeProvider.System, builder =>
        {
            AddConsoleLog(builder);
            builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", level => masterKey is null && level >= LogLevel.Warning);
        });
        masterKey = app.Services.GetRequiredService<CredentialSeal>().Fault;
        if (masterKey is { } fault)
            await Console.Error.WriteLineAsync($"ringback: {fault.Detail} Until this is mended and the server started again, pushes wait and nobody can sign in. Callbacks are taken all the same.");
        RequireFree(new IPEndPoint(address, options.Port));
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException taken) when (taken.GetBaseException() is SocketException socket)
        {
            throw CannotListen(new IPEndPoint(address, options.Port), socket);
        }
        await Console.Out.WriteLineAsync($"ringback is ready on {app.Urls.First()}");
        if (line.GetValue(endWithStdin)) _ = StopAtEndOfInputAsync(app);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>Asked before anything starts: a cluster would start first and, listening being refused, complain of its own end.</summary>
    private static void RequireFree(IPEndPoint address)
    {
        try
        {
            using var listener = new TcpListener(address);
            listener.Start();
        }
        catch (SocketException taken)
        {
            throw CannotListen(address, taken);
        }
    }

    private static CommandException CannotListen(IPEndPoint address, SocketException why) =>
        new($"cannot listen on {address}: {why.Message}. Choose another port with --port, or another address with --host.");

    /// <summary>A read of standard input cannot be cancelled, so nobody waits for this.</summary>
    private static async Task StopAtEndOfInputAsync(WebApplication app)
    {
        await using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored) > 0)
        {
        }
        app.Lifetime.StopApplication();
    }

    private static void AddConsoleLog(WebApplicationBuilder builder)
    {
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        foreach (var framework in (string[])["Microsoft", "Orleans", "Polly"]) builder.Logging.AddFilter(framework, LogLevel.Warning);
        // It takes the machine's time since boot for the age of its first check and warns at every start.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        // A failed start is reported by one line, not by the host's critical entry with its stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
