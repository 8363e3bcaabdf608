using System.CommandLine;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Server.Commands;

/// <summary><c>ringback pushes pause</c> and <c>resume</c>: what the calls of the same names do, on the database itself.</summary>
internal static class PushesCommand
{
    private static readonly Option<string> tenant = new("--tenant") { Description = "Name of the tenant.", DefaultValueFactory = _ => "default" };
    private static readonly Option<string?> queue = new("--queue") { Description = "Name of a queue; all of the tenant's where it is not given.", HelpName = "QUEUE" };

    public static Command Create()
    {
        var pause = new Command("pause", "Holds pushes until they are resumed. On SQLite the server must be stopped; running servers notice within a second.") { ServeCommand.Data, ServeCommand.Config, tenant, queue };
        var resume = new Command("resume", "Ends a pause. On SQLite the server must be stopped; running servers notice within a second.") { ServeCommand.Data, ServeCommand.Config, tenant, queue };
        pause.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => PauseAsync(line, cancellation)));
        resume.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => ResumeAsync(line, cancellation)));
        return new Command("pushes", "Pushes on their way.") { pause, resume };
    }

    private static async Task<int> PauseAsync(ParseResult line, CancellationToken cancellation)
    {
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var id = await TenantOption.FindAsync(site, line.GetRequiredValue(tenant));
        var name = "";
        if (line.GetValue(queue) is { } given)
        {
            name = (await site.Get<IQueueStore>().FindAsync(id, given))?.Name ?? throw new CommandException($"There is no queue {given}.");
        }
        await site.Get<DeliveryPauses>().PauseAsync(id, name, OfflineSite.Actor);
        return await ShowAsync(site, id);
    }

    /// <summary>Also for a queue that is gone: its pause must not stay for ever.</summary>
    private static async Task<int> ResumeAsync(ParseResult line, CancellationToken cancellation)
    {
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var id = await TenantOption.FindAsync(site, line.GetRequiredValue(tenant));
        await site.Get<DeliveryPauses>().ResumeAsync(id, line.GetValue(queue) ?? "", OfflineSite.Actor);
        return await ShowAsync(site, id);
    }

    private static async Task<int> ShowAsync(OfflineSite site, TenantId id)
    {
        var paused = await site.Get<DeliveryPauses>().ListAsync(id);
        Console.WriteLine(paused.Count == 0 ? "No queue is paused." : $"Paused: {string.Join(", ", paused.Select(pause => pause.Queue.Length == 0 ? "all queues" : pause.Queue))}.");
        return 0;
    }
}
