using System.CommandLine;
using System.Text.Json;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Server.Callbacks;
using Ringback.Server.Web;

namespace Ringback.Server.Commands;

/// <summary><c>ringback personal-data erase</c> and <c>export</c>: what the calls of the same name do, without a server.</summary>
internal static class PersonalDataCommand
{
    private static readonly Option<string> tenant = new("--tenant") { Description = "Name of the tenant.", DefaultValueFactory = _ => "default" };
    private static readonly Option<string?> number = new("--phone-number") { Description = "A customer's number in E.164: number, user data and push targets of everything that holds it.", HelpName = "NUMBER" };

    private static readonly Option<string> exported = new("--phone-number") { Description = "A customer's number in E.164.", HelpName = "NUMBER", Required = true };

    private static readonly Option<bool> target = new("--target-stdin")
    {
        Description = "Read a push target from the first line of standard input: it is as secret as a password, and a command line can be seen by others.",
    };

    public static Command Create()
    {
        var erase = new Command("erase", "Erases personal data of callbacks that are over. On SQLite the server must be stopped.") { ServeCommand.Data, ServeCommand.Config, tenant, number, target };
        erase.Validators.Add(line =>
        {
            if (line.GetValue(number) is null == !line.GetValue(target)) line.AddError("Give --phone-number or --target-stdin, and not both.");
        });
        erase.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => EraseAsync(line, cancellation)));
        var export = new Command("export", "Prints everything that holds a phone number as JSON. On SQLite the server must be stopped.") { ServeCommand.Data, ServeCommand.Config, tenant, exported };
        export.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => ExportAsync(line, cancellation)));
        return new Command("personal-data", "Phone numbers, user data and push targets.") { erase, export };
    }

    private static async Task<int> ExportAsync(ParseResult line, CancellationToken cancellation)
    {
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var id = await TenantOption.FindAsync(site, line.GetRequiredValue(tenant));
        var pages = new List<KeptData>();
        do
        {
            var answer = await site.Get<PersonalData>().ExportAsync(id, line.GetRequiredValue(exported), pages.LastOrDefault()?.Next, PersonalData.MostExported, OfflineSite.Actor);
            if (answer.Fault is { } fault) throw new CommandException(fault.Detail);
            pages.Add(answer.Value);
        }
        while (pages[^1].Next is not null);
        var all = new KeptData(pages[0].PhoneNumber, [.. pages.SelectMany(page => page.Callbacks)], [.. pages.SelectMany(page => page.CallIns)], Next: null);
        Console.WriteLine(JsonSerializer.Serialize(KeptDataShape.Of(all), WireJson.Options));
        return 0;
    }

    private static async Task<int> EraseAsync(ParseResult line, CancellationToken cancellation)
    {
        // Read before the database is opened: somebody may type it by hand, and the file is locked meanwhile.
        var address = line.GetValue(target) ? await Console.In.ReadLineAsync(cancellation) : null;
        if (line.GetValue(target) && address is not { Length: > 0 }) throw new CommandException("standard input holds no push target.");
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var id = await TenantOption.FindAsync(site, line.GetRequiredValue(tenant));
        var data = site.Get<PersonalData>();
        var answer = address is null ? await data.EraseByNumberAsync(id, line.GetValue(number)!, OfflineSite.Actor) : await data.EraseByAddressAsync(id, address, OfflineSite.Actor);
        if (answer.Fault is { } fault) throw new CommandException(fault.Detail);
        var erased = answer.Value;
        Console.WriteLine($"Erased from {erased.Callbacks} callbacks and {erased.CallIns} call-in requests.");
        if (erased.InUse > 0) Console.WriteLine($"{erased.InUse} are not over and hold it yet. End them, and run the command again.");
        return 0;
    }
}
