using System.CommandLine;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Queues;

namespace Ringback.Server.Commands;

/// <summary><c>ringback settings import|export FILE</c>: the whole settings table as a file. On PostgreSQL the servers may run; they take an import over within seconds.</summary>
internal static class SettingsCommand
{
    private static readonly Argument<string> file = new("FILE") { Description = "A file that ends in .csv or .json, or - for standard input or output." };
    private static readonly Option<string> tenant = new("--tenant") { Description = "Name of the tenant.", DefaultValueFactory = _ => "default" };
    private static readonly Option<SettingsFormat?> format = new("--format") { Description = "csv or json; told by the file's name where it is left out." };
    private static readonly Option<bool> dryRun = new("--dry-run") { Description = "Only say what would be added and changed." };

    public static Command Create()
    {
        var export = new Command("export", "Writes the settings of every queue to a file. On SQLite the server must be stopped.") { file, format, ServeCommand.Data, ServeCommand.Config, tenant };
        export.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => ExportAsync(line, cancellation)));
        var import = new Command("import", "Takes settings over from a file: all of it, or nothing and a line for each mistake. On SQLite the server must be stopped.")
        {
            file, format, dryRun, ServeCommand.Data, ServeCommand.Config, tenant,
        };
        import.SetAction((line, cancellation) => RingbackCommand.RunAsync(() => ImportAsync(line, cancellation)));
        return new Command("settings", "The settings of all queues.") { export, import };
    }

    private static async Task<int> ExportAsync(ParseResult line, CancellationToken cancellation)
    {
        var (path, form) = (line.GetRequiredValue(file), FormatOf(line));
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var text = SettingsTable.Write(await site.Get<IQueueStore>().ListAsync(await TenantAsync(site, line)), form);
        if (path == "-") await Console.Out.WriteAsync(text.AsMemory(), cancellation);
        // With a byte order mark, as the server's own export: spreadsheets look for it.
        else await File.WriteAllTextAsync(path, text, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: form == SettingsFormat.Csv), cancellation);
        return 0;
    }

    private static async Task<int> ImportAsync(ParseResult line, CancellationToken cancellation)
    {
        // Read before the database is opened: standard input may take its time, and the file is locked meanwhile.
        var table = SettingsTable.Read(await ReadAsync(line.GetRequiredValue(file), cancellation), FormatOf(line));
        await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
        var answer = await site.Get<SettingsImport>().RunAsync(await TenantAsync(site, line), table, OfflineSite.Actor, line.GetValue(dryRun));
        if (answer.Fault is { } fault)
        {
            if (fault.Mistakes.Count == 0) throw new CommandException(fault.Detail);
            foreach (var mistake in fault.Mistakes) await Console.Error.WriteLineAsync($"ringback: {mistake.Sentence}");
            await Console.Error.WriteLineAsync("ringback: Nothing was imported.");
            return 1;
        }
        foreach (var queue in answer.Value.Queues) Console.WriteLine(Describe(queue));
        Console.WriteLine(line.GetValue(dryRun) ? "Nothing was written: dry run." : $"{answer.Value.Written.Count} of {answer.Value.Queues.Count} queues were written.");
        return 0;
    }

    private static string Describe(ImportedQueue queue) => queue.Action switch
    {
        ImportAction.Unchanged => $"{queue.Queue}: unchanged",
        ImportAction.Added => $"{queue.Queue}: added",
        _ => $"{queue.Queue}: {string.Join(", ", queue.Changes.Select(c => $"{c.Field} {c.From?.GetRawText() ?? "none"} → {c.To?.GetRawText() ?? "none"}"))}",
    };

    private static SettingsFormat FormatOf(ParseResult line) => (line.GetValue(format), Path.GetExtension(line.GetRequiredValue(file)).ToUpperInvariant()) switch
    {
        ({ } given, _) => given,
        (_, ".CSV") => SettingsFormat.Csv,
        (_, ".JSON") => SettingsFormat.Json,
        _ => throw new CommandException("The name of the file says neither .csv nor .json. Name the form with --format."),
    };

    /// <summary>One byte more than may be read is enough to be refused for its size.</summary>
    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        await using var source = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
        using var buffer = new MemoryStream();
        var chunk = new byte[81_920];
        for (int read; buffer.Length <= SettingsTable.MaxBytes && (read = await source.ReadAsync(chunk, cancellation)) > 0;) buffer.Write(chunk, 0, read);
        return buffer.ToArray();
    }

    private static Task<TenantId> TenantAsync(OfflineSite site, ParseResult line) =>
        TenantOption.FindAsync(site, line.GetRequiredValue(tenant));
}
