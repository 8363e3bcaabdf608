using System.CommandLine;
using System.Globalization;
using Ringback.Engine.Access;
using Ringback.Engine.Delivery;

namespace Ringback.Server.Commands;

/// <summary><c>ringback push-targets revive</c>: what the call of the same name does, without a server.</summary>
internal static class PushTargetsCommand
{
    private static readonly Option<string> tenant = new("--tenant") { Description = "Name of the tenant.", DefaultValueFactory = _ => "default" };
    private static readonly Option<string> from = new("--from") { Description = "Marked dead at or after this instant, such as 2026-11-23T10:15:30Z.", HelpName = "INSTANT", Required = true };
    private static readonly Option<string?> to = new("--to") { Description = "Marked dead before this instant; until now where it is not given.", HelpName = "INSTANT" };
    private static readonly Option<string?> project = new("--project") { Description = "Only what an answer for this Firebase project marked dead.", HelpName = "PROJECT" };

    private static readonly string[] instants = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static Command Create()
    {
        var revive = new Command("revive", "Uses addresses again that Firebase called unregistered. On SQLite the server must be stopped.") { ServeCommand.Data, ServeCommand.Config, tenant, from, to, project };
        revive.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => ReviveAsync(line, cancellation)));
        return new Command("push-targets", "Where pushes go.") { revive };
    }

    private static async Task<int> ReviveAsync(ParseResult line, CancellationToken cancellation)
    {
        var (begin, end) = (Instant("--from", line.GetRequiredValue(from)), line.GetValue(to) is { } text ? Instant("--to", text) : (DateTimeOffset?)null);
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var id = await TenantOption.FindAsync(site, line.GetRequiredValue(tenant));
        var answer = await site.Get<PushTargetService>().ReviveAsync(id, begin, end, line.GetValue(project), OfflineSite.Actor);
        if (answer.Fault is { } fault) throw new CommandException(fault.Detail);
        Console.WriteLine($"{answer.Value} push targets are used again.");
        return 0;
    }

    /// <summary>With its offset: a bare local time means another instant on every machine.</summary>
    private static DateTimeOffset Instant(string option, string text) =>
        DateTimeOffset.TryParseExact(text, instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUniversalTime()
            : throw new CommandException($"{option} takes an instant such as 2026-11-23T10:15:30Z.");
}
