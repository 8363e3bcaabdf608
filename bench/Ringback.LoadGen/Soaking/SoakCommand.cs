using System.CommandLine;
using Ringback.Measuring;

namespace Ringback.LoadGen.Soaking;

/// <summary><c>loadgen soak</c>.</summary>
internal static class SoakCommand
{
    private static readonly Option<int> minutes = NumberOption.Of("--minutes", 10, 1, 60, "How long the stream lasts; start, settling and audit come on top.");
    private static readonly Option<int> seed = NumberOption.Of("--seed", 1, 0, 1_000_000, "Which sends meet a fault.");

    private static readonly Option<int?> rate = new("--pushes-per-second")
    {
        Description = "The rate, 10 to 5000. Without it: half of what a burst of 15 s at the start shows, cancels included.",
        HelpName = "N",
    };

    public static Command Create(Option<string?> postgres, Option<string?> results)
    {
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 10 or > 5_000) result.AddError("--pushes-per-second takes a number from 10 to 5000.");
        });
        var command = new Command("soak", "A steady stream of pushes through the real server and the real emulator, with 5 % faults, a clean restart after a third of the time and a kill -9 after two thirds; then the audit.")
        {
            minutes, rate, seed, postgres, results,
        };
        command.SetAction(async (line, _) =>
        {
            var options = new SoakOptions(TimeSpan.FromMinutes(line.GetValue(minutes)), line.GetValue(rate), line.GetValue(postgres), line.GetValue(seed));
            if (await new SoakRun(options, Console.Out).RunAsync() is not { } result) return 1;
            result.Print(Console.Out);
            if (line.GetValue(results) is { } folder) Console.WriteLine($"written to {result.Write(folder)}");
            return result.IsGood ? 0 : 1;
        });
        return command;
    }
}
