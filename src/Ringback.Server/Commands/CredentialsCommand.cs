using System.CommandLine;
using System.Text;
using Microsoft.Extensions.Options;
using Ringback.Cluster.Silo;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Firebase.Api;

namespace Ringback.Server.Commands;

/// <summary><c>ringback credentials set|check|show|history|rewrap</c>: the Firebase credentials, on the database itself. A key comes from a file or standard input, never as an argument.</summary>
internal static class CredentialsCommand
{
    private const int MaxInputBytes = 64 * 1024;

    private static readonly Option<string> tenant = new("--tenant") { Description = "Name of the tenant.", DefaultValueFactory = _ => "default" };
    private static readonly Option<string> app = new("--app") { Description = "Name of the Firebase app.", DefaultValueFactory = _ => CredentialKey.DefaultApp };
    private static readonly Option<string?> file = new("--file") { Description = "The service-account JSON file that Firebase hands out, or a file with the private key alone.", HelpName = "FILE" };
    private static readonly Option<bool> fromStdin = new("--stdin") { Description = "Read the same from standard input." };
    private static readonly Option<string?> project = new("--project") { Description = "The Firebase project ID; needed with a private key alone." };
    private static readonly Option<string?> email = new("--client-email") { Description = "E-mail of the service account; needed with a private key alone." };
    private static readonly Option<bool> force = new("--force") { Description = "Put them into force whatever the check says." };
    private static readonly Option<bool> confirm = new("--confirm-project-change") { Description = "They may be of another project than those in force." };
    private static readonly Option<bool> next = new("--next") { Description = "Check the ones that wait, and put them into force if they pass." };
    private static readonly Option<int> limit = new("--limit") { Description = "At most so many lines.", DefaultValueFactory = _ => 20 };

    private static string By => $"command line ({Environment.UserName})";

    public static Command Create()
    {
        limit.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > 500) given.AddError("--limit takes 1 to 500.");
        });
        return new Command("credentials", "Firebase credentials. On SQLite the server must be stopped.")
        {
            Make("set", "Checks credentials and puts them into force.", SetAsync, file, fromStdin, project, email, force, confirm),
            Make("check", "Asks Firebase whether it takes the credentials. 1 unless it does.", CheckAsync, next),
            Make("show", "Shows what may be shown.", ShowAsync),
            Make("history", "Who did what with which key, the newest first.", HistoryAsync, limit),
            MasterKeyCommand.CreateRewrap(),
        };
    }

    private static Command Make(string name, string description, Func<Call, Task<int>> run, params Option[] options)
    {
        var command = new Command(name, description) { ServeCommand.Data, ServeCommand.Config, tenant, app };
        foreach (var option in options) command.Add(option);
        command.SetAction((line, cancellation) => RingbackCommand.RunAsync(async () =>
        {
            if (FirebaseAppName.Mistake(line.GetRequiredValue(app)) is { } mistake) throw new CommandException(mistake.Detail);
            // Read before the database is opened: somebody may paste it by hand, and the file is locked meanwhile.
            var input = options.Contains(fromStdin) ? await ReadAsync(line, cancellation) : null;
            var at = ServeCommand.OptionsOf(line);
            await using var site = await OfflineSite.OpenAsync(at, mayMigrate: false, cancellation);
            if (site.Get<IOptions<ClusterSettings>>().Value.Enabled) SharedMasterKey.Require(await site.Get<IMasterKeyStore>().FindAsync(), site.Get<CredentialSeal>(), at);
            var id = await TenantOption.FindAsync(site, line.GetRequiredValue(tenant));
            return await run(new Call(line, site.Get<CredentialService>(), site.Get<CredentialParser>(), new CredentialKey(id, line.GetRequiredValue(app)), input, cancellation));
        }));
        return command;
    }

    private static async Task<int> SetAsync(Call call)
    {
        var parsed = call.Parser.Parse(call.Line.GetValue(project), call.Line.GetValue(email), call.Input!.Reveal());
        if (parsed.Fault is { } unusable) throw new CommandException(unusable.Detail);
        var offer = new CredentialOffer(parsed.Value, By, call.Line.GetValue(force), call.Line.GetValue(confirm));
        Show(ValueOf(await call.Service.SetAsync(call.Key, offer, call.Cancellation)));
        return 0;
    }

    private static async Task<int> CheckAsync(Call call)
    {
        var result = ValueOf(call.Line.GetValue(next) ? await call.Service.CheckNextAsync(call.Key, By, call.Cancellation) : await call.Service.TestAsync(call.Key, call.Cancellation));
        var check = CheckAnswer.Of(result, "");
        Console.WriteLine(string.Join('\t', new[] { check.Result, check.Code, check.Detail }.Where(part => part is not null)));
        return check.Result == "passed" ? 0 : 1;
    }

    private static async Task<int> ShowAsync(Call call)
    {
        var view = await call.Service.GetAsync(call.Key, call.Cancellation);
        if (!view.Configured) throw new CommandException("No Firebase credentials are configured.");
        Show(view);
        return 0;
    }

    private static async Task<int> HistoryAsync(Call call)
    {
        foreach (var e in await call.Service.HistoryAsync(call.Key, null, call.Line.GetValue(limit), call.Cancellation))
            Console.WriteLine(string.Join('\t', WireTime.Of(e.At), e.Action, e.Version, e.ProjectName, e.Fingerprint, e.By, e.Code ?? e.Result?.ToString() ?? "").TrimEnd());
        return 0;
    }

    private static void Show(CredentialView view)
    {
        foreach (var (place, version) in new[] { ("in force", view), ("next", view.Next), ("previous", view.Previous) })
        {
            if (version is not { UpdatedAt: { } at }) continue;
            Console.WriteLine(string.Join('\t', place, version.ProjectName, $"version {version.Version}", version.Fingerprint, version.ClientEmail, version.Status, WireTime.Of(at), version.UpdatedBy));
            if (version.LastTest is { } test) Console.WriteLine($"\t{test.Result}\t{test.Detail}");
        }
    }

    private static async Task<Secret> ReadAsync(ParseResult line, CancellationToken cancellation)
    {
        if (line.GetValue(fromStdin) == (line.GetValue(file) is not null)) throw new CommandException("Give either --file or --stdin.");
        await using var source = line.GetValue(file) is { } path ? File.OpenRead(path) : Console.OpenStandardInput();
        var bytes = new byte[MaxInputBytes + 1];
        var read = await source.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return read <= MaxInputBytes
            ? new Secret(Encoding.UTF8.GetString(bytes, 0, read).TrimStart('\uFEFF'))
            : throw new CommandException("The input is larger than 64 KiB; a service-account file has about 2 KiB.");
    }

    private static T ValueOf<T>(Answer<T> answer) => answer.Fault is { } fault ? throw new CommandException(fault.Detail) : answer.Value;

    private sealed record Call(ParseResult Line, CredentialService Service, CredentialParser Parser, CredentialKey Key, Secret? Input, CancellationToken Cancellation);
}
