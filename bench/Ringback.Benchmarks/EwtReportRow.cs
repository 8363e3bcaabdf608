using System.Diagnostics;
using Ringback.Engine.Queues;

namespace Ringback.Benchmarks;

/// <summary>Row <i>EWT report</i>: the cost of a report must follow the callbacks that cross, not the length of the line.</summary>
internal static class EwtReportRow
{
    private const int Rounds = 7;
    private const int Reports = 80;
    private const int Crossing = 10;

    public static async Task<BenchResult> RunAsync()
    {
        var (many, few) = (new List<double>(), new List<double>());
        await MicrosecondsAsync(1_000); // Warms the JIT.
        for (var round = 0; round < Rounds; round++)
        {
            many.Add(await MicrosecondsAsync(100_000));
            few.Add(await MicrosecondsAsync(1_000));
        }
        return new BenchResult("EWT report, 100 000 waiting, 10 cross", "µs a report", many, "1 000 waiting, 10 cross", few, "≤ 3 ×");
    }

    private static async Task<double> MicrosecondsAsync(int waiting)
    {
        var store = new NoStore(new QueueSettings { OneActivePerNumber = false, MaxCreatesPerNumberPerHour = 0, MaxCreatesPerMinute = 0, BusinessHours = BenchQueue.Hours });
        using var owner = await BenchQueue.FilledAsync(store, waiting);
        GC.Collect();
        var started = Stopwatch.GetTimestamp();
        for (var report = 1; report <= Reports; report++)
        {
            // Places up to 10·report have a wait below five minutes.
            await owner.ReportAsync(BenchQueue.Report(300.0 / ((Crossing * report) + 0.5)));
        }
        var elapsed = Stopwatch.GetElapsedTime(started);
        await owner.DrainAsync();
        if (store.PushesDecided != Reports * Crossing) throw new InvalidOperationException($"{store.PushesDecided} pushes were decided instead of {Reports * Crossing}.");
        return elapsed.TotalMicroseconds / Reports;
    }
}
