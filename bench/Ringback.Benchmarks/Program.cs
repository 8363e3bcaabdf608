using System.CommandLine;
using Ringback.Benchmarks;
using Ringback.Benchmarks.Claiming;
using Ringback.Measuring;

// One command per row of the goals table. Each measures Ringback and its peer in the same run, in turn, and prints a ratio of medians.
var results = new Option<string?>("--results") { Description = "Folder for the result as JSON.", HelpName = "DIR" };
var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty PostgreSQL database; without it the row runs on SQLite.", HelpName = "TEXT" };
var root = new RootCommand("Ringback's own measurements.")
{
    Claim(),
    Row("ewt-report", "One EWT report with 100 000 and with 1 000 callbacks waiting, 10 crossing the threshold.", _ => EwtReportRow.RunAsync()),
    Row("memory", "Memory of a waiting callback at 100 000.", _ => MemoryRow.RunAsync()),
    Row("create", "Durable creates over HTTP against single-row commits.", line => CreateRow.RunAsync(line.GetValue(postgres))),
    Row("start", "Loading waiting callbacks against a bare reader of the same rows.", line => StartRow.RunAsync(line.GetValue(postgres))),
};
return await root.Parse(args).InvokeAsync();

Command Row(string name, string description, Func<ParseResult, Task<BenchResult>> run)
{
    var command = new Command(name, description) { results, postgres };
    command.SetAction(async (line, _) =>
    {
        var result = await run(line);
        result.Print(Console.Out);
        if (line.GetValue(results) is { } folder) result.Write(folder, name);
        return 0;
    });
    return command;
}

Command Claim()
{
    var rows = NumberOption.Of("--rows", 1_000_000, 1_000, 20_000_000, "Finished pushes beside those that are claimed.");
    var minutes = NumberOption.Of("--minutes", 8, 1, 60, "No more filling after this; what is not whole by then is no result.");
    var inOutbox = new Option<bool>("--in-outbox") { Description = "Leave the finished pushes in the outbox, as if nothing had moved them to the history yet." };
    var command = new Command("claim", "Claiming due pushes beside millions of finished ones and beside none, in turn, and the database's plan. On PostgreSQL the user must be able to make a second database.")
    {
        rows, minutes, inOutbox, results, postgres,
    };
    command.SetAction(async (line, _) =>
    {
        var options = new ClaimOptions(line.GetValue(postgres), line.GetValue(rows), line.GetValue(inOutbox), TimeSpan.FromMinutes(line.GetValue(minutes)));
        if (await ClaimRow.RunAsync(options, Console.Out) is not { } result) return 1;
        result.Print(Console.Out);
        if (line.GetValue(results) is { } folder) result.Write(folder, options.InOutbox ? "claim-in-outbox" : "claim");
        return result.IsGood ? 0 : 1;
    });
    return command;
}
