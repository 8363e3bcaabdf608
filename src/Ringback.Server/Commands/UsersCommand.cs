using System.CommandLine;
using Ringback.Engine.Access;
using Ringback.Server.Access;

namespace Ringback.Server.Commands;

/// <summary><c>ringback users add|list</c>: the first administrator of a site, while its server is stopped.</summary>
internal static class UsersCommand
{
    private static readonly Option<string> tenant = new("--tenant") { Description = "Name of the tenant; made where there is none.", DefaultValueFactory = _ => "default" };
    private static readonly Option<string> name = new("--name") { Description = "Name for signing in; unique within the tenant.", Required = true };
    private static readonly Option<UserRole> role = new("--role") { Description = "Administrator, Supervisor, Developer or Monitor.", Required = true };

    private static readonly Option<bool> fromStdin = new("--password-stdin")
    {
        Description = "Read the password from the first line of standard input. Without it one is made and printed, once.",
    };

    public static Command Create()
    {
        role.AcceptOnlyFromAmong(Enum.GetNames<UserRole>());
        var add = new Command("add", "Adds a user. The server must be stopped.") { ServeCommand.Data, ServeCommand.Config, tenant, name, role, fromStdin };
        add.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => AddAsync(line, cancellation)));
        var list = new Command("list", "Lists the users of a tenant. The server must be stopped.") { ServeCommand.Data, ServeCommand.Config, tenant };
        list.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => ListAsync(line, cancellation)));
        return new Command("users", "People who sign in to the pages.") { add, list };
    }

    private static async Task<int> AddAsync(ParseResult line, CancellationToken cancellation)
    {
        // Read before the database is opened: somebody may type it by hand, and the file is locked meanwhile.
        var given = line.GetValue(fromStdin) ? await Console.In.ReadLineAsync(cancellation) ?? "" : null;
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var id = await ApiKeysCommand.TenantAsync(site.Get<IAccessStore>(), line.GetRequiredValue(tenant));
        var password = given ?? UserAccounts.NewPassword();
        if (await site.Get<UserAccounts>().AddAsync(id, line.GetRequiredValue(name), line.GetRequiredValue(role), password) is { } why) throw new CommandException(why);
        Console.WriteLine(given is null ? password : $"{line.GetRequiredValue(name)} was added.");
        return 0;
    }

    private static async Task<int> ListAsync(ParseResult line, CancellationToken cancellation)
    {
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var id = await TenantOption.FindAsync(site, line.GetRequiredValue(tenant));
        foreach (var user in await site.Get<IUserAccountStore>().ListAsync(id))
            Console.WriteLine($"{user.Name}\t{user.Role}\t{(user.LockedUntil > TimeProvider.System.GetUtcNow() ? "locked" : "")}".TrimEnd());
        return 0;
    }
}
