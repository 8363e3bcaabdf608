using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>The command line. Exit codes: 0 stopped as asked, 1 could not start (one line on standard error says why).</summary>
internal static class EmulatorCommand
{
    private static readonly Option<string> Host = new("--host")
    {
        Description = "Address to listen on: an IP address or localhost.",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<int> Port = new("--port")
    {
        Description = "Port to listen on, for HTTP/1.1 and HTTP/2; 0 takes a free one.",
        DefaultValueFactory = _ => 9099,
    };

    private static readonly Option<int?> TlsPort = new("--tls-port")
    {
        Description = "Port for TLS with a generated certificate for Google's hosts, for SDKs that take no other address; 0 takes a free one.",
        HelpName = "PORT",
    };

    private static readonly Option<string[]> PushHost = new("--push-host")
    {
        Description = "Hosts of push services, besides this machine, to which messages for browsers may be posted.",
        HelpName = "HOST",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Folder that keeps inbox and accounts (emulator.jsonl). Without it everything is in memory.",
        HelpName = "DIR",
    };

    private static readonly Option<string[]> Account = new("--account")
    {
        Description = "Service-account JSON files to accept; only their public keys are kept.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> AnyAccount = new("--any-account")
    {
        Description = "Accept any well-formed assertion without checking its signature.",
    };

    private static readonly Option<bool> RegisteredOnly = new("--registered-only")
    {
        Description = "Answer UNREGISTERED to tokens that nobody registered.",
    };

    private static readonly Option<int> Quota = new("--quota")
    {
        Description = "Messages a minute that a project may send; 0 for no limit.",
        HelpName = "N",
        DefaultValueFactory = _ => new EmulatorOptions().QuotaPerMinute,
    };

    private static readonly Option<bool> EndWithStdin = new("--end-with-stdin")
    {
        Description = "Stop when standard input ends, so that the emulator does not outlive its supervisor.",
    };

    public static RootCommand Create()
    {
        Host.Validators.Add(result =>
        {
            if (ParseHost(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError("--host takes an IP address or localhost.");
            }
        });
        Port.Validators.Add(result => RefusePort(result, result.GetValueOrDefault<int>()));
        TlsPort.Validators.Add(result => RefusePort(result, result.GetValueOrDefault<int?>() ?? 0));
        Quota.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--quota takes a number from 0 up.");
            }
        });
        var command = new RootCommand("An emulator of Firebase Cloud Messaging: OAuth, messages:send, and an inbox of what arrived.")
        {
            Host, Port, TlsPort, PushHost, Data, Account, AnyAccount, RegisteredOnly, Quota, EndWithStdin,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var options = new EmulatorOptions
        {
            Address = ParseHost(line.GetRequiredValue(Host))!,
            Port = line.GetValue(Port),
            TlsPort = line.GetValue(TlsPort),
            PushHosts = line.GetRequiredValue(PushHost),
            DataDirectory = line.GetValue(Data),
            AccountFiles = line.GetRequiredValue(Account),
            AnyAccount = line.GetValue(AnyAccount),
            RegisteredOnly = line.GetValue(RegisteredOnly),
            QuotaPerMinute = line.GetValue(Quota),
        };
        try
        {
            await using var app = EmulatorHost.Build(options, TimeProvider.System, AddConsoleLog);
            await StartAsync(app, options, cancellation);
            if (EmulatorHost.TlsAddressOf(app) is { } tls)
            {
                await Console.Out.WriteLineAsync($"fcm-emulator speaks TLS on {tls.GetLeftPart(UriPartial.Authority)} as Google's hosts; GET /certificate is what to trust");
            }
            await Console.Out.WriteLineAsync($"fcm-emulator is ready on {EmulatorHost.AddressOf(app).GetLeftPart(UriPartial.Authority)} (HTTP/1.1 and HTTP/2)");
            if (line.GetValue(EndWithStdin))
            {
                // Not a hosted service: a read of standard input cannot be cancelled and would hold up every other way to stop.
                _ = StopAtEndOfInputAsync(app);
            }
            await app.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (EmulatorStartException refused)
        {
            await Console.Error.WriteLineAsync($"fcm-emulator: {refused.Message}");
            return 1;
        }
    }

    private static async Task StartAsync(WebApplication app, EmulatorOptions options, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException)
        {
            throw new EmulatorStartException(
                $"cannot listen on {new IPEndPoint(options.Address, options.Port)}: {failure.GetBaseException().Message.ReplaceLineEndings(" ")}",
                failure);
        }
    }

    private static async Task StopAtEndOfInputAsync(WebApplication app)
    {
        await using var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored) > 0)
        {
        }
        app.Lifetime.StopApplication();
    }

    private static void RefusePort(OptionResult result, int port)
    {
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            result.AddError($"{result.Option.Name} takes a number from 0 to 65535.");
        }
    }

    private static IPAddress? ParseHost(string? host)
        => host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(host, out var address) ? address : null;

    /// <summary>Warnings only, and on standard error: standard output carries the ready line.</summary>
    private static void AddConsoleLog(WebApplicationBuilder builder)
    {
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // A failed start is reported by the one line, not by the host's critical entry with its stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
