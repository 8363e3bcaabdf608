using System.CommandLine;
using Ringback.Measuring;

namespace Ringback.LoadGen.Fairness;

/// <summary><c>loadgen fairness</c>.</summary>
internal static class FairnessCommand
{
    private static readonly Option<int> pairs = NumberOption.Of("--pairs", 4, 1, 10, "Turns of each kind under the quota.");
    private static readonly Option<int> seconds = NumberOption.Of("--seconds", 6, 2, 30, "Length of a turn.");
    private static readonly Option<int> quiet = NumberOption.Of("--quiet-per-second", 100, 20, 1_000, "Pushes a second of the quiet one, whose latency is measured.");
    private static readonly Option<int> flood = NumberOption.Of("--flood", 100_000, 2_000, 1_000_000, "Pushes of the flood: spread over the pairs, and all at once in the end.");
    private static readonly Option<int> perSecond = NumberOption.Of("--flood-per-second", 2_500, 50, 10_000, "Quota of each credential, so that the flood leaves room on the machine.");
    private static readonly Option<bool> apps = new("--apps") { Description = "Three Firebase apps of one tenant instead of three tenants." };

    public static Command Create(Option<string?> postgres, Option<string?> results)
    {
        var command = new Command("fairness", "A quiet stream of pushes alone, beside a flood, and beside a key that is refused, in turn: is it slowed? Then once on a machine that the flood saturates.")
        {
            pairs, seconds, quiet, flood, perSecond, apps, postgres, results,
        };
        command.SetAction(async (line, _) =>
        {
            var options = new FairnessOptions
            {
                Pairs = line.GetValue(pairs),
                Seconds = line.GetValue(seconds),
                QuietPerSecond = line.GetValue(quiet),
                Flood = line.GetValue(flood),
                FloodPerSecond = line.GetValue(perSecond),
                AreApps = line.GetValue(apps),
                Postgres = line.GetValue(postgres),
            };
            var result = await new FairnessRun(options, Console.Out).RunAsync();
            result.Print(Console.Out);
            if (line.GetValue(results) is { } folder) Console.WriteLine($"written to {result.Write(folder)}");
            return result.Holds ? 0 : 1;
        });
        return command;
    }
}
