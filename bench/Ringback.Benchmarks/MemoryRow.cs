using Ringback.Engine.Queues;

namespace Ringback.Benchmarks;

/// <summary>Row <i>Memory per waiting callback at 100 000</i>.</summary>
internal static class MemoryRow
{
    private const int Waiting = 100_000;

    public static async Task<BenchResult> RunAsync()
    {
        var bytes = new List<double>();
        for (var round = 0; round < 5; round++) bytes.Add(await BytesAsync());
        return new BenchResult("Memory of a waiting callback at 100 000", "bytes", bytes, "1 KiB", [1_024], "< 1 ×");
    }

    /// <summary>A method of its own, so that nothing of one round is still referred to in the next.</summary>
    private static async Task<double> BytesAsync()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var owner = await BenchQueue.FilledAsync(new NoStore(new QueueSettings { MaxCreatesPerMinute = 0, BusinessHours = BenchQueue.Hours }), Waiting);
        await owner.DrainAsync();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Waiting;
        GC.KeepAlive(owner);
        return bytes;
    }
}
