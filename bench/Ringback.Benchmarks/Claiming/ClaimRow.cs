using System.Diagnostics;
using System.Globalization;
using Ringback.Measuring;

namespace Ringback.Benchmarks.Claiming;

/// <summary>What the row is asked to do.</summary>
/// <param name="Postgres">Connection string of an empty PostgreSQL database, or null for SQLite.</param>
/// <param name="Rows">Finished pushes in the one of the two databases.</param>
/// <param name="InOutbox">Whether they lie in the outbox although there is a history: pushes that are over and were not moved yet.</param>
/// <param name="Limit">No more filling after this.</param>
internal sealed record ClaimOptions(string? Postgres, int Rows, bool InOutbox, TimeSpan Limit)
{
    public string Database => Postgres is null ? "sqlite" : "postgresql";
}

/// <summary>
/// Row <i>Claim with ten million finished pushes</i>: the product's own claim on two databases that differ in nothing but the finished pushes, in turn; and what the database says it reads for it.
/// </summary>
internal static class ClaimRow
{
    private const int Pairs = 7;

    public static async Task<BenchResult?> RunAsync(ClaimOptions options, TextWriter screen)
    {
        var folder = Directory.CreateTempSubdirectory("ringback-bench-").FullName;
        try
        {
            await using var none = await ClaimDatabase.CreateAsync(options, folder, isExtra: true);
            await using var full = await ClaimDatabase.CreateAsync(options, folder, isExtra: false);
            var finished = new FinishedPushes(options, await full.HasHistoryAsync() && !options.InOutbox ? FinishedPushes.History : FinishedPushes.Outbox);
            if (!finished.HasRoom(folder, screen)) return null;
            foreach (var database in (ClaimDatabase[])[none, full]) await database.AddPendingAsync();
            var started = Stopwatch.GetTimestamp();
            if (!await finished.AddAsync(full, screen)) return null;
            var filling = Stopwatch.GetElapsedTime(started);
            foreach (var database in (ClaimDatabase[])[none, full]) await database.AnalyzeAsync();
            return await MeasureAsync(options, none, full, new()
            {
                ["database"] = options.Database,
                ["finished pushes"] = Text($"{options.Rows} in {finished.Table}, of the tenant whose pushes are claimed, written in {filling.TotalSeconds:0} s"),
            });
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<BenchResult> MeasureAsync(ClaimOptions options, ClaimDatabase none, ClaimDatabase full, Dictionary<string, string> notes)
    {
        var (ours, theirs) = (new List<ClaimTurn>(), new List<ClaimTurn>());
        for (var pair = -1; pair < Pairs; pair++)
        {
            // Round −1 warms up, and is as long as the others.
            var (without, with) = (await none.TurnAsync(), await full.TurnAsync());
            if (pair < 0) continue;
            ours.Add(with);
            theirs.Add(without);
        }
        notes["a look for credentials with due pushes"] = Text(
            $"{Figures.Median(ours.Select(t => t.LookMicroseconds)):0} µs with them, {Figures.Median(theirs.Select(t => t.LookMicroseconds)):0} µs without; ratio {Figures.Median(ours.Select(t => t.LookMicroseconds)) / Figures.Median(theirs.Select(t => t.LookMicroseconds)):0.00}");
        var (planWith, planWithout) = (await full.PlanAsync(), await none.PlanAsync());
        var complaints = planWith.ComplaintsAgainst(planWithout);
        notes["work of one claim"] = Text($"{planWith.Work} with them, {planWithout.Work} without ({planWith.WorkIs})");
        notes["plan"] = complaints.Count == 0 ? "good: only pending pushes are read" : "NOT GOOD: " + string.Join("; ", complaints);
        for (var line = 0; line < planWith.Lines.Count; line++) notes[Text($"  {line + 1,2}")] = planWith.Lines[line];
        return new BenchResult(
            Text($"Claim of {ClaimDatabase.Batch} pushes beside {options.Rows} finished ones"), "ms a claim", [.. ours.Select(t => t.ClaimMilliseconds)], "beside none", [.. theirs.Select(t => t.ClaimMilliseconds)], "≤ 1.25 ×")
        {
            Notes = notes,
            IsGood = complaints.Count == 0,
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
